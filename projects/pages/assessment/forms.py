"""Forms of assessment (考核): schemes and their items, rounds, points by hand, appeals."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from projects.models import AssessmentEntry, AssessmentRound, ScoringItem, ScoringScheme
from projects.queries.assessment.schemes import enforced_schemes
from projects.rules.scoring import ScoredPeriod

from ..base.fields import day_input


class ReadOnlyChecks:
    """What was typed is read here; whether it may stand is the service's word, on the whole row."""

    def _post_clean(self) -> None:
        pass


class SchemeCreateForm(ReadOnlyChecks, forms.ModelForm):
    """A new version: year, whom it assesses, and the version whose items it starts from."""

    based_on = forms.ModelChoiceField(
        label="沿用",
        queryset=ScoringScheme.objects.all(),
        required=False,
        empty_label="不沿用，从空白开始",
        help_text="考核项和各项规则照抄，再逐项修改。",
    )

    class Meta:
        model = ScoringScheme
        fields: ClassVar = ["name", "year", "subject", "effective_on"]
        widgets: ClassVar = {"effective_on": day_input()}


class SchemeForm(ReadOnlyChecks, forms.ModelForm):
    """A draft's name, days and rules."""

    class Meta:
        model = ScoringScheme
        fields: ClassVar = [
            "name", "list_kind", "effective_on", "full_marks", "tie_rule", "least_projects", "small_rule",
            "appeal_days", "note",
        ]  # fmt: skip
        widgets: ClassVar = {
            "effective_on": day_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["list_kind"]
        kind.empty_label = "全部名单"


class ItemForm(ReadOnlyChecks, forms.ModelForm):
    """One item: its figure and how the figure becomes points."""

    class Meta:
        model = ScoringItem
        fields: ClassVar = [
            "name", "figure", "weight", "method", "zero_at", "full_at", "per_point", "floor", "cap", "note",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figure: Any = self.fields["figure"]
        figure.choices = [("", "请选择"), *ScoringItem.Figure.choices]


class DocumentForm(forms.Form):
    """The document by which a scheme is put in force."""

    document = forms.CharField(label="依据文件", max_length=120, help_text="批准方案的文号。")


class PublishForm(forms.Form):
    """The document with which scores are published."""

    document = forms.CharField(label="公布文件", max_length=120, required=False, help_text="文号，可不填。")


class PeriodField(forms.ChoiceField):
    """One of the periods offered; the cleaned value is a ScoredPeriod."""

    def offer(self, periods: list[ScoredPeriod]) -> None:
        self.choices = [(period.code, period.words) for period in periods]

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        try:
            return ScoredPeriod.parse(code)
        except ValueError as error:
            raise ValidationError("请选择考核期。") from error


class RoundForm(forms.Form):
    """A new assessment: which period, by which scheme."""

    period = PeriodField(label="考核期", help_text="只列已经结束的考核期。")
    scheme = forms.ModelChoiceField(
        label="考核方案",
        queryset=enforced_schemes(),
        empty_label="请选择",
        help_text="只列已批准执行的方案。",
    )

    def __init__(self, *args: Any, periods: list[ScoredPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period: Any = self.fields["period"]
        period.offer(periods)


class EntryForm(ReadOnlyChecks, forms.ModelForm):
    """Points given by hand to one unit."""

    class Meta:
        model = AssessmentEntry
        fields: ClassVar = ["item", "points", "reason", "document"]
        widgets: ClassVar = {"reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, round_: AssessmentRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = round_.scheme.items.filter(figure=ScoringItem.Figure.MANUAL)
        item: Any = self.fields["item"]
        item.queryset, item.empty_label = items, "请选择"
        bounds = [f"{one}{one.floor.normalize():f}至{one.highest.normalize():f}分" for one in items]
        self.fields["points"].help_text = "；".join(bounds).replace("-", "−")


class AppealForm(forms.Form):
    """A unit's objection to one item of its score."""

    item = forms.ModelChoiceField(label="考核项", queryset=ScoringItem.objects.none(), empty_label="请选择")
    reason = forms.CharField(label="申诉理由", max_length=400, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.CharField(label="佐证材料", max_length=200, help_text="文号或材料名称，原件报发改局。")

    def __init__(self, *args: Any, round_: AssessmentRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.queryset = round_.scheme.items.all()


class DecideAppealForm(forms.Form):
    """The office's word on an appeal; points only where it is accepted."""

    verdict = forms.ChoiceField(
        label="审定结果",
        choices=[("accept", "采纳，更正得分"), ("refuse", "不予采纳")],
        widget=forms.RadioSelect,
    )
    points = forms.DecimalField(
        label="更正后得分",
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text="采纳时填写该考核项的得分；公布的得分保留，更正列在旁边。",
    )
    decision = forms.CharField(label="审定意见", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
