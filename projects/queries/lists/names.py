"""Annual lists by the words people use for them (名单查找)."""

from projects.models import AnnualList, ListKind


def find_list_kind(text: str) -> ListKind | None:
    """The list kind a name or alias means (“技改项目” → 技改), by exact words; None when nothing matches."""
    words = text.strip()
    for kind in ListKind.objects.all():
        if words == kind.name or words in kind.aliases:
            return kind
    return None


def find_annual_list(text: str, year: int) -> AnnualList | None:
    """The list of a year by name or alias."""
    kind = find_list_kind(text)
    return AnnualList.objects.filter(kind=kind, year=year).select_related("kind").first() if kind else None
