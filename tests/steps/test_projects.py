"""Projects, their people and chains (项目状态、服务人员、产业链): what is offered is done, the rest is refused alike."""

import datetime as dt

import pytest

from projects.models import ChainMember, ChainTask, Project, ProjectMember
from projects.services.attraction import chains
from projects.services.register import members
from projects.services.register import states as project_states
from tests.factories import NOW, TODAY, make_chain, make_problem
from tests.scene import Scene, make_cast
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
JANUARY = dt.date(2023, 1, 1)


def project_in(state: str):
    def made(scene: Scene) -> Project:
        Project.objects.filter(pk=scene.project.pk).update(state=state)
        return scene.project

    return made


def with_a_problem(scene: Scene) -> Project:
    make_problem(scene.project)
    return scene.project


def become(state: str):
    def changed(project: Project, by) -> None:
        project_states.change_state(
            project=project, state=state, effective_on=TODAY, reason="会议决定", by=by, now=NOW
        )

    return changed


STATES = Machine(
    project_states.steps_of,
    states={state: project_in(state) for state in Project.State.values} | {"unsettled": with_a_problem},
    verbs={state: become(state) for state in Project.State.values},
)


def member(kind: str, **fields):
    return lambda scene: ProjectMember.objects.create(
        project=scene.project, kind=kind, name="李娜", from_on=JANUARY, **fields
    )


MEMBERS = Machine(
    members.steps_of,
    states={
        "contact": member("enterprise_contact"),
        "contact of the past": member("enterprise_contact", until_on=TODAY),
        "officer": member("service_officer"),
        "officer of the past": member("service_officer", until_on=TODAY),
    },
    verbs={"end": lambda row, by: members.end_member(member=row, until_on=TODAY, by=by, now=NOW)},
)


def chain_member(**fields):
    def made(scene: Scene) -> ChainMember:
        team = {"unit": scene.project.lead_department, "post": "牵头单位", "from_on": JANUARY}
        return ChainMember.objects.create(chain=make_chain(), **team, **fields)

    return made


def task(**fields):
    def made(scene: Scene) -> ChainTask:
        work = {"year": 2023, "text": "编制图谱", "due_on": dt.date(2023, 11, 30), "made_at": NOW}
        return ChainTask.objects.create(
            chain=make_chain(), unit=scene.project.lead_department, **work, **fields
        )

    return made


CHAIN_MEMBERS = Machine(
    chains.member_steps_of,
    states={"serving": chain_member(), "of the past": chain_member(until_on=TODAY)},
    verbs={"end": lambda row, by: chains.end_member(member=row, until_on=TODAY, by=by, now=NOW)},
)
TASKS = Machine(
    chains.task_steps_of,
    states={
        "open": task(),
        "done": task(done_on=JANUARY, result="已编制"),
        "done and told in the same words": task(done_on=TODAY, result="完成"),
    },
    verbs={
        "finish": lambda row, by: chains.finish_task(task=row, done_on=TODAY, result="完成", by=by, now=NOW)
    },
)
MACHINES = {"state": STATES, "member": MEMBERS, "chain member": CHAIN_MEMBERS, "chain task": TASKS}


@pytest.mark.parametrize(
    ("subject", "state"), [(name, state) for name, machine in MACHINES.items() for state in machine.states]
)
def test_what_is_offered_is_done_and_the_rest_refused_alike(subject, state):
    MACHINES[subject].check(make_cast(), state)
