"""Accounts and duties (账号与任职): administrators write, the office reads."""

from itertools import pairwise
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from .. import clock
from ..models import Duty, User
from ..services.base.records import record, snapshot
from .base import ADMINISTRATORS_ONLY, AuditedForm, AuditedFormSet, HouseAdmin, HouseInline, administers


class DutyFormSet(AuditedFormSet):
    """Two terms of one post in one form: the database can only compare with what is stored."""

    def clean(self) -> None:
        super().clean()
        given = [form.cleaned_data for form in self.forms]
        terms = [one for one in given if one.get("role") and one.get("starts_on")]
        for earlier, later in pairwise(sorted(terms, key=lambda one: (*_post(one), one["starts_on"]))):
            last = earlier.get("ends_on")
            if _post(earlier) == _post(later) and (last is None or last >= later["starts_on"]):
                raise ValidationError("该人员已有同一职务在任，任期不能重叠，请核对起止日期。")


def _post(term: dict[str, Any]) -> tuple[str, int]:
    return str(term["role"]), term["unit"].pk if term.get("unit") else 0


class DutyInline(HouseInline):
    """What the person does where; a duty that ends gets its last day and stays."""

    model = Duty
    formset = DutyFormSet
    autocomplete_fields = ["unit"]
    editors = ADMINISTRATORS_ONLY
    verbose_name_plural = "任职（决定可见范围和可办事项）"


class AccountForm(AuditedForm, UserChangeForm):
    """A person's account; the password has its own page."""

    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"


class NewAccountForm(AuditedForm, AdminUserCreationForm):
    """A new account with its first password."""

    class Meta:
        model = User
        fields = ["username", "full_name", "phone", "email"]


@admin.register(User)
class AccountAdmin(HouseAdmin, UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    editors = ADMINISTRATORS_ONLY
    list_display = ["username", "full_name", "duties_held", "phone", "is_active", "is_staff", "last_login"]
    list_filter = [
        "is_active",
        "is_staff",
        "duties__role",
        ("duties__unit", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["username", "full_name", "phone"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    inlines = [DutyInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("人员", {"fields": ["full_name", "phone", "email"]}),
        (
            "权限",
            {
                "fields": ["is_active", "is_staff", "is_superuser"],
                "description": "发改局统筹、管理员须勾选“人员状态”方可进入本后台。离岗人员取消“有效”，不删除。",
            },
        ),
        ("时间", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username",
                    "full_name",
                    "phone",
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                ],
            },
        )
    ]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("duties__unit")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """The office sees who the people are, not the password's trace."""
        fieldsets = super().get_fieldsets(request, obj)
        if administers(request.user):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        """Only a superuser makes superusers."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """An administrator by duty does not reach the accounts of superusers."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or obj is None or not obj.is_superuser)

    @admin.display(description="现任职务")
    def duties_held(self, user: Any) -> Any:
        held = [duty for duty in user.duties.all() if duty.is_held(clock.today())]
        return "、".join(
            duty.get_role_display() + (f"（{duty.unit}）" if duty.unit_id else "") for duty in held
        )

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """The password page saves by itself and only logs: that is where it becomes an audit record."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            record(action="重置密码", instance=obj, by=request.user, now=clock.now(), before=snapshot(obj))
        return super().log_change(request, obj, message)
