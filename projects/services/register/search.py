"""The text a project is found by (检索文本)."""

from pypinyin import Style, lazy_pinyin

from projects.models import Project


def search_text_for(project: Project) -> str:
    """Name, code, firm and the pinyin initials of name and firm, in lower case (检索文本), for `search_text`."""
    initials = (
        "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)) for text in (project.name, project.developer)
    )
    return " ".join(
        part for part in (project.name, project.code, project.developer, *initials) if part
    ).lower()
