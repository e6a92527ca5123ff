"""Hand-overs (责任交接): who answers for a project from a day on, one slot at a time or all of a leader's at once."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import UNIT_ROLES, Handover, Official, Project, Unit, User
from projects.periods import day_words
from projects.queries.base.audience import Audiences
from projects.queries.register.causes import Cause, owed_by

from ..base.attachments import PreparedFile, attach
from ..base.changing import changed, held, refuse
from ..base.guards import LATER, all_but, office_only, wrong_day
from ..base.notices import queue_notice
from .members import cause_name, let_in_all

NAMED = 5  # projects named in one refusal; more are counted


@transaction.atomic
def hand_over(
    *,
    project: Project,
    slot: str,
    to: Official | Unit | None,
    from_on: date,
    document: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> Handover:
    """Hand a slot over to a leader or unit from a day on (责任交接); None leaves it vacant. The office alone.

    Refuses: a day in the future or not after the last hand-over, the same holder, someone out of service, a successor
    without a document (number or file); the first holder of a slot needs none.
    """
    office_only(by, "办理责任交接")
    slot = _slot_for(slot, to)
    project = held(project)
    same = getattr(project, f"{slot.value}_id") == (to.pk if to else None)
    last = project.handovers.filter(slot=slot).order_by("-from_on").first()
    wrong = wrong_day("接任日期", from_on, timezone.localdate(now), LATER)
    if not wrong and last is not None and from_on <= last.from_on:
        wrong = f"接任日期须晚于上一次交接（{day_words(last.from_on)}）。"
    refuse(
        to=_out_of_service(to) or (same and f"{slot.label}没有变化，无需交接。"),
        from_on=wrong,
        document=last is not None and _no_paper(document, files),
    )
    before = getattr(project, slot.value)
    handover = _write(project, slot, to, from_on, document, files, by, now)
    _keep_in(before, [project], from_on, by, now)
    return handover


@transaction.atomic
def hand_over_all(
    *,
    slot: str,
    holder: Official | Unit,
    to: Official | Unit,
    from_on: date,
    document: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> list[Handover]:
    """Hand every project of a holder over to one successor, on one document (整体交接); all or nothing.

    Closed and withdrawn projects keep their last holder. Refuses what `hand_over` refuses, naming the projects in the
    way, and a holder without projects.
    """
    office_only(by, "办理责任交接")
    slot = _slot_for(slot, to)
    wrong = wrong_day("接任日期", from_on, timezone.localdate(now), LATER)
    projects = list(
        Project.objects.active()
        .filter(**{slot.value: holder})
        .order_by("code")
        .select_for_update(of=("self",))
    )
    if not projects:
        raise ValidationError(f"{holder}名下没有可交接的项目。")
    later = Handover.objects.filter(project__in=projects, slot=slot, from_on__gte=from_on)
    if not wrong and (in_the_way := list(later.select_related("project"))):
        wrong = _in_the_way(in_the_way)
    refuse(
        to=_out_of_service(to) or (to == holder and "接任者与现任相同，无需交接。"),
        from_on=wrong,
        document=_no_paper(document, files),
    )
    handovers = [_write(project, slot, to, from_on, document, files, by, now) for project in projects]
    _keep_in(holder, projects, from_on, by, now)
    return handovers


def _keep_in(
    before: Official | Unit | None, projects: Sequence[Project], from_on: date, by: User, now: datetime
) -> None:
    """A unit that gave projects up still sees those on which it owes something by name, and is told of it."""
    if not isinstance(before, Unit):
        return
    owing: dict[int, list[Cause]] = {}
    for pk, cause in owed_by(before, [project.pk for project in projects]):
        owing.setdefault(pk, []).append(cause)
    by_unit = Audiences.current().by_unit if owing else {}
    people = {user.pk: user for role in UNIT_ROLES for user in by_unit.get((role, before.pk), ())}
    for project in projects:
        if causes := owing.get(project.pk):
            let_in_all(
                project=project, owing=[(before.pk, cause_name(cause)) for cause in causes], on=from_on
            )
            for person in people.values():
                queue_notice(
                    recipient=person,
                    key=f"handover:{project.pk}:{before.pk}:{now.isoformat()}:{person.pk}",
                    subject=f"项目已移交，仍有{len(causes)}项由贵单位负责：{project.name}",
                    body="\n".join(f"{cause._meta.verbose_name}：{cause}" for cause in causes),
                    link=reverse("project_detail", args=[project.code]),
                    now=now,
                )


def _slot_for(slot: str, to: Official | Unit | None) -> Handover.Slot:
    slot = Handover.Slot(slot)
    wanted = Official if slot == Handover.Slot.SPONSOR else Unit
    if to is not None and not isinstance(to, wanted):
        raise ValueError(f"{slot} goes to {wanted.__name__}, not {type(to).__name__}")
    return slot


def _out_of_service(to: Official | Unit | None) -> str:
    return "" if to is None or to.is_active else f"{to}已不在任（不在用），请另选。"


def _no_paper(document: str, files: Sequence[PreparedFile]) -> str:
    return "" if document.strip() or files else "请填写依据文件的文号，或上传文件。"


def _in_the_way(handovers: list[Handover]) -> str:
    """Which projects were handed over on the day or later, in words."""
    named = {f"“{row.project}”": row.from_on for row in sorted(handovers, key=lambda row: row.from_on)}
    words = "、".join(f"{name}（{day_words(day)}）" for name, day in list(named.items())[:NAMED])
    more = f"等{len(named)}个项目" if len(named) > NAMED else ""
    return f"接任日期须晚于上一次交接：{words}{more}。未作任何交接。"


def _write(
    project: Project,
    slot: Handover.Slot,
    to: Official | Unit | None,
    from_on: date,
    document: str,
    files: Sequence[PreparedFile],
    by: User,
    now: datetime,
) -> Handover:
    document = document.strip()
    handover = Handover(
        project=project, slot=slot, from_on=from_on, document=document, made_by=by, made_at=now
    )
    setattr(handover, "official" if slot == Handover.Slot.SPONSOR else "unit", to)
    handover.full_clean()
    handover.save()  # told of as a change of the project
    others, reason = all_but(project, slot.value), document or slot.label
    with changed(project, "责任交接", by=by, now=now, reason=reason, unchecked=others):
        setattr(project, slot.value, to)
    for file in files:
        attach(file=file, project=project, handover=handover, by=by, now=now)
    return handover
