"""Form fields for lists of words, roles and curve points (列表类字段), so that nobody types JSON."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..models import EscalationStep


class WordsField(forms.CharField):
    """A list of words, separated by 、 or commas or line breaks; in the database a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "多个请用顿号分隔。")
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in re.split(r"[、,，;；\n]", super().to_python(value) or "")]
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class RolesField(forms.MultipleChoiceField):
    """Whom a step of the ladder tells (通知对象), as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=EscalationStep.Audience.choices, **kwargs)


class CurvePointsField(forms.CharField):
    """Points of a baseline curve, one a line as “3-31 20%”; in the database [[3, 31, "0.20"], …]."""

    HELP = "每行一个时点：月-日 累计比例，如“3-31 20%”。日期、比例逐行递增，末行为 12-31 100%。"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8}))
        kwargs.setdefault("help_text", self.HELP)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{month}-{day} {_percent(share)}%" for month, day, share in value)

    def to_python(self, value: Any) -> Any:
        points = [_point(line) for line in (super().to_python(value) or "").splitlines() if line.strip()]
        for (month, day, share), (next_month, next_day, next_share) in pairwise(points):
            if (month, day) >= (next_month, next_day) or Decimal(share) > Decimal(next_share):
                raise ValidationError("各行的日期应逐行递增，比例不能减少。")
        if points and (points[-1][:2] != [12, 31] or Decimal(points[-1][2]) != 1):
            raise ValidationError("末行应为 12-31 100%。")
        return points

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


def _percent(share: str) -> str:
    text = f"{Decimal(share) * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _point(line: str) -> list:
    found = re.fullmatch(r"\s*(\d{1,2})[-/.月](\d{1,2})日?\s+(\d{1,3}(?:\.\d{1,4})?)\s*[%％]?\s*", line)
    try:
        if not found:
            raise ValueError
        month, day = int(found[1]), int(found[2])
        date(2023, month, day)
        share = Decimal(found[3]) / 100
        if not 0 <= share <= 1:
            raise ValueError
    except (ValueError, InvalidOperation):
        raise ValidationError(f"“{line.strip()}”无法识别，请写作“3-31 20%”。") from None
    return [month, day, f"{share:f}"]
