"""The office's own columns of projects (自定义字段): reading what was typed, setting the values of one project."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import FurtherField, Project, User
from projects.money import parse_amount
from projects.periods import parse_office_date

from ..base.changing import changed, held, refuse
from ..base.guards import all_but, office_only

LONGEST = 500


def active_fields() -> list[FurtherField]:
    """The fields in use, in their order. One query."""
    return list(FurtherField.objects.filter(is_active=True))


def value_of(field: FurtherField, typed: str) -> str:
    """What is kept of words typed or read from a sheet: ISO days, plain numbers, a choice as listed; "" for nothing.

    ValueError in Chinese where the words are none of the field's kind.
    """
    text = " ".join(typed.split()) if field.kind != FurtherField.Kind.TEXT else typed.strip()
    if not text:
        return ""
    if len(text) > LONGEST:
        raise ValueError(f"“{field.name}”不能超过{LONGEST}字")
    if field.kind == FurtherField.Kind.NUMBER:
        return _number(field, text)
    if field.kind == FurtherField.Kind.DATE:
        return _day(field, text)
    if field.kind == FurtherField.Kind.CHOICE and text not in field.choices:
        raise ValueError(f"“{field.name}”填“{text}”，不在选项之内：{'、'.join(field.choices)}")
    return text


@transaction.atomic
def set_further_fields(*, project: Project, values: Mapping[str, str], by: User, now: datetime) -> Project:
    """Set a project's values of the fields in use, by their names (修改自定义字段). The office alone.

    Refuses: values of another kind than their field's, each in its own words; nothing changed.
    """
    office_only(by, "修改自定义字段")
    project, wrong, kept = held(project), {}, dict(project.extra)
    for field in active_fields():
        if field.name not in values:
            continue
        try:
            value = value_of(field, values[field.name])
        except ValueError as error:
            wrong[field.name] = f"{error}。"
            continue
        if value:
            kept[field.name] = value
        else:
            kept.pop(field.name, None)
    refuse(**wrong)
    if kept == project.extra:
        raise ValidationError("各项内容都没有变化。")
    with changed(project, "修改自定义字段", by=by, now=now, unchecked=all_but(project, "extra")):
        project.extra = kept
    return project


def _number(field: FurtherField, text: str) -> str:
    """A plain number: thousands separators and full-width digits are read, no unit."""
    try:
        number = parse_amount(text)
    except ValueError:
        number = None
    if number is None:
        raise ValueError(f"“{field.name}”应为数字，填的是“{text}”")
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _day(field: FurtherField, text: str) -> str:
    words = ValueError(f"“{field.name}”应为日期，如 2023-10-12，填的是“{text}”")
    try:
        written = parse_office_date(text)
    except ValueError:
        raise words from None
    if written.first_on is None or written.first_on != written.last_on:
        raise words
    return str(date.isoformat(written.first_on))
