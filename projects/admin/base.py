"""What every admin page shares (后台共同规则): who may edit, nothing is deleted, every change is audited."""

import tempfile
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, connection, models
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from .. import clock
from ..meanwhile import Meanwhile
from ..models import AuditRecord, Project, Role
from ..queries.base.changes import described
from ..services.base.changing import held
from ..services.base.records import differences, record, snapshot
from ..workbooks import write_table

STAFF_ROLES = frozenset({Role.OFFICE, Role.ADMINISTRATOR})
OFFICE_ONLY = frozenset({Role.OFFICE})
ADMINISTRATORS_ONLY = frozenset({Role.ADMINISTRATOR})
HISTORY_PAGE = 50
NOTHING_CHOSEN = "未选"


def administers(user: Any) -> bool:
    """Whether the person manages accounts and everything else here (管理员)."""
    return user.is_superuser or Role.ADMINISTRATOR in user.roles


class RolePermissions:
    """Permissions of an admin page or inline by role (按角色授权); Django's own permission tables are not used.

    Both staff roles read every page; who writes is `editors`. Nothing is deleted anywhere: rows are ended or marked.
    """

    editors = STAFF_ROLES

    def _reads(self, request: Any) -> bool:
        user = request.user
        return user.is_active and user.is_staff and (user.is_superuser or bool(user.roles & STAFF_ROLES))

    def _edits(self, request: Any) -> bool:
        user = request.user
        return self._reads(request) and (user.is_superuser or bool(user.roles & self.editors))

    def has_module_permission(self, request: Any) -> bool:
        return self._reads(request)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self._reads(request)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self._edits(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self._edits(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class Autocomplete(AutocompleteSelect):
    """Django's autocomplete, which asks the database for whatever was sent: words that are no key are left out."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        return super().optgroups(
            name, [key for key in value if str(key).isdecimal() and len(str(key)) < 19], attr
        )


def day_input() -> forms.DateInput:
    """The browser's own calendar, as on the pages; Django's shortcuts speak of a clock that is nobody's here."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HouseFields(BaseModelAdmin):
    """The fields of every page here: the product's words for nothing chosen, the browser's own calendar for a day.

    Foreign keys in `autocomplete_fields` get the widget that survives any input.
    """

    formfield_overrides = {models.DateField: {"widget": day_input()}}

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        kwargs.setdefault("empty_label", NOTHING_CHOSEN)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.help_text = db_field.help_text  # without Django's word on keys of the keyboard
        return field

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if "choices" not in kwargs and "widget" not in kwargs:
            offers_none = db_field.blank or not db_field.has_default()
            blank = [("", NOTHING_CHOSEN)]
            kwargs["choices"] = db_field.get_choices(include_blank=offers_none, blank_choice=blank)
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class WatchedForm(forms.ModelForm):
    """A form that shows what others saved while it was open (同时修改); templates/admin/change_form.html draws it."""

    @cached_property
    def meanwhile(self) -> Meanwhile | None:
        """What others changed since the form was shown; nothing of a new row."""
        return Meanwhile(self, self.instance) if self.instance.pk else None

    def full_clean(self) -> None:
        meanwhile = self.meanwhile  # put together before what was typed goes into the row
        super().full_clean()
        if meanwhile:
            meanwhile.refuse_unseen()


class AuditedForm(WatchedForm):
    """A form that asks why (变更原因): required when a recorded fact changes, see `reason_required`."""

    reason_required = False
    reason = forms.CharField(label="变更原因", max_length=300, required=False)

    def clean(self) -> None:
        super().clean()
        changed = [name for name in self.changed_data if name != "reason"]
        if self.reason_required and self.instance.pk and changed and not self.cleaned_data.get("reason"):
            self.add_error("reason", "修改已登记的内容，请填写变更原因。")


class FactForm(AuditedForm):
    """AuditedForm for facts somebody is judged by: a correction says why."""

    reason_required = True


class AuditedFormSet(forms.BaseInlineFormSet):
    """Rows below a page; changing an existing row needs the page's 变更原因 where the page asks for one."""

    reason_required = False

    def clean(self) -> None:
        super().clean()
        corrected = any(form.instance.pk and form.has_changed() for form in self.initial_forms)
        if self.reason_required and corrected and not str(self.data.get("reason", "")).strip():
            raise forms.ValidationError("修改已登记的内容，请在本页填写变更原因。")


class FactFormSet(AuditedFormSet):
    reason_required = True


class HouseInline(RolePermissions, HouseFields, admin.TabularInline):
    """An inline without deletion, audited by the page it stands on."""

    form = WatchedForm
    formset = AuditedFormSet
    extra = 0
    show_change_link = False


class FactInline(HouseInline):
    """Facts somebody is judged by: the office writes them, a correction says why."""

    formset = FactFormSet
    editors = OFFICE_ONLY


class ReadOnlyInline(HouseInline):
    """Rows that only services write."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


def project_of(instance: models.Model) -> Project | None:
    """The project a row belongs to, through its plan, listing or problem; None for reference data."""
    if isinstance(instance, Project):
        return instance
    for name in ("project", "plan", "listing", "problem"):
        holder = getattr(instance, name, None)
        if holder is not None:
            return project_of(holder)
    return None


@admin.action(description="导出所选为 xlsx")
def export_xlsx(modeladmin: Any, request: Any, queryset: QuerySet[Any]) -> Any:
    """The chosen rows with the columns of the list (导出列表), as text and numbers, never as formulas."""
    names = [name for name in modeladmin.get_list_display(request) if name != "action_checkbox"]
    heads = [capfirst(str(label_for_field(name, modeladmin.model, modeladmin))) for name in names]
    related = modeladmin.list_select_related
    if related:
        queryset = queryset.select_related(*related) if related is not True else queryset.select_related()
    rows = ([_cell(name, item, modeladmin) for name in names] for item in queryset.iterator(chunk_size=2000))
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    title = str(modeladmin.opts.verbose_name_plural)
    write_table(file, title=title, heads=heads, rows=rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}{clock.today():%Y%m%d}.xlsx")


def _cell(name: str, item: Any, modeladmin: Any) -> Any:
    try:
        field, _attr, value = lookup_field(name, item, modeladmin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return None
    if field is not None and field.choices:
        return getattr(item, f"get_{field.name}_display")()
    return str(value) if isinstance(value, models.Model) else value


class HouseAdmin(RolePermissions, HouseFields, admin.ModelAdmin):
    """Stock admin page with roles, an audit record for each save, a readable history and an xlsx export."""

    form = AuditedForm
    actions = [export_xlsx]
    actions_on_top = True
    save_on_top = False
    list_per_page = 50
    show_full_result_count = False
    # columns that a save fills by itself where the model has them: who and when
    stamps = (("made_by", "made_at"), ("logged_by", "logged_at"))

    def changelist_view(self, request: Any, extra_context: dict[str, Any] | None = None) -> Any:
        title = str(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_action_choices(self, request: Any, default_choices: Any = ()) -> Any:
        return super().get_action_choices(request, [("", "对所选记录")])

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        listed = {name for _title, options in fieldsets for name in options["fields"]}
        if allowed and "reason" not in listed:
            fieldsets.append(("变更说明", {"fields": ["reason"]}))
        elif not allowed:
            fieldsets = [
                (title, {**options, "fields": [name for name in options["fields"] if name != "reason"]})
                for title, options in fieldsets
            ]
        return fieldsets

    # -- saving ------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: Any,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        words = "登记" if object_id is None else "维护" if self.has_change_permission(request) else "查看"
        context = {"title": f"{words}{self.opts.verbose_name}", **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except IntegrityError:  # two new rows of one form that only the database can tell apart
            self.message_user(
                request, "所填内容相互重复或与已有记录冲突，未保存。请核对后重新填写。", messages.ERROR
            )
            return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """The row; one that is being saved is locked first, so that of two people the second reads what the first wrote."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        held(row)
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        before = self._before(obj) if change else None
        self._stamp(request, obj, change)
        super().save_model(request, obj, form, change)
        self.audit(request, obj, before)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            record(
                action="删除",
                instance=row,
                by=request.user,
                now=clock.now(),
                before=snapshot(row),
                project=project_of(row),
                reason=request.POST.get("reason", "")[:300],
            )
            row.delete()
        for row in rows:
            before = self._before(row) if row.pk else None
            self._stamp(request, row, before is not None)
            row.save()
            self.audit(request, row, before)
        formset.save_m2m()
        for row_form in formset.extra_forms:
            if row_form.instance in rows and hasattr(row_form, "save_below"):
                below = row_form.save_below(by=request.user, now=clock.now())
                self.audit(request, below, None)

    def audit(self, request: Any, obj: Any, before: dict[str, Any] | None) -> None:
        """One audit record for a saved row; none when nothing differs."""
        if before is not None and not differences(before, snapshot(obj)):
            return
        record(
            action="新增" if before is None else "修改",
            instance=obj,
            by=request.user,
            now=clock.now(),
            before=before,
            project=project_of(obj),
            reason=request.POST.get("reason", "").strip(),
        )

    @staticmethod
    def _before(obj: Any) -> dict[str, Any]:
        return snapshot(type(obj)._default_manager.get(pk=obj.pk))

    def _stamp(self, request: Any, obj: Any, change: bool) -> None:
        if change:
            return
        for by, at in self.stamps:
            if hasattr(obj, f"{by}_id"):
                setattr(obj, by, request.user)
                setattr(obj, at, clock.now())

    # -- history -----------------------------------------------------------------------------------------

    def history_records(self, request: Any, obj: Any) -> Any:
        """Audit records of the row and of the rows below it."""
        found = Q(model=self.opts.model_name, object_id=obj.pk)
        for inline in self.get_inline_instances(request, obj):
            formset: Any = inline.get_formset(request, obj)
            below = inline.model._default_manager.filter(**{formset.fk.name: obj}).values("pk")
            found |= Q(model=inline.opts.model_name, object_id__in=below)
        return AuditRecord.objects.filter(found)

    def lost(self, request: Any, object_id: str) -> HttpResponseRedirect:
        """To the first page with word that there is no such row, as Django does of itself."""
        away: Any = self
        return away._get_obj_does_not_exist_redirect(request, self.opts, object_id)

    def history_view(self, request: Any, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Who changed what, from what to what, when and why (变更记录)."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self.lost(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        records = self.history_records(request, obj).select_related("by", "imported_row__batch")
        page = Paginator(records, HISTORY_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"变更记录：{obj}",
            "subtitle": None,
            "entries": described(page.object_list),
            "page": page,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/projects/object_history.html", context)


class FactAdmin(HouseAdmin):
    """Facts somebody is judged by (台账数据): the office writes them, a correction says why."""

    form = FactForm
    editors = OFFICE_ONLY


class ReadOnlyAdmin(HouseAdmin):
    """Rows that services write; here they are only looked up (只读)."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False
