"""Lights (亮灯): a colour per dimension with the numbers and the rule that gave it, never set by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Light(StrEnum):
    """A light; shape and word carry it where colour cannot."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    EXEMPT = "exempt"

    @property
    def shape(self) -> str:
        return {"green": "●", "yellow": "▲", "red": "■", "exempt": "◇"}[self]

    @property
    def words(self) -> str:
        return {"green": "正常", "yellow": "预警", "red": "滞后", "exempt": "豁免"}[self]


# Exempt is not green: it outranks green, so that a project with an exempted dimension never looks merely fine.
_SEVERITY = (Light.GREEN, Light.EXEMPT, Light.YELLOW, Light.RED)


def worst(lights: Iterable[Light]) -> Light:
    """The most serious light (从严); green when there is none to judge."""
    return max(lights, key=_SEVERITY.index, default=Light.GREEN)


class LightDimension(StrEnum):
    """What is judged (亮灯维度)."""

    START = "start"
    PROGRESS = "progress"
    STATISTICS = "statistics"
    MILESTONE = "milestone"
    PROBLEM = "problem"
    REPORT = "report"

    @property
    def words(self) -> str:
        return {
            "start": "开工",
            "progress": "进度",
            "statistics": "纳统",
            "milestone": "节点",
            "problem": "问题",
            "report": "旬报",
        }[self]


@dataclass(frozen=True)
class LightReason:
    """The light of one dimension and the sentence that explains it; `noted` marks a green worth reading."""

    dimension: LightDimension
    light: Light
    sentence: str
    noted: bool = False

    def exempt(self, *, why: str, until: date) -> "LightReason":
        """The same finding under an exemption (豁免) that is in force; it keeps what it would have been."""
        sentence = f"已豁免至{full_day(until)}（{why}）；原为{self.light.words}：{self.sentence}"
        return LightReason(self.dimension, Light.EXEMPT, sentence, noted=True)


def of_dimensions(lights: Iterable[Light | None], red_needs: int = 1) -> Light:
    """A project's light (项目亮灯) from those of its dimensions: red when `red_needs` of them are, else the worst.

    Fewer reds than that show as yellow (预警). None stands for a dimension that does not apply.
    """
    found = [light for light in lights if light]
    light = worst(found)
    return Light.YELLOW if light is Light.RED and found.count(Light.RED) < red_needs else light


def project_light(
    reasons: Iterable[LightReason | None], red_needs: int = 1
) -> tuple[Light, tuple[LightReason, ...]]:
    """A project's light as of_dimensions() has it, and the reasons worth reading, worst first.

    A plain green is left out of the reasons.
    """
    applicable = [reason for reason in reasons if reason]
    shown = [reason for reason in applicable if reason.light is not Light.GREEN or reason.noted]
    shown.sort(key=lambda reason: _SEVERITY.index(reason.light), reverse=True)
    return of_dimensions((reason.light for reason in applicable), red_needs), tuple(shown)


def full_day(day: date) -> str:
    """2023年10月12日: a day in the sentence of a light, which is read in other years too."""
    return f"{day.year}年{day.month}月{day.day}日"
