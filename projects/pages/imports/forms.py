"""Forms of imports (台账导入): the upload, answers and mended cells, the columns of a sheet, the tick that confirms."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms

from projects.models import ListKind, SenderAnswer
from projects.services.imports import Mended
from projects.services.imports.staging.columns import FIELDS, KEEP, label_of
from projects.services.imports.staging.questions import ANY_DAY, COLUMN, ROW
from projects.services.imports.staging.staged import KIND_WORDS

from ..base.fields import DayField, WorkbookField


class UploadForm(forms.Form):
    """A workbook and what the sender did not write into it (上传台账)."""

    file = WorkbookField(
        label="台账文件",
        help_text="xlsx、xls、et 文件，20MB 以内，可含多张工作表：台账、节点计划、投资调度、问题清单、指标、招商项目、领导和单位名册、项目位置。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et"}),
    )
    list = forms.ModelChoiceField(
        ListKind.objects.all(),
        label="所属名单",
        to_field_name="name",
        required=False,
        empty_label="由表题、表名判断",
        help_text="表题、表名都未写明名单时选择。",
    )
    year = forms.IntegerField(
        label="年度", required=False, min_value=2000, max_value=2099, help_text="不填则由表题、表头判断。"
    )
    sender = forms.CharField(
        label="填报单位",
        required=False,
        max_length=80,
        help_text="表内未写“填报单位”时填写。对问题的回答按填报单位记住，下次同一单位的表沿用。",
    )
    unit = forms.ChoiceField(
        label="金额单位",
        required=False,
        choices=[("", "以表内写明的为准"), ("万元", "万元"), ("亿元", "亿元")],
        help_text="表内没有写明单位时选择。",
    )

    def options(self) -> dict[str, Any]:
        """What the import is told, as the batch keeps it."""
        data = self.cleaned_data
        return {
            "list": data["list"].name if data.get("list") else None,
            "year": data.get("year"),
            "unit": data.get("unit") or None,
            "sender": data.get("sender") or None,
        }


class ConfirmForm(forms.Form):
    """The tick under the questions (确认提示)."""

    accept_warnings = forms.BooleanField(label="以上提示已核对，确认导入", required=False)


def key_of(prefix: str, *what: object) -> str:
    """A field's name that any words can stand behind."""
    return f"{prefix}-{sha256('|'.join(map(str, what)).encode()).hexdigest()[:12]}"


ROW_WORDS = {
    "project": "项目",
    "package": "打捆项目（包）",
    "part": "包内子项目",
    "class": "类别行",
    "total": "合计行",
    "note": "说明",
}


def choice_words(kind: str, choice: str) -> str:
    """How a person reads a choice of a question: a field by its label, a kind of row by its name."""
    if kind == COLUMN:
        return label_of(choice)
    return ROW_WORDS.get(choice, choice) if kind == ROW else choice


def field_choices(kind: str) -> list[tuple[str, Any]]:
    """The fields that a header may mean, by their labels: those of the sheet's own kind first."""
    own = [(field.name, field.label) for field in FIELDS if kind in field.kinds]
    others = [(field.name, field.label) for field in FIELDS if kind not in field.kinds]
    groups: list[tuple[str, Any]] = [("字段", others)]
    if own:
        groups = [(f"{KIND_WORDS[kind]}的字段", own), ("其他表的字段", others)]
    return [*groups, ("不导入", [(KEEP, label_of(KEEP))])]


OTHER_DAY = "other"


