"""Who is told of a project's matters (通知对象): people by duty, and only what each may see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from projects.models import Duty, EscalationStep, Official, Project, ProjectMember, Role, User
from projects.models.organizations import access_day

Audience = EscalationStep.Audience


@dataclass(frozen=True)
class Told:
    """A person and in which capacity he or she is told (“您是推进部门填报员”)."""

    user: User
    why: str


@dataclass
class Audiences:
    """People by duty, loaded once for many questions (four queries); visibility is asked once per person."""

    by_unit: dict[tuple[str, int], list[User]]
    by_role: dict[str, list[User]]
    sponsors: dict[int, User]
    officers: dict[int, list[User]]
    _visible: dict[int, frozenset[int] | None] = field(default_factory=dict)

    @classmethod
    def current(cls) -> "Audiences":
        """Those of today: whom a message reaches that is written now."""
        return cls.on(access_day())

    @classmethod
    def on(cls, day: date) -> "Audiences":
        """Everybody who has a duty on the day and an active account."""
        users = {user.pk: user for user in User.objects.filter(is_active=True)}
        for user in users.values():
            user.current_duties = []  # filled below, so that nobody's duties are asked one by one
        by_unit: dict[tuple[str, int], list[User]] = defaultdict(list)
        by_role: dict[str, list[User]] = defaultdict(list)
        duties = Duty.objects.in_force(day).filter(user__in=users).select_related("unit")
        for duty in duties.order_by("user__username"):
            user = users[duty.user_id]
            user.current_duties.append(duty)
            by_role[duty.role].append(user)
            if duty.unit_id:
                by_unit[duty.role, duty.unit_id].append(user)
        sponsors = Official.objects.filter(user__in=users).values_list("pk", "user")
        officers: dict[int, list[User]] = defaultdict(list)
        members = ProjectMember.objects.filter(
            kind=ProjectMember.Kind.SERVICE_OFFICER, user__in=users
        ).in_force(day)
        for project, pk in members.values_list("project", "user"):
            officers[project].append(users[pk])
        return cls(by_unit, by_role, {official: users[pk] for official, pk in sponsors}, officers)

    def told(self, audiences: Iterable[str], project: Project, unit_id: int | None = None) -> list[Told]:
        """The people of these audiences who may see the project, each once, in the order of the audiences.

        Reporters and heads are those of the unit that owes the next step and of the lead department.
        """
        units = {unit for unit in (unit_id, project.lead_department_id) if unit}
        found: dict[int, Told] = {}
        for audience in audiences:
            for user, why in self._of(audience, project, units):
                if user.pk not in found and self.may_see(user, project.pk):
                    found[user.pk] = Told(user, why)
        return list(found.values())

    def _of(self, audience: str, project: Project, units: set[int]) -> Iterable[tuple[User, str]]:
        if audience in (Audience.REPORTER, Audience.UNIT_HEAD):
            label = Role(audience).label
            return [
                (user, label) for unit in sorted(units) for user in self.by_unit.get((audience, unit), ())
            ]
        if audience == Audience.DISTRICT:
            return [(user, "属地填报员") for user in self.reporters(project.host_district_id)]
        if audience == Audience.SERVICE_OFFICER:
            return [(user, "服务专员") for user in self.officers.get(project.pk, ())]
        if audience == Audience.SPONSOR:
            sponsor = project.sponsor_id and self.sponsors.get(project.sponsor_id)
            return [(sponsor, "挂包领导")] if sponsor else []
        return [(user, Role(audience).label) for user in self.by_role.get(audience, ())]

    def reporters(self, unit_id: int | None) -> Sequence[User]:
        """The reporters of a unit, whether or not they see a certain project."""
        return self.by_unit.get((Role.REPORTER, unit_id), ()) if unit_id else ()

    def may_see(self, user: User, project_id: int) -> bool:
        """Whether the person may see the project, by the one rule (visible_to)."""
        if user.pk not in self._visible:
            self._visible[user.pk] = (
                None
                if user.sees_all_projects
                else frozenset(Project.objects.visible_to(user).values_list("pk", flat=True))
            )
        visible = self._visible[user.pk]
        return visible is None or project_id in visible

    def has_reporter(self, project: Project, unit_id: int | None) -> bool:
        """Whether anybody can be asked to mend it: a reporter of a unit concerned who sees the project."""
        return bool(self.told([Audience.REPORTER], project, unit_id))
