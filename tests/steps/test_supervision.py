"""Supervision orders (督办单): what is offered is done, what is not is refused in the same words."""

import pytest

from projects.models import SupervisionLine, SupervisionOrder
from projects.services.base.steps import Steps
from projects.services.supervision import orders as service
from tests.factories import NOW, make_project
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def head(scene: Scene) -> dict:
    return {"type": "supervise", "unit": scene.project.lead_department, "facts": "逾期", "demand": "办结"}


def empty_draft(scene: Scene) -> SupervisionOrder:
    return service.draft_order(**head(scene), by=scene.people["inspector"], now=NOW)


def draft(scene: Scene) -> SupervisionOrder:
    order = empty_draft(scene)
    service.add_line(order=order, project=scene.project, matter="封顶", by=scene.people["inspector"], now=NOW)
    return order


def issued(scene: Scene) -> SupervisionOrder:
    return service.issue_order(order=draft(scene), by=scene.people["inspector"], now=NOW)


def received(scene: Scene) -> SupervisionOrder:
    return service.receive_order(order=issued(scene), by=scene.people["unit head"], now=NOW)


def void(scene: Scene) -> SupervisionOrder:
    return service.void_order(order=issued(scene), reason="有误", by=scene.people["office"], now=NOW)


def open_line(scene: Scene) -> SupervisionLine:
    return issued(scene).lines.get()


def replied(scene: Scene) -> SupervisionLine:
    return service.reply_line(line=open_line(scene), reply="已封顶", by=scene.people["reporter"], now=NOW)


def replied_by_the_office(scene: Scene) -> SupervisionLine:
    line = replied(scene)
    SupervisionLine.objects.filter(pk=line.pk).update(replied_by=scene.people["office"])
    return line


def sent_back(scene: Scene) -> SupervisionLine:
    return service.return_line(line=replied(scene), reason="请附照片", by=scene.people["inspector"], now=NOW)


def closed(scene: Scene) -> SupervisionLine:
    return service.close_line(line=replied(scene), by=scene.people["inspector"], now=NOW)


def of_a_void_slip(scene: Scene) -> SupervisionLine:
    line = replied(scene)
    service.void_order(order=line.order, reason="有误", by=scene.people["office"], now=NOW)
    return line


def edit(order: SupervisionOrder, by) -> None:
    facts = {"type": order.type, "unit": order.unit, "facts": "逾期20天", "demand": order.demand}
    service.edit_order(order=order, **facts, by=by, now=NOW)


def add(order: SupervisionOrder, by) -> None:
    service.add_line(order=order, project=make_project(), matter="封顶", by=by, now=NOW)


def of_the_slip(line: SupervisionLine, user, today) -> Steps:
    return Steps(edit=service.steps_of(line.order, user, today)["edit"])


ORDERS = Machine(
    service.steps_of,
    states={
        "empty draft": empty_draft,
        "draft": draft,
        "issued": issued,
        "received": received,
        "void": void,
    },
    verbs={
        "edit": edit,
        "issue": lambda order, by: service.issue_order(order=order, by=by, now=NOW),
        "void": lambda order, by: service.void_order(order=order, reason="有误", by=by, now=NOW),
        "receive": lambda order, by: service.receive_order(order=order, by=by, now=NOW),
    },
)
WITH_A_LINE_MORE = Machine(service.steps_of, ORDERS.states, ORDERS.verbs | {"edit": add})
LINES = Machine(
    service.line_steps_of,
    states={
        "of a draft": lambda scene: draft(scene).lines.get(),
        "open": open_line,
        "replied": replied,
        "replied by the office": replied_by_the_office,
        "sent back": sent_back,
        "closed": closed,
        "of a void slip": of_a_void_slip,
    },
    verbs={
        "reply": lambda line, by: service.reply_line(line=line, reply="已封顶", by=by, now=NOW),
        "close": lambda line, by: service.close_line(line=line, by=by, now=NOW),
        "send_back": lambda line, by: service.return_line(line=line, reason="请附照片", by=by, now=NOW),
    },
)
DROPPING = Machine(
    of_the_slip, LINES.states, {"edit": lambda line, by: service.drop_line(line=line, by=by, now=NOW)}
)


@pytest.mark.parametrize("machine", [ORDERS, WITH_A_LINE_MORE], ids=["edit", "add a line"])
@pytest.mark.parametrize("state", ORDERS.states)
def test_a_slip_offers_what_it_does(cast, machine, state):
    machine.check(cast, state)


@pytest.mark.parametrize("machine", [LINES, DROPPING], ids=["steps", "drop"])
@pytest.mark.parametrize("state", LINES.states)
def test_a_row_of_a_slip_offers_what_it_does(cast, machine, state):
    machine.check(cast, state)
