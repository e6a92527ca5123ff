"""The Django project: settings, addresses, the web entry and the Celery app with its timetable."""

from .celery import app as celery_app

__all__ = ["celery_app"]
