"""Further people and units on a project (协办单位、服务专员、项目代表、企业联系人)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects.models import Milestone, Project, ProjectMember, Unit, User
from projects.periods import day_words
from projects.queries.register.causes import Cause

from ..base.changing import added, changed, held, refuse
from ..base.guards import LATER, wrong_day
from ..base.steps import Steps, not_now, not_you, step

# what those who report on a project may enter themselves; units and officers see the project, so the office lets them in
CONTACTS = frozenset({ProjectMember.Kind.REPRESENTATIVE, ProjectMember.Kind.ENTERPRISE_CONTACT})


# --- by what they owe -----------------------------------------------------------------------------------


def cause_name(cause: Cause) -> str:
    """What a membership carries of its cause: a milestone through all versions of its plan, else the row."""
    return cause.matter if isinstance(cause, Milestone) else f"{cause._meta.model_name}:{cause.pk}"


def let_in(*, project: Project, unit: Unit, cause: Cause, on: date) -> None:
    """Make the unit a supporting one (协办单位) for as long as it owes something there, so that it sees what it owes.

    Department and district see their project anyway; `services.register.handovers` lets them in when they give it up.
    """
    let_in_all(project=project, owing=[(unit.pk, cause_name(cause))], on=on)


def let_in_all(*, project: Project, owing: Iterable[tuple[int, str]], on: date) -> None:
    """Let in the units by (key, name of the cause), each once for each cause. Three queries for any number."""
    own = {project.lead_department_id, project.host_district_id}
    wanted = [(unit, cause) for unit, cause in dict.fromkeys(owing) if unit not in own]
    if not wanted:
        return
    held(project)  # of two who let the same unit in at once the second finds it there
    kind = ProjectMember.Kind.SUPPORTING_UNIT
    there = set(project.members.lasting().filter(kind=kind).values_list("unit", "cause"))
    ProjectMember.objects.bulk_create(
        ProjectMember(project=project, kind=kind, unit_id=unit, cause=cause, from_on=on)
        for unit, cause in wanted
        if (unit, cause) not in there
    )


def let_out(*, cause: Cause, on: date, units: Iterable[Unit] | None = None) -> None:
    """End what a cause gave (协办随事由结束), of these units or of all: from the day on they see nothing by it."""
    rows = ProjectMember.objects.lasting().filter(cause=cause_name(cause))
    end_from(rows if units is None else rows.filter(unit__in=list(units)), on)


def end_from(rows: QuerySet[ProjectMember], on: date) -> None:
    """The day before is their last one; what began on the day itself never held and goes."""
    rows.filter(from_on__gte=on).delete()
    rows.update(until_on=on - timedelta(days=1))


# --- by hand --------------------------------------------------------------------------------------------


def kinds_for(project: Project, user: User, ours: bool | None = None) -> list[ProjectMember.Kind]:
    """The kinds of member a person may add to and end on the project: the office all, its reporters the contacts.

    One query, none where `ours` is known already.
    """
    if user.is_office:
        return list(ProjectMember.Kind)
    if ours is None:
        ours = Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return [kind for kind in ProjectMember.Kind if kind in CONTACTS] if ours else []


def steps_of(
    member: ProjectMember, user: User, today: date, kinds: Collection[ProjectMember.Kind] | None = None
) -> Steps:
    """What may be done with somebody on a project: end (不再担任).

    One query, unless the kinds that the person may enter (`kinds_for`) are given.
    """
    kinds = kinds_for(member.project, user) if kinds is None else kinds
    until_on = member.until_on
    return Steps(
        end=step(
            member.kind not in kinds and not_you("无权登记此类人员的变动。"),
            until_on is not None and not_now(f"{member}已于{day_words(until_on)}不再担任，无需重复登记。"),
        )
    )


@transaction.atomic
def add_member(
    *,
    project: Project,
    kind: str,
    from_on: date,
    user: User | None = None,
    unit: Unit | None = None,
    name: str = "",
    post: str = "",
    phone: str = "",
    by: User,
    now: datetime,
) -> ProjectMember:
    """Put a person or unit on the project from a day on (登记服务人员).

    Refuses: a day in the future, nobody named (协办单位 needs a unit, the others a person), somebody who is on the
    project in that kind already, an account or unit out of service.
    """
    project, kind = held(project), ProjectMember.Kind(kind)
    if kind not in kinds_for(project, by):
        raise PermissionDenied("无权在该项目登记此类人员。")
    member = ProjectMember(
        project=project,
        kind=kind,
        user=user,
        unit=unit,
        name="".join(name.split()),
        post=post.strip(),
        phone=phone.strip(),
        from_on=from_on,
    )
    refuse(**_refusals(member, timezone.localdate(now)))
    return added(member, f"登记{kind.label}", by=by, now=now)


@transaction.atomic
def end_member(*, member: ProjectMember, until_on: date, by: User, now: datetime) -> ProjectMember:
    """Say until when somebody served (不再担任); the row stays as history.

    Refuses: a day in the future or before the first one, a service that has ended already.
    """
    held(member.project)
    member = held(member, "project", "user", "unit")
    today = timezone.localdate(now)
    steps_of(member, by, today).require("end")
    refuse(until_on=wrong_day("截止日期", until_on, today, LATER))
    if until_on < member.from_on:
        refuse(until_on=f"截止日期不能早于起始日期（{day_words(member.from_on)}）。")
    with changed(member, f"{member.get_kind_display()}不再担任", by=by, now=now):
        member.until_on = until_on
    if member.kind == ProjectMember.Kind.SUPPORTING_UNIT:  # whatever else let it in
        others = member.project.members.lasting().filter(kind=member.kind, unit=member.unit)
        others.filter(from_on__lte=until_on).update(until_on=until_on)
    return member


def _refusals(member: ProjectMember, today: date) -> dict[str, str]:
    errors = {}
    if why := wrong_day("起始日期", member.from_on, today, LATER):
        errors["from_on"] = why
    if member.kind == ProjectMember.Kind.SUPPORTING_UNIT:
        own = {member.project.lead_department_id, member.project.host_district_id}
        if member.unit is None:
            errors["unit"] = "请选择协办单位。"
        elif member.unit_id in own:
            errors["unit"] = f"{member.unit}已是本项目的推进部门或属地，无需登记为协办单位。"
    elif member.user is None and not member.name:
        errors["name"] = "请填写姓名，或选择账号。"
    if member.unit is not None and not member.unit.is_active:
        errors.setdefault("unit", f"{member.unit}已不在用，请另选。")
    if member.user is not None and not member.user.is_active:
        errors["user"] = f"{member.user}的账号已停用，请另选。"
    if not errors and _is_on_already(member):
        errors["unit" if member.kind == ProjectMember.Kind.SUPPORTING_UNIT else "name"] = (
            f"{member}已登记为本项目的{member.get_kind_display()}，无需重复登记。"
        )
    return errors


def _is_on_already(member: ProjectMember) -> bool:
    serving = ProjectMember.objects.lasting().filter(project=member.project, kind=member.kind, cause="")
    if member.kind == ProjectMember.Kind.SUPPORTING_UNIT:
        return serving.filter(unit=member.unit).exists()
    if member.user is not None:
        return serving.filter(user=member.user).exists()
    return serving.filter(user__isnull=True, name=member.name).exists()
