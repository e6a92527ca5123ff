"""Forms of ten-day reports (旬报)."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from projects.models import ProgressReport, Project
from projects.money import format_wan, parse_amount
from projects.periods import TenDayPeriod
from projects.queries.reports.rounds import MEND_WORDS
from projects.services.base.attachments import ACCEPT_PICTURES
from projects.services.reports.content import FACTS, ReportEntry, facts_of, report_warnings
from projects.services.reports.many import FilledRow
from projects.services.reports.period_sheet import PeriodRow

from ..base.fields import PicturesField, PicturesInput, WorkbookField, day_input

# --- reports --------------------------------------------------------------------------------------------

LARGEST = Decimal("99999999999999.99")


class AmountField(forms.CharField):
    """An amount in 万元 as people type it: 1,200；１２００；1.2亿元 (converted exactly)."""

    unit = "万元"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount is typed: 1,200 is 1200.00."""
        try:
            return initial != parse_amount(self.to_python(data) or None)
        except ValueError:
            return True

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            amount = parse_amount(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if amount is not None and abs(amount) > LARGEST:
            raise ValidationError("金额过大，请核对单位是否为万元。")
        return amount


class ReportForm(forms.Form):
    """What a reporter fills each period (填报旬报); a draft may lack anything.

    `base` is what was invested before this year, by which the total is worked out where it is left empty. `to_mend`
    names the fields a returned report came back for: those stand open, the others are folded away.
    """

    invested_this_year = AmountField(label="本年累计完成投资", required=False)
    invested_to_date = AmountField(label="自开工累计完成投资", required=False)
    physical_progress = forms.CharField(label="形象进度", required=False, max_length=200)
    work_done = forms.CharField(
        label="本旬进展", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_steps = forms.CharField(
        label="下步计划", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    pictures = PicturesField(
        label="现场照片",
        required=False,
        help_text="可多选；JPG、PNG、WEBP，每张不超过 20 MB，上传时自动去除拍摄位置等信息。",
        widget=PicturesInput(attrs={"accept": ACCEPT_PICTURES}),
    )
    overrule_reason = forms.CharField(
        label="情况说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="逐条说明上述提示的原因，随旬报一并报送。",
    )

    OWED = {
        "invested_this_year": "请填写本年累计完成投资；本年尚无投资的填 0。",
        "physical_progress": "请用一句话填写形象进度。",
    }
    MAIN = ("invested_this_year", "invested_to_date", "physical_progress", "work_done", "next_steps")

    def __init__(
        self,
        *args: Any,
        project: Project,
        period: TenDayPeriod,
        last: ProgressReport | None = None,
        base: Decimal | None = None,
        is_draft: bool = False,
        to_mend: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.to_mend = to_mend
        for name, sentence in self.OWED.items():
            self.fields[name].required = not is_draft
            self.fields[name].error_messages["required"] = sentence
        if base is not None:
            field = self.fields["invested_to_date"]
            field.widget.attrs["data-sum-of"] = "id_invested_this_year"
            field.widget.attrs["data-sum-base"] = f"{base:f}"
            field.help_text = (
                f"至{period.year - 1}年底累计 {format_wan(base)} 万元加本年累计；留空则自动合计。"
            )
        self.fields[
            "invested_this_year"
        ].help_text = f"自{period.year}年1月1日起的累计数，不是本旬数。可直接写“1.2亿元”。"
        self.fields["physical_progress"].help_text = "一句话写明工程到哪一步，如“主体施工至三层”。"
        if last:
            self._show_last(last)
        self.fact_names = [name for name in FACTS if getattr(project, name) is None]
        for name in self.fact_names:
            self.fields[name] = forms.DateField(
                label=FACTS[name],
                required=False,
                widget=day_input(),
            )

    def _show_last(self, last: ProgressReport) -> None:
        fields: dict[str, Any] = self.fields
        words = f"上期（{last.period.words}）"
        for name in ("invested_this_year", "invested_to_date"):
            amount = getattr(last, name)
            if amount is not None:
                fields[name].last = f"{words}{format_wan(amount)} 万元"
        for name, of_last in (
            ("physical_progress", f"{words}{last.physical_progress}" if last.physical_progress else ""),
            ("work_done", f"{words}下步计划：{last.next_steps}" if last.next_steps else ""),
        ):
            if of_last:
                fields[name].last = of_last

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields in the open: all, or those to be mended."""
        return [self[name] for name in self.MAIN if name in self._open_names]

    @property
    def settled_fields(self) -> list[forms.BoundField]:
        """The fields nobody asked to mend."""
        return [self[name] for name in self.MAIN if name not in self._open_names]

    @property
    def _open_names(self) -> set[str]:
        """The year's amount and the amount to date move together."""
        if not self.to_mend:
            return set(self.MAIN)
        paired = {"invested_to_date"} if "invested_this_year" in self.to_mend else set()
        return set(self.to_mend) | paired

    @property
    def settled_open(self) -> bool:
        """Whether their fold is to stand open: something is wrong there."""
        return any(field.errors for field in self.settled_fields)

    @property
    def asks_pictures(self) -> bool:
        return not self.to_mend or "photos" in self.to_mend

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fact_names]

    @property
    def fact_open(self) -> bool:
        """Whether the fold of dates is to stand open: something is typed or wrong there."""
        return "reported_facts" in self.to_mend or any(
            field.value() or field.errors for field in self.fact_fields
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, total = cleaned.get("invested_this_year"), cleaned.get("invested_to_date")
        if (
            total is None
            and amount is not None
            and self.base is not None
            and "invested_to_date" not in self.errors
        ):
            cleaned["invested_to_date"] = self.base + amount
        return cleaned

    def owe_reason(self) -> None:
        """From now on the explanation is shown as owed, because warnings stand above it."""
        self.fields["overrule_reason"].required = True

    def entry(self) -> ReportEntry:
        """The cleaned form as the service takes it."""
        given: Mapping[str, Any] = self.cleaned_data
        return ReportEntry(
            **{name: given[name] for name in self.MAIN},
            facts={name: given[name] for name in self.fact_names if given.get(name)},
        )


# --- a whole period ---------------------------------------------------------------------------------------


def _cell(label: str, rows: int, **attrs: Any) -> forms.Widget:
    """A cell of 一起填报: its own words for a screen reader, the form of the page."""
    given = {"form": "grid", "aria-label": label, "autocomplete": "off", **attrs}
    return forms.Textarea(attrs={**given, "rows": rows}) if rows else forms.TextInput(attrs=given)


class ReportRowForm(forms.Form):
    """One project's row of 一起填报; a cell left empty is owed only when the row is handed in."""

    invested_this_year = AmountField(
        label="本年累计完成投资",
        required=False,
        widget=_cell("本年累计完成投资", 0, inputmode="decimal", **{"class": "num"}),
    )
    physical_progress = forms.CharField(
        label="形象进度", required=False, max_length=200, widget=_cell("形象进度", 2)
    )
    work_done = forms.CharField(
        label="本旬进展", required=False, max_length=2000, widget=_cell("本旬进展", 2)
    )
    next_steps = forms.CharField(
        label="下步计划", required=False, max_length=2000, widget=_cell("下步计划", 2)
    )
    overrule_reason = forms.CharField(
        label="情况说明", required=False, max_length=300, widget=_cell("情况说明", 2, placeholder="情况说明")
    )
    SHOWN = ("invested_this_year", "physical_progress", "work_done", "next_steps")

    def __init__(self, data: Any = None, *, row: PeriodRow) -> None:
        self.row = row
        report, latest = row.report, row.known.latest
        initial = {name: getattr(report, name) for name in (*self.SHOWN, "overrule_reason")} if report else {}
        super().__init__(data, prefix=row.project.code, initial=initial)
        last = {
            "invested_this_year": row.known.last and row.known.last.invested_this_year,
            "physical_progress": latest and latest.physical_progress,
        }
        for name, value in last.items():
            if value is not None:
                shown = self.fields[name].prepare_value(value)
                self.fields[name].widget.attrs |= {"data-last": shown, "placeholder": shown}

    @property
    def warnings(self) -> list[str]:
        """What is to be explained: the warnings just raised, else those of the draft."""
        return report_warnings(self.entry(), self.row.project, self.row.known) if self._is_filled else []

    @property
    def _is_filled(self) -> bool:
        """Whether the row says something of itself that can be judged."""
        if self.is_bound:
            return self.is_valid() and self.cleaned_data["invested_this_year"] is not None
        return self.row.report is not None and self.row.report.invested_this_year is not None

    def hidden(self) -> SafeString:
        """What goes with the row unseen: whose it is, the version the person started from, warnings that were read."""
        sent = self.data.get(self.add_prefix("version")) if self.is_bound else None
        fields = [
            ("row", self.row.project.code),
            (self.add_prefix("version"), sent or self.row.version),
            *((self.add_prefix("seen"), words) for words in self.warnings),
        ]
        return format_html_join("", '<input type="hidden" form="grid" name="{}" value="{}">', fields)

    def entry(self) -> ReportEntry:
        """The row as the service takes it: what it does not show stays as the report has it."""
        report = self.row.report
        values: Mapping[str, Any] = (
            self.cleaned_data if self.is_bound else {name: getattr(report, name) for name in self.SHOWN}
        )
        shown = {name: values[name] for name in self.SHOWN}
        return ReportEntry(
            **shown, invested_to_date=self._to_date(values["invested_this_year"]), facts=facts_of(report)
        )

    def _to_date(self, amount: Decimal | None) -> Decimal | None:
        """自开工累计 follows the year's amount: by what the report itself implies, else by what stood before the year.

        Where neither says anything, what was typed on the whole form stays.
        """
        report = self.row.report
        if report is None or report.invested_to_date is None:
            return self.row.known.to_date(amount)
        if amount is None or report.invested_this_year is None:
            return report.invested_to_date
        return report.invested_to_date - report.invested_this_year + amount

    def filled(self) -> FilledRow:
        """The valid row as the service takes it."""
        given: Any = self.data
        return FilledRow(
            self.row.project,
            self.entry(),
            overrule_reason=self.cleaned_data["overrule_reason"],
            overruled=tuple(given.getlist(self.add_prefix("seen"))),
            version=given.get(self.add_prefix("version")),
        )


class PeriodSheetForm(forms.Form):
    """A filled sheet to be uploaded (上传填报表)."""

    file = WorkbookField(
        label="填好的填报表",
        help_text="xlsx 文件，不超过 20 MB；须为本页下载的填报表。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et"}),
    )


class ReturnReportForm(forms.Form):
    """Why a report goes back (退回), and which of its fields are to be mended."""

    to_mend = forms.MultipleChoiceField(
        label="需要修改的内容",
        choices=list(MEND_WORDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选后填报人只需修改所选内容；不勾选则全部可改。",
    )
    reason = forms.CharField(
        label="退回原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="填报人按此修改，请写明哪一项有什么问题。",
    )


class ReopenReportForm(ReturnReportForm):
    """Why a confirmed report is opened again (重新打开)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "更正原因"
        self.fields["reason"].help_text = "写明哪一项有误、依据什么更正，记入旬报轮次和操作记录。"


# --- reopenings -----------------------------------------------------------------------------------------


class ReopeningForm(forms.Form):
    """A locked period to open again (重新开放), for one project or all; `periods` are those that are locked."""

    period = forms.ChoiceField(label="旬", help_text="只列出填报期已过的旬。")
    project = forms.CharField(
        label="项目",
        required=False,
        max_length=200,
        help_text="填项目全称或代码；不填则对全部项目开放。",
    )
    until_on = forms.DateField(label="开放至", widget=day_input())
    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明为何补报或更正，如“统计口径调整，各单位重新核报”。",
    )

    def __init__(self, *args: Any, periods: Iterable[TenDayPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["period"]
        field.choices = [(period.code, period.label) for period in periods]

    def clean_period(self) -> TenDayPeriod:
        return TenDayPeriod.parse(self.cleaned_data["period"])

    def clean_project(self) -> Project | None:
        """The project of that code or name; words that fit one project alone will do."""
        text = self.cleaned_data["project"].strip()
        if not text:
            return None
        exact = list(Project.objects.filter(Q(code=text) | Q(name=text))[:2])
        found = exact or list(Project.objects.search(text).order_by("code")[:2])
        if not found:
            raise ValidationError("没有找到该项目，请核对名称或代码。")
        if len(found) > 1:
            raise ValidationError("有多个项目符合，请填写完整的项目代码。")
        return found[0]


class CloseForm(forms.Form):
    """Why a reopening ends early (提前关闭)."""

    reason = forms.CharField(label="提前关闭的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
