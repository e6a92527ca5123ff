"""Further people and units on a project (协办单位、服务专员、代办员、企业联系人)."""

from datetime import date

from ..models import Project, ProjectMember, Unit


def let_in(*, project: Project, unit: Unit, on: date) -> None:
    """Make the unit a supporting one (协办单位) unless it works on the project already, so that it sees what it owes."""
    if unit.pk in {project.lead_department_id, project.host_district_id}:
        return
    ProjectMember.objects.get_or_create(
        project=project,
        kind=ProjectMember.Kind.SUPPORTING_UNIT,
        unit=unit,
        until_on=None,
        defaults={"from_on": on},
    )
