"""The catalogue of 用地一件事 from a sheet: every mistake at its place, all or nothing, nothing deleted."""

from io import BytesIO
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from projects.models import AuditRecord, LandClass, LandItem, PlotItem
from projects.services.imports.reader import UnreadableWorkbook
from projects.services.papers.land_catalogue import (
    HEADS,
    as_payload,
    compare_catalogue,
    find_cycle,
    fingerprint,
    from_payload,
    load_catalogue,
    read_catalogue,
    sheet_rows,
)
from tests.factories import NOW, make_plot, make_project, make_user

ROWS = [
    ["用地报批", "报批", "预审", "审批局", 10, "申请表", ""],
    ["用地报批", "报批", "征收", "镇办", 15, "", "预审"],
    ["土地供应", "供地", "出让", "资源局", None, "", "预审、征收"],
]


def workbook(rows, heads=HEADS, before=()) -> bytes:
    book = Workbook()
    for row in (*before, heads, *rows):
        book.active.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def changed(row: int, **cells) -> list[list]:
    rows = [list(cells_of) for cells_of in ROWS]
    for head, value in cells.items():
        rows[row][HEADS.index(head) if head in HEADS else int(head[1:])] = value
    return rows


def mistakes(rows, **kwargs) -> list[tuple[int, str, str]]:
    return [
        (found.row, found.column, found.message)
        for found in read_catalogue(workbook(rows, **kwargs)).mistakes
    ]


class TestReading:
    def test_rows_are_read_by_heads_beneath_a_title_in_any_order(self):
        order = [6, 2, 0, 1, 3, 4, 5]
        rows = [[row[place] for place in order] for row in ROWS]
        content = workbook(
            rows, heads=[HEADS[place] for place in order], before=[["淄博高新区用地事项目录"], []]
        )
        reading = read_catalogue(content)
        assert not reading.mistakes
        assert [(row.row, row.name, row.limit_days, row.before) for row in reading.rows] == [
            (4, "预审", 10, ()),
            (5, "征收", 15, ("预审",)),
            (6, "出让", None, ("预审", "征收")),
        ]

    @pytest.mark.parametrize(
        ("rows", "row", "column", "words"),
        [
            (changed(0, 阶段="报批阶段"), 2, "A", "没有“报批阶段”"),
            (changed(0, 阶段=""), 2, "A", "不能为空"),
            (changed(1, 类别=""), 3, "B", "不能为空"),
            (changed(2, 事项名称=""), 4, "C", "不能为空"),
            (changed(2, 事项名称="出让、交地"), 4, "C", "不能含顿号"),
            (changed(2, 事项名称="预审"), 4, "C", "与第2行重复"),
            (changed(2, 事项名称="字" * 81), 4, "C", "超过80字"),
            (changed(1, _4="①"), 3, "E", "应为1至999的整数"),
            (changed(1, _4="²"), 3, "E", "应为1至999的整数"),
            (changed(1, _4="十天"), 3, "E", "应为1至999的整数"),
            (changed(1, _4=0), 3, "E", "应为1至999的整数"),
            (changed(1, _4=2.5), 3, "E", "应为1至999的整数"),
            (changed(1, _4=-3), 3, "E", "应为1至999的整数"),
            (changed(1, 前置事项="不存在的事项"), 3, "G", "表内没有“不存在的事项”"),
            (changed(1, 前置事项="征收"), 3, "G", "形成循环（征收 → 征收）"),
            (changed(2, 类别="报批"), 4, "B", "一个类别只能属一个阶段"),
        ],
    )
    def test_each_mistake_is_named_at_its_row_and_column(self, rows, row, column, words):
        found = mistakes(rows)
        assert any((at, letter) == (row, column) and words in message for at, letter, message in found), found

    def test_a_circle_is_named(self):
        found = mistakes(changed(0, 前置事项="出让"))
        assert (2, "G", "前置事项：互为前置，形成循环（预审 → 出让 → 预审）") in found

    def test_all_mistakes_come_at_once_in_the_order_of_the_sheet(self):
        rows = changed(0, 阶段="甲", _4="乙")
        rows[2][6] = "丙"
        assert [(row, column) for row, column, _message in mistakes(rows)] == [(2, "A"), (2, "E"), (4, "G")]

    def test_a_stage_misspelt_does_not_blame_the_other_rows_of_its_class(self):
        assert len(mistakes(changed(0, 阶段="报批"))) == 1

    def test_heads_missing_or_twice_and_empty_sheets(self):
        assert mistakes(ROWS, heads=[*HEADS[:6], "备注"])[0][2] == "缺少表头：前置事项"
        assert "表头重复" in mistakes([[*row, ""] for row in ROWS], heads=[*HEADS, "类别"])[0][2]
        assert mistakes([])[0][2] == "表头下没有事项"
        assert "超过500行" in mistakes(ROWS * 200)[0][2]
        with pytest.raises(UnreadableWorkbook, match="没有找到"):
            read_catalogue(workbook([], heads=["项目名称"]))
        with pytest.raises(UnreadableWorkbook):
            read_catalogue(b"no workbook")

    def test_merged_cells_count_for_each_of_their_rows(self):
        book = Workbook()
        for row in (HEADS, *changed(1, 阶段=None, 类别=None)):
            book.active.append(list(row))
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B2:B3")
        out = BytesIO()
        book.save(out)
        reading = read_catalogue(out.getvalue())
        assert not reading.mistakes and reading.rows[1].land_class == "报批"

    def test_rows_survive_being_carried(self):
        rows = read_catalogue(workbook(ROWS)).rows
        assert from_payload(as_payload(rows)) == rows


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_a_circle_is_found_exactly_where_there_is_one(pairs):
    before: dict[str, set[str]] = {str(node): set() for node in range(8)}
    for item, other in pairs:
        before[str(item)].add(str(other))
    cycle = find_cycle(before)
    if cycle:
        assert cycle[0] == cycle[-1]
        assert all(left in before[right] for left, right in pairwise(cycle))
    else:
        done: set[str] = set()
        while ready := {node for node, needs in before.items() if needs <= done} - done:
            done |= ready
        assert done == set(before)


