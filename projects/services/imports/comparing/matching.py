"""Which project a row means (匹配): by 项目代码, else by name and firm. Near matches are offered, never taken."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from projects.models import Project
from projects.rules import PROJECT_CODE

from ..staging.cells import match_key
from ..staging.headers import plain
from ..staging.staged import LEDGER, SheetPlace, StagedRow, StagedSheet

NEAR = 0.86
_LOOSE_ENDINGS = ("项目", "工程", "建设")


class Known:
    """A project on record or one that a ledger row of this file will create; `project` is set when loaded."""

    __slots__ = ("code", "developer", "name", "pk", "project", "written_name")

    def __init__(self, pk: int | None, code: str, name: str, developer: str):
        self.pk, self.code, self.project = pk, code, None
        self.written_name, self.name, self.developer = name, match_key(name), match_key(developer)

    @property
    def has_official_code(self) -> bool:
        return bool(PROJECT_CODE.fullmatch(self.code))


class Matcher:
    """Finds projects in memory: one query for the whole register, however many rows ask."""

    def __init__(self) -> None:
        self.by_code: dict[str, Known] = {}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_loose: dict[str, list[Known]] = defaultdict(list)
        self.by_developer: dict[str, list[Known]] = defaultdict(list)
        for pk, code, name, developer in Project.objects.values_list(
            "pk", "code", "name", "developer"
        ).iterator():
            self._remember(Known(pk, code, name, developer))

    def _remember(self, known: Known) -> Known:
        if known.code:
            self.by_code[code_key(known.code)] = known
        self.by_name[known.name].append(known)
        self.by_loose[_loose(known.name)].append(known)
        if known.developer:
            self.by_developer[known.developer].append(known)
        return known

    def match(self, sheets: Iterable[StagedSheet]) -> dict[SheetPlace, Known]:
        """The project of every row of the ledgers first, then of the other sheets; rows in error are left out."""
        found: dict[SheetPlace, Known] = {}
        for wanted in (True, False):
            for sheet in sheets:
                if (sheet.kind == LEDGER) is not wanted:
                    continue
                for row in sheet.rows:
                    if not row.get("name"):
                        continue
                    known = self._for_ledger(sheet, row) if wanted else self._by_reference(sheet, row)
                    if known:
                        found[sheet.at(row)] = known
        return found

    def _for_ledger(self, sheet: StagedSheet, row: StagedRow) -> Known:
        code, name, developer = row.get("code", ""), row.get("name"), row.get("developer", "")
        key, firm = match_key(name), match_key(developer)
        if code and (known := self.by_code.get(code)):
            if known.name != key and known.developer != firm:
                text = f"项目代码与已有项目“{known.written_name}”相同，名称和建设单位均不同，按同一项目处理"
                sheet.warn(row, "code", text, ask=True)
            return known
        if row.get("odd_code"):
            sheet.refuse(row, "code", "项目代码格式不符，应如 2103-370371-04-02-100074；没有代码请留空")
        same = [other for other in self.by_name.get(key, []) if other.developer == firm]
        without_code = [other for other in same if not (code and other.has_official_code)]
        if len(without_code) == 1:
            return without_code[0]
        self._offer(sheet, row, same, key, firm, code)
        return self._remember(Known(None, code, name, developer))

    def _offer(
        self, sheet: StagedSheet, row: StagedRow, same: list[Known], key: str, firm: str, code: str
    ) -> None:
        """Say which projects this row might be; it is taken as new all the same."""
        near = same or self.by_name.get(key, []) or self.by_loose.get(_loose(key), [])
        if not near and firm:
            near = [
                o
                for o in self.by_developer.get(firm, [])
                if SequenceMatcher(None, o.name, key).ratio() >= NEAR
            ]
        # two projects that both carry an official code are told apart by it
        near = [
            other for other in near if same or not (PROJECT_CODE.fullmatch(code) and other.has_official_code)
        ]
        if near:
            names = "、".join(f"“{other.written_name}”（{other.code or '无代码'}）" for other in near[:3])
            sheet.warn(
                row, "name", f"与{names}相近，按新项目登记；如为同一项目，请统一项目代码后再导入", ask=True
            )

    def _by_reference(self, sheet: StagedSheet, row: StagedRow) -> Known | None:
        """Other sheets only refer to projects: one must be meant, and it must be on record or in this file."""
        code, key, firm = row.get("code", ""), match_key(row.get("name")), match_key(row.get("developer", ""))
        if code and (known := self.by_code.get(code)):
            return known
        same = [other for other in self.by_name.get(key, []) if not firm or other.developer == firm]
        if len(same) == 1:
            return same[0]
        if len(same) > 1:
            codes = "、".join(other.code for other in same[:3])
            sheet.refuse(row, "name", f"有{len(same)}个同名项目（{codes}），请增加项目代码列或建设单位列")
            return None
        near = self.by_loose.get(_loose(key), [])
        hint = f"，相近的有“{near[0].written_name}”" if near else ""
        sheet.refuse(row, "name", f"台账中没有该项目{hint}，请核对名称，或先导入所在名单")
        return None


def code_key(code: str) -> str:
    """The form in which codes are compared."""
    return plain(code).replace("—", "-").replace("–", "-").upper()


def _loose(key: str) -> str:
    for ending in _LOOSE_ENDINGS:
        key = key.removesuffix(ending)
    return key
