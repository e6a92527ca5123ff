"""The request of a page behind the sign-in (请求): whose user is one of our people."""

from django.http import HttpRequest

from projects.models import User


class HouseRequest(HttpRequest):
    """What a view is given: the middleware lets nobody else in. A type alone, no request is ever made of it."""

    user: User
