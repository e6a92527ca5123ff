"""What keeps a project from being closed (办结检查): milestones, problems and 督办 still open, each by name."""

from dataclasses import dataclass

from projects.models import DeliveryPlan, Milestone, Problem, Project, SupervisionLine


@dataclass(frozen=True)
class ClosingItem:
    """One thing that must be settled before 办结; `open` are the rows that are not, none when it is done."""

    key: str
    label: str
    unsettled: str
    open: tuple[Milestone | Problem | SupervisionLine, ...]

    @property
    def count(self) -> int:
        return len(self.open)

    @property
    def is_settled(self) -> bool:
        return not self.open

    @property
    def words(self) -> str:
        return f"{self.count}{self.unsettled}" if self.open else ""


def closing_check(project: Project) -> list[ClosingItem]:
    """The three conditions of a close, asked by the verb and shown by the page alike. Three queries."""
    milestones = Milestone.objects.filter(
        plan__project=project, plan__state=DeliveryPlan.State.APPROVED, achieved_on__isnull=True
    )
    problems = project.problems.exclude(state=Problem.State.RESOLVED).order_by("due_on", "pk")
    lines = project.supervision_lines.open().select_related("order")
    return [
        ClosingItem("milestones", "节点全部完成", "个节点未完成", tuple(milestones.order_by("due_on", "pk"))),
        ClosingItem("problems", "问题全部销号", "个问题未销号", tuple(problems)),
        ClosingItem("supervision", "督办全部办结", "件督办未办结", tuple(lines)),
    ]


def unsettled_words(items: list[ClosingItem]) -> str:
    """“3个节点未完成、1个问题未销号”; empty when the project may be closed."""
    return "、".join(item.words for item in items if not item.is_settled)
