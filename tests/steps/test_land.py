"""Items of a plot (用地事项): what is offered is done, what is not is refused in the same words."""

import pytest

from projects.models import PlotItem, Project
from projects.services.papers.land import finish_item, skip_item, start_item, steps_of, undo_item
from tests.factories import NOW, TODAY, make_plot
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
State = PlotItem.State


def first_item(scene: Scene) -> PlotItem:
    """An item that nothing comes before, and that something waits for."""
    items = make_plot(scene.project).items.filter(item__predecessors=None, item__successors__is_active=True)
    return items.order_by("item__position").first()


def item_in(state: str, **fields):
    def made(scene: Scene) -> PlotItem:
        item = first_item(scene)
        PlotItem.objects.filter(pk=item.pk).update(state=state, **fields)
        return item

    return made


def next_item(scene: Scene) -> PlotItem:
    first = first_item(scene)
    return first.plot.items.filter(item__in=first.item.successors.all()).first()


def with_a_later_one_begun(scene: Scene) -> PlotItem:
    item = item_in(State.DONE, started_on=TODAY, done_on=TODAY, document="批1号")(scene)
    item.plot.items.filter(item__in=item.item.successors.all()).update(state=State.RUNNING, started_on=TODAY)
    return item


def of_ended_project(scene: Scene) -> PlotItem:
    item = item_in(State.RUNNING, started_on=TODAY)(scene)
    Project.objects.filter(pk=scene.project.pk).update(state=Project.State.CLOSED)
    return item


ITEMS = Machine(
    steps_of,
    states={
        "waiting": first_item,
        "waiting for another": next_item,
        "running": item_in(State.RUNNING, started_on=TODAY),
        "done": item_in(State.DONE, started_on=TODAY, done_on=TODAY, document="批1号"),
        "done with a later one begun": with_a_later_one_begun,
        "not needed": item_in(State.NOT_NEEDED, note="不涉及林地"),
        "of an ended project": of_ended_project,
    },
    verbs={
        "start": lambda item, by: start_item(item=item, started_on=TODAY, by=by, now=NOW),
        "finish": lambda item, by: finish_item(item=item, done_on=TODAY, document="批2号", by=by, now=NOW),
        "skip": lambda item, by: skip_item(item=item, reason="不涉及林地", by=by, now=NOW),
        "undo": lambda item, by: undo_item(item=item, reason="误报", by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", ITEMS.states)
def test_an_item_of_a_plot_offers_what_it_does(cast, state):
    ITEMS.check(cast, state)
