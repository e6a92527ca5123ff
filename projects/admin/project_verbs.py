"""Pages for what happens to a row as a whole (办理): 责任交接, 状态变更, 更正日期, 单位更名; each calls its service."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .. import clock
from ..models import Handover, Official, Project, Unit
from ..services.register.handovers import hand_over
from ..services.register.projects import FACTS, correct_facts
from ..services.register.states import change_state
from ..services.register.units import rename_unit
from .base import Autocomplete, day_input


def _picker(name: str) -> Any:
    return Autocomplete(Handover._meta.get_field(name), admin.site)


class VerbForm(forms.Form):
    """A form that runs a service on a row; its refusals land on the fields they name."""

    title = ""
    hint = ""
    subject = "project"  # by what name the service knows the row
    call: ClassVar[Callable[..., Any]]

    def __init__(self, *args: Any, instance: Model, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance

    def run(self, **actor: Any) -> bool:
        """Call the service; False when it refused, the reasons then stand on the form."""
        try:
            self.call(**{self.subject: self.instance}, **actor, **self.arguments())
        except ValidationError as error:
            for name, texts in (
                error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
            ).items():
                self.add_error(self.field_for(name), texts)
            return False
        return True

    def arguments(self) -> dict[str, Any]:
        """What the form says, by the names of the service's arguments."""
        return self.cleaned_data

    def field_for(self, name: str | None) -> str | None:
        return name if name in self.fields else None


class AdminHandOverForm(VerbForm):
    title = "责任交接"
    hint = "挂包领导、推进部门、属地保障的变更按日期留痕；“6月30日由谁负责”以此为准。"
    call = staticmethod(hand_over)

    slot = forms.ChoiceField(label="责任类型", choices=Handover.Slot)
    official = forms.ModelChoiceField(
        Official.objects.filter(is_active=True),
        label="接任领导",
        required=False,
        help_text="责任类型为挂包领导时填写。",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.filter(is_active=True),
        label="接任单位",
        required=False,
        help_text="责任类型为推进部门、属地保障时填写。",
    )
    is_vacant = forms.BooleanField(label="暂缺", required=False, help_text="尚无接任者时勾选，该项即为缺项。")
    from_on = forms.DateField(label="接任日期", widget=day_input())
    document = forms.CharField(label="依据文件", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("official", "unit"):
            field: Any = self.fields[name]
            field.widget = _picker(name)
            field.widget.choices = field.choices

    @property
    def holder_field(self) -> str:
        return "official" if self.cleaned_data.get("slot") == Handover.Slot.SPONSOR else "unit"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "slot" not in cleaned:
            return cleaned
        other = "unit" if self.holder_field == "official" else "official"
        if cleaned.get(other):
            self.add_error(other, "与所选责任类型不符，请留空。")
        if (
            bool(cleaned.get(self.holder_field)) == bool(cleaned.get("is_vacant"))
            and self.holder_field not in self.errors
        ):
            self.add_error(self.holder_field, "请选择接任者，或勾选“暂缺”，二者取其一。")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "slot": given["slot"],
            "to": given[self.holder_field],
            "from_on": given["from_on"],
            "document": given["document"],
        }

    def field_for(self, name: str | None) -> str | None:
        return self.holder_field if name in ("to", "official", "unit") else super().field_for(name)


class ChangeStateForm(VerbForm):
    title = "状态变更"
    hint = "停工、暂缓、退库、复工、办结须写明原因；项目不删除。"
    call = staticmethod(change_state)

    state = forms.ChoiceField(label="变更为", choices=Project.State)
    effective_on = forms.DateField(label="生效日期", widget=day_input())
    reason = forms.CharField(label="原因", max_length=200)
    document = forms.CharField(label="依据文件", max_length=120, required=False)


class CorrectFactsForm(VerbForm):
    title = "更正日期"
    hint = "日常进度由旬报带入；此处用于更正。已印发的文件保持印发时的数字。"
    call = staticmethod(correct_facts)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in FACTS.items():
            self.fields[name] = forms.DateField(
                label=label, required=False, widget=day_input(), initial=getattr(self.instance, name)
            )
        self.fields["reason"] = forms.CharField(label="更正原因", max_length=300)

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"reason": given.pop("reason"), "facts": given}


class RenameUnitForm(VerbForm):
    title = "单位更名"
    hint = "机构改革更名后仍是同一单位，项目、交接和历史记录不变；台账中的旧名称仍能识别。"
    subject = "unit"
    call = staticmethod(rename_unit)

    name = forms.CharField(label="新名称", max_length=80)
    short_name = forms.CharField(label="新简称", max_length=40, required=False)
    on = forms.DateField(label="更名日期", widget=day_input())
    document = forms.CharField(label="更名依据", max_length=120)


VERBS: dict[str, type[VerbForm]] = {
    "handover": AdminHandOverForm,
    "state": ChangeStateForm,
    "facts": CorrectFactsForm,
}


def verb_page(model_admin: Any, request: Any, object_id: str, form_class: type[VerbForm]) -> Any:
    """The page of one verb for one row; after success back to the row."""
    row = model_admin.get_object(request, object_id)
    if row is None:
        return model_admin.lost(request, object_id)
    if not model_admin.has_change_permission(request, row):
        raise PermissionDenied
    form: Any = form_class(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid() and form.run(by=request.user, now=clock.now()):
        model_admin.message_user(request, f"{row}：{form.title}已登记。")
        return HttpResponseRedirect(
            reverse(f"admin:projects_{model_admin.opts.model_name}_change", args=[row.pk])
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{form.title}：{row}",
        "subtitle": None,
        "form": form,
        "adminform": AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
        "media": model_admin.media + form.media,
        "opts": model_admin.opts,
        "original": row,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/projects/project/verb.html", context)
