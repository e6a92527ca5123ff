"""The text a project is found by (检索文本)."""

from projects.models import Project
from projects.pinyin import found_by


def search_text_for(project: Project) -> str:
    """For `search_text`: name, code and firm as they are written and as they sound."""
    return found_by(project.name, project.code, project.developer)