@pytest.mark.django_db
class TestLoading:
    def load(self, rows, by, is_checked=False):
        reading = read_catalogue(workbook(rows))
        assert not reading.mistakes
        return load_catalogue(rows=reading.rows, is_checked=is_checked, source="目录.xlsx", by=by, now=NOW)

    def test_what_is_taken_away_reads_back_as_unchanged(self, office):
        rows = list(sheet_rows())
        assert len(rows) == 48
        reading = read_catalogue(workbook(rows))
        assert not reading.mistakes
        comparison = compare_catalogue(reading.rows)
        assert comparison.is_empty and comparison.unchanged == 48
        before = fingerprint()
        load_catalogue(rows=reading.rows, is_checked=False, source="目录.xlsx", by=office, now=NOW)
        assert fingerprint() == before and not AuditRecord.objects.exists()

    def test_ticked_as_checked_the_mark_goes(self, office):
        reading = read_catalogue(workbook(list(sheet_rows())))
        load_catalogue(rows=reading.rows, is_checked=True, source="目录.xlsx", by=office, now=NOW)
        assert not LandItem.objects.filter(is_checked=False).exists()
        assert AuditRecord.objects.filter(action="载入用地事项目录").count() == 48

    def test_a_new_sheet_takes_items_out_of_use_and_deletes_none(self, office):
        done = self.load(ROWS, office)
        assert (len(done.added), len(done.retired), done.unchanged) == (3, 48, 0)
        assert LandItem.objects.count() == 51
        active = LandItem.objects.filter(is_active=True)
        assert list(active.values_list("name", "position")) == [("预审", 1), ("征收", 2), ("出让", 3)]
        assert sorted(LandItem.objects.values_list("position", flat=True)) == list(range(1, 52))
        assert sorted(LandClass.objects.values_list("position", flat=True)) == list(range(1, 12))
        names = active.get(name="出让").predecessors.values_list("name", flat=True)
        assert set(names) == {"预审", "征收"}

    def test_again_it_is_unchanged_and_items_come_back(self, office):
        shipped = list(sheet_rows())
        self.load(ROWS, office)
        assert self.load(ROWS, office).is_empty
        back = self.load(shipped, office)
        assert (len(back.revived), len(back.retired), len(back.added)) == (48, 3, 0)
        assert list(sheet_rows()) == shipped

    def test_changes_are_said_and_only_they_need_checking_anew(self, office):
        self.load(ROWS, office, is_checked=True)
        rows = changed(1, 办理单位="属地镇办", _4=20)
        rows[2][6] = "征收"
        done = self.load(rows, office)
        assert {found.name: [head for head, _old, _new in found.changes] for found in done.changed} == {
            "征收": ["办理单位", "办理时限（工作日）"],
            "出让": ["前置事项"],
        }
        checked = dict(LandItem.objects.filter(is_active=True).values_list("name", "is_checked"))
        assert checked == {"预审": True, "征收": False, "出让": False}
        entry = AuditRecord.objects.filter(object_text="出让").first()
        assert "前置事项：征收、预审 → 征收" in entry.reason

    def test_another_order_is_a_change(self, office):
        self.load(ROWS, office)
        rows = [ROWS[0], ROWS[2], ROWS[1]]
        assert {found.name for found in self.load(rows, office).changed} == {"征收", "出让"}

    def test_unfinished_plots_get_the_new_items_and_keep_what_was_done(self, office):
        finished, open_plot = make_plot(make_project()), make_plot(make_project())
        finished.items.update(state="not_needed", note="存量用地")
        begun = open_plot.items.first()
        PlotItem.objects.filter(pk=begun.pk).update(state="running", started_on=NOW.date())
        self.load(ROWS, office)
        assert open_plot.items.count() == 51
        assert finished.items.count() == 48
        live = set(open_plot.items.live().values_list("item__name", flat=True))
        assert live == {"预审", "征收", "出让", begun.item.name}

    def test_the_office_alone_and_never_nothing(self, office):
        with pytest.raises(PermissionDenied):
            self.load(ROWS, make_user("administrator"))
        with pytest.raises(ValidationError, match="没有事项"):
            load_catalogue(rows=[], is_checked=True, source="空.xlsx", by=office, now=NOW)
        assert LandItem.objects.filter(is_active=True).count() == 48