class AnswersForm(forms.Form):
    """The questions of a batch (回答问题) and the cells that could not be read (更正), as the result of its reading."""

    remember = forms.BooleanField(
        label="记住这些回答，下次同一填报单位的表沿用", required=False, initial=True
    )

    def __init__(self, result: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.broken: list[tuple[str, dict[str, Any]]] = []
        remembered = result.get("remembered", {})
        for question in result.get("questions", []):
            self._ask(question, remembered.get(question["id"], ""))
        for cell in cells_to_mend(result):
            name = key_of("cell", cell["sheet"], cell["row"], cell["column"])
            self.fields[name] = forms.CharField(
                label=f"第{cell['row']}行“{cell['header']}”改为",
                required=False,
                max_length=300,
                initial=cell["value"],
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            self.broken.append((name, cell))
        if not (self.asked and result.get("sender")):
            del self.fields["remember"]

    def _ask(self, question: dict[str, Any], remembered_on: str) -> None:
        name, kind = key_of("answer", question["id"]), question["kind"]
        ordered = sorted(question["choices"], key=lambda choice: choice != question["likely"])
        choices = [
            (choice, choice_words(kind, choice) + ("（最可能）" if choice == question["likely"] else ""))
            for choice in ordered
        ]
        answer, known = question["answer"], dict(choices)
        if kind in ANY_DAY:
            choices.append((OTHER_DAY, "其他日期"))
        day = kind in ANY_DAY and answer and answer not in known
        self.fields[name] = forms.ChoiceField(
            label=question["text"],
            choices=choices,
            required=False,
            initial=OTHER_DAY if day else answer,
            widget=forms.RadioSelect,
            help_text=f"沿用{remembered_on}的回答，可改。" if remembered_on and answer else "",
        )
        if kind in ANY_DAY:
            other = date.fromisoformat(answer) if day else None
            self.fields[f"{name}-day"] = DayField(label="其他日期", required=False, initial=other)
        self.asked.append((name, question))

    @property
    def questions(self) -> list[dict[str, Any]]:
        """For the template: each question with its fields."""
        return [
            {
                "question": question,
                "field": self[name],
                "day": self[f"{name}-day"] if f"{name}-day" in self.fields else None,
            }
            for name, question in self.asked
        ]

    @property
    def cells(self) -> list[dict[str, Any]]:
        """For the template: each cell in error with its field."""
        return [{**cell, "field": self[name]} for name, cell in self.broken]

    def clean(self) -> None:
        super().clean()
        for name, _ in self.asked:
            if self.cleaned_data.get(name) == OTHER_DAY and not self.cleaned_data.get(f"{name}-day"):
                self.add_error(f"{name}-day", "请填写日期。")

    def answers(self) -> dict[str, str]:
        """What was answered anew, by the id of the question."""
        found = {}
        for name, question in self.asked:
            said = self.cleaned_data.get(name) or ""
            if said == OTHER_DAY:
                said = self.cleaned_data[f"{name}-day"].isoformat()
            if said and said != question["answer"]:
                found[question["id"]] = said
        return found

    def mended(self) -> list[Mended]:
        """The cells that now say something else."""
        return [
            Mended(cell["sheet"], cell["row"], cell["index"], said, cell["header"], cell["value"])
            for name, cell in self.broken
            if (said := (self.cleaned_data.get(name) or "").strip()) != cell["value"]
        ]


MENDED_AT_ONCE = 200


def cells_to_mend(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The errors that stand in one cell: [{sheet, row, column, header, index, value, message}], a cell once."""
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for sheet in result.get("sheets", []):
        places = {
            column["head"]: column["index"] for column in sheet.get("columns", []) if column.get("head")
        }
        for error in sheet["errors"]:
            index = places.get(error["column"])
            if index is None or not error["row"]:
                continue
            cell = {**error, "sheet": sheet["sheet"], "header": error["column"], "index": index}
            found.setdefault((sheet["sheet"], error["row"], error["column"]), cell)
    return list(found.values())[:MENDED_AT_ONCE]


class ColumnsForm(forms.Form):
    """Each column of a sheet with the field it is read as (表头对应)."""

    remember = forms.BooleanField(
        label="记住这些对应，下次同一填报单位的表沿用", required=False, initial=True
    )

    def __init__(
        self,
        sheet: Mapping[str, Any],
        columns: Sequence[Mapping[str, Any]],
        sender: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.columns = sheet, columns
        choices = field_choices(sheet["kind"])
        for column in columns:
            now = column["label"] or "未识别，按其他列保留"
            self.fields[key_of("column", column["index"])] = forms.ChoiceField(
                label=f"“{column['header']}”读作", required=False, choices=[("", now), *choices]
            )
        if not sender:
            del self.fields["remember"]

    def fields_of_columns(self) -> dict[int, forms.BoundField]:
        return {column["index"]: self[key_of("column", column["index"])] for column in self.columns}

    def answers(self) -> dict[str, str]:
        """The columns read otherwise from now on, by the id of the question each answers."""
        return {
            f"{COLUMN}:{column['header']}": said
            for column in self.columns
            if (said := self.cleaned_data.get(key_of("column", column["index"]))) and said != column["field"]
        }


class SenderAnswerForm(forms.Form):
    """Another answer from now on (改答)."""

    to = forms.CharField(label="改为", max_length=160)

    def __init__(self, answer: SenderAnswer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].initial = answer.answer
        if answer.kind == COLUMN:
            self.fields["to"] = forms.ChoiceField(
                label="改为", choices=field_choices(""), initial=answer.answer
            )
