"""Projects (项目): entry and correction; who answers, states and dates of fact move through the services."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import path
from django.utils.html import format_html_join

from .. import clock
from ..models import (
    AuditRecord,
    Belonging,
    CarryOver,
    Handover,
    Listing,
    ListingVersion,
    Project,
    ProjectMember,
    ProjectStage,
    StateChange,
    User,
)
from ..periods import EARLIEST
from ..services.register.belongings import write_belongings, wrong_start
from ..services.register.handovers import hand_over
from ..services.register.local_codes import local_codes
from ..services.register.projects import FACTS
from ..services.register.search import search_text_for
from .base import FactAdmin, FactForm, FactInline, ReadOnlyInline, WatchedForm, day_input
from .project_verbs import VERBS, verb_page

SLOTS = tuple(Handover.Slot.values)


class ProjectForm(FactForm):
    """A project; without a 项目代码 it gets a local number, to be replaced when the code is granted."""

    code = forms.CharField(
        label="项目代码",
        max_length=40,
        required=False,
        help_text="尚未赋码的留空，保存时编临时编号，赋码后再更正。",
    )
    in_charge_from_on = forms.DateField(
        label="责任起始日期",
        required=False,
        widget=day_input(),
        help_text="三项责任自该日起算，不填为今日。",
    )

    belongs_from_on = forms.DateField(
        label="层级、归属起始日期",
        required=False,
        widget=day_input(),
        help_text="层级、所属打包项目、产业链自该日起算，此前各日的数据不变；不填为今日。",
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if "/" in code or "\\" in code:
            raise forms.ValidationError("项目代码不能含斜杠。")
        return code or local_codes(clock.today().year)[0]

    def clean_in_charge_from_on(self) -> Any:
        day = self.cleaned_data["in_charge_from_on"] or clock.today()
        if not EARLIEST <= day <= clock.today():
            raise forms.ValidationError(f"责任起始日期应在{EARLIEST.year}年至今日之间。")
        return day

    def clean_belongs_from_on(self) -> Any:
        day = self.cleaned_data["belongs_from_on"] or clock.today()
        changed = {kind for kind, names in Belonging.COLUMNS.items() if {*names} & {*self.changed_data}}
        if wrong := wrong_start(self.instance, changed, day, clock.today()):
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> None:
        super().clean()
        for name in (*FACTS, "reports_from_on"):
            day = self.cleaned_data.get(name)
            if day and day < EARLIEST:
                self.add_error(name, f"日期不能早于{EARLIEST.year}年。")
            elif day and name in FACTS and day > clock.today():
                self.add_error(name, f"{FACTS[name]}不能晚于今天。")
        for name in SLOTS:
            holder = self.cleaned_data.get(name)
            if holder is not None and not holder.is_active:
                self.add_error(name, f"{holder}已不在任（不在用），请另选。")


class ListingForm(WatchedForm):
    """A new place in a list, with what the list says of the project from a day on."""

    category = forms.ChoiceField(label="项目类别", choices=ProjectStage)
    planned_investment = ListingVersion._meta.get_field("planned_investment").formfield(
        label="年度计划投资（万元）"
    )
    planned_start = forms.CharField(label="计划开工时间", max_length=40, required=False)
    planned_completion = forms.CharField(label="计划竣工时间", max_length=40, required=False)
    effective_on = forms.DateField(
        label="自何日起列入",
        widget=day_input(),
        help_text="年初即在名单的填1月1日，年中调入的填文件规定的日期；此前各日不计入。",
    )
    document = forms.CharField(label="文号", max_length=120, required=False)

    VERSION_FIELDS = (
        "category",
        "planned_investment",
        "planned_start",
        "planned_completion",
        "effective_on",
        "document",
    )

    class Meta:
        model = Listing
        fields = ["annual_list", "number"]

    def _version(self) -> ListingVersion:
        given = {name: self.cleaned_data[name] for name in self.VERSION_FIELDS}
        starts_the_year = given["effective_on"] <= given["effective_on"].replace(
            year=self.cleaned_data["annual_list"].year, month=1, day=1
        )
        change = ListingVersion.Change.INITIAL if starts_the_year else ListingVersion.Change.ADDED
        return ListingVersion(change=change, made_at=clock.now(), **given)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.has_changed() and not self.errors:
            try:
                self._version().full_clean(
                    exclude=["listing", "made_by"], validate_unique=False, validate_constraints=False
                )
            except ValidationError as error:
                for name, texts in error.message_dict.items():
                    self.add_error(name if name in self.fields else None, texts)
        return cleaned

    def save_below(self, *, by: User, now: datetime) -> ListingVersion:
        """The first version of the listing just saved."""
        version = self._version()
        version.listing, version.made_by, version.made_at = self.instance, by, now
        version.save()
        return version


class ListingInline(FactInline):
    """Places in annual lists: a new one here, an adjustment as a new version on the listing's own page."""

    model = Listing
    form = ListingForm
    fields = ["annual_list", "number", *ListingForm.VERSION_FIELDS]
    autocomplete_fields = ["annual_list"]
    show_change_link = True
    verbose_name_plural = "列入名单（调增、调减、调出请点“查看”，在该页新增版本）"

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("annual_list__kind").prefetch_related("versions")

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def _latest(self, listing: Any) -> Any:
        return max(listing.versions.all(), key=lambda version: version.effective_on, default=None)

    @admin.display(description="项目类别")
    def category(self, listing: Any) -> Any:
        latest = self._latest(listing)
        return latest and latest.get_category_display()

    @admin.display(description="年度计划投资（万元）")
    def planned_investment(self, listing: Any) -> Any:
        return getattr(self._latest(listing), "planned_investment", None)

    @admin.display(description="计划开工时间")
    def planned_start(self, listing: Any) -> Any:
        return getattr(self._latest(listing), "planned_start", None)

    @admin.display(description="计划竣工时间")
    def planned_completion(self, listing: Any) -> Any:
        return getattr(self._latest(listing), "planned_completion", None)

    @admin.display(description="生效日期")
    def effective_on(self, listing: Any) -> Any:
        return getattr(self._latest(listing), "effective_on", None)

    @admin.display(description="文号")
    def document(self, listing: Any) -> Any:
        return getattr(self._latest(listing), "document", None)


