"""Field types that carry a convention of the house: money (万元), points and dates at office precision."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from ..periods import OfficeDate, parse_office_date
from ..pinyin import KEY_LENGTH, sort_key


class MoneyField(models.DecimalField):
    """An amount in 万元, two places, never negative; the unit is appended to the verbose name."""

    UNIT = "（万元）"

    def __init__(self, verbose_name: str | None = None, **kwargs: Any) -> None:
        if verbose_name and not str(verbose_name).endswith(self.UNIT):
            verbose_name = f"{verbose_name}{self.UNIT}"
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0, "金额不能为负数。")])
        super().__init__(verbose_name, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, "projects.models.fields.MoneyField", args, kwargs


class PointsField(models.DecimalField):
    """Points or a threshold (分值): two places."""

    def __init__(self, verbose_name: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(verbose_name, **kwargs)


class OfficeDateField(models.CharField):
    """A planned date as the office wrote it (“2023年三季度”, “6月底前”, “未开工”).

    Beside the column NAME stands NAME_on, the last day of the span, kept by this field's pre_save so that the two
    cannot disagree; NAME_on is null where the words mean "no date yet". `instance.NAME_span` gives the OfficeDate;
    the model names it too, for the type checker. Bulk writes bypass nothing: pre_save runs there too; QuerySet.update() must name both columns.
    """

    def __init__(self, verbose_name: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(verbose_name, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not hasattr(cls, f"{name}_span"):
            setattr(cls, f"{name}_span", property(lambda instance: span_of(getattr(instance, name))))

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = super().clean(value, model_instance)
        span_of(value, validate=True)
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = getattr(model_instance, self.attname) or ""
        setattr(model_instance, f"{self.attname}_on", span_of(text).last_on)
        return text


class SortKeyField(models.CharField):
    """What the row's name is sorted by (projects.pinyin.sort_key), kept by this field's pre_save, in bulk writes too.

    An upsert that names its columns must name this one beside the name, as must QuerySet.update().
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"max_length": KEY_LENGTH, "editable": False, "default": ""}
        super().__init__("名称排序", **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        return name, path, [], {key: kwargs[key] for key in kwargs.keys() & {"db_index"}}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = sort_key(getattr(model_instance, "name"))  # noqa: B009 (every model with a key has a name)
        setattr(model_instance, self.attname, key)
        return key


def span_of(text: str, validate: bool = False) -> OfficeDate:
    """The span of a date as written; with validate, unreadable words raise ValidationError in Chinese."""
    try:
        return parse_office_date(text)
    except ValueError as error:
        if validate:
            raise ValidationError(str(error)) from error
        raise
