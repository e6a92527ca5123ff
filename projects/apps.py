"""The application's name and place."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """重大项目推进."""

    name = "projects"
    label = "projects"
    verbose_name = "重大项目推进"
    default_auto_field = "django.db.models.BigAutoField"
