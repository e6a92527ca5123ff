"""Data migrations, run on today's tables."""

from django.db import connection


class Editor:
    """What a data migration asks of a schema editor."""

    connection = connection