class HandoverInline(ReadOnlyInline):
    model = Handover
    fields = ["slot", "official", "unit", "from_on", "document", "made_by", "made_at"]
    verbose_name_plural = "责任交接（登记请点右上“责任交接”）"

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("official", "unit", "made_by")


class BelongingInline(ReadOnlyInline):
    model = Belonging
    fk_name = "project"
    fields = [
        "kind",
        "level",
        "parent",
        "industry_chain",
        "from_on",
        "reason",
        "made_by",
        "made_at",
    ]
    verbose_name_plural = "层级、归属沿革"

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("parent", "industry_chain", "made_by")


class StateChangeInline(ReadOnlyInline):
    model = StateChange
    fields = ["state", "effective_on", "reason", "document", "made_by", "made_at"]
    verbose_name_plural = "状态变更（登记请点右上“状态变更”）"

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("made_by")


class MemberInline(FactInline):
    model = ProjectMember
    fields = ["kind", "user", "unit", "name", "post", "phone", "from_on", "until_on"]
    autocomplete_fields = ["user", "unit"]
    verbose_name_plural = "服务专员、协办单位、企业联系人（不再担任的填写“至”）"


class CarryOverInline(FactInline):
    model = CarryOver


@admin.register(Project)
class ProjectAdmin(FactAdmin):
    form = ProjectForm
    list_display = [
        "code",
        "name",
        "developer",
        "sponsor",
        "lead_department",
        "host_district",
        "total_investment",
        "state",
    ]
    list_display_links = ["code", "name"]
    list_filter = [
        "state",
        "nature",
        "listings__annual_list",
        "lead_department",
        "host_district",
        "industry_chain",
        "level",
    ]
    list_select_related = ["sponsor", "lead_department", "host_district"]
    search_fields = ["search_text", "code", "name", "developer"]
    search_help_text = "名称、代码、建设单位或拼音"
    date_hierarchy = "started_on"
    autocomplete_fields = ["parent", "industry_chain", *SLOTS]
    inlines = [
        ListingInline,
        MemberInline,
        CarryOverInline,
        HandoverInline,
        BelongingInline,
        StateChangeInline,
    ]

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        slots = list(SLOTS) if obj else [*SLOTS, "in_charge_from_on"]
        hint = "变更请点右上“责任交接”，按日期留痕。" if obj else "首次填写即登记为首任。"
        facts = [*FACTS, "state"] if obj else [*FACTS]
        self_made = ["other_columns", "created_at"] if obj else []
        fieldsets = [
            (None, {"fields": ["code", "name", "developer", "nature"]}),
            ("归属", {"fields": ["level", "parent", "industry_chain", "belongs_from_on"]}),
            (
                "建设内容",
                {"fields": ["description", "address", ("longitude", "latitude"), "total_investment"]},
            ),
            ("六个一", {"fields": slots, "description": hint}),
            (
                "进度",
                {
                    "fields": [*facts, "reports_from_on"],
                    "description": "日期更正、状态变更请点右上相应按钮。" if obj else "",
                },
            ),
        ]
        if self_made:
            fieldsets.append(("登记", {"fields": self_made}))
        if self.has_change_permission(request, obj):
            fieldsets.append(("变更说明", {"fields": ["reason"]}))
        return fieldsets

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        return [*SLOTS, *FACTS, "state", "other_columns", "created_at"] if obj else []

    def get_changeform_initial_data(self, request: Any) -> Any:
        return {"reports_from_on": clock.today(), **super().get_changeform_initial_data(request)}

    def get_urls(self) -> Any:
        verbs = path(
            "<path:object_id>/do/<str:verb>/",
            self.admin_site.admin_view(self.verb_view),
            name="projects_project_verb",
        )
        return [verbs, *super().get_urls()]

    def verb_view(self, request: Any, object_id: str, verb: Any) -> Any:
        """责任交接、状态变更、更正日期 of one project."""
        if verb not in VERBS:
            return self.lost(request, object_id)
        return verb_page(self, request, object_id, VERBS[verb])

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """A new project is saved with empty slots; their first holders come by hand-over, so history begins there."""
        holders = {} if change else {slot: getattr(obj, slot) for slot in SLOTS if getattr(obj, slot)}
        for slot in holders:
            setattr(obj, slot, None)
        obj.search_text = search_text_for(obj)
        super().save_model(request, obj, form, change)
        given = {"by": request.user, "now": clock.now(), "reason": form.cleaned_data.get("reason", "")[:200]}
        write_belongings(obj, form.changed_data, form.cleaned_data["belongs_from_on"], **given)
        for slot, holder in holders.items():
            hand_over(
                project=obj,
                slot=slot,
                to=holder,
                from_on=form.cleaned_data["in_charge_from_on"],
                by=request.user,
                now=clock.now(),
            )
            setattr(obj, slot, holder)

    def history_records(self, request: Any, obj: Any) -> Any:
        """Everything that was ever recorded on the project."""
        return AuditRecord.objects.filter(project=obj)

    @admin.display(description="台账其他列")
    def other_columns(self, project: Any) -> Any:
        return format_html_join("", "<div>{}：{}</div>", project.extra.items()) or "—"
