"""Plan templates in the admin: steps with their order as people write it; what cannot be scheduled is refused."""

import pytest

from projects.models import AuditRecord, PlanTemplate, TemplateStep, Unit
from tests.admin_pages import errors, form_of, save, url
from tests.factories import make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]


@pytest.fixture
def template():
    return PlanTemplate.objects.get(name="工业项目")


def address(template):
    return url(PlanTemplate, "change", template.pk)


def place(template, name) -> str:
    """The form prefix of a step."""
    names = list(template.steps.order_by("position").values_list("name", flat=True))
    return f"steps-{names.index(name)}"


def before(template, name) -> set[str]:
    step = template.steps.get(name=name)
    return {one.name for one in step.predecessors.all()}


def test_saving_the_page_as_shown_changes_nothing(client, template):
    assert save(client, address(template)).status_code == 302
    assert not AuditRecord.objects.exists()
    assert before(template, "方案审查") == {"环评", "能评", "安评"}


def test_order_and_limits_are_changed_and_remembered(client, template):
    review, impact = place(template, "方案审查"), place(template, "环评")
    answer = save(client, address(template), **{f"{review}-before": "70，80", f"{impact}-duration": "20"})
    assert answer.status_code == 302, errors(answer)
    assert before(template, "方案审查") == {"环评", "能评"}
    assert template.steps.get(name="环评").duration == 20
    assert AuditRecord.objects.get(action="调整紧前节点").reason == "紧前节点：环评、能评"
    assert AuditRecord.objects.get(action="修改").changes == {"duration": [30, 20]}


def test_a_new_step_stands_between_others_by_its_place(client, template):
    data = form_of(client.get(address(template)))
    number = data["steps-TOTAL_FORMS"]
    data |= {
        "steps-TOTAL_FORMS": int(number) + 1,
        f"steps-{number}-position": "65",
        f"steps-{number}-stage": "preparatory",
        f"steps-{number}-name": "水土保持",
        f"steps-{number}-duration": "10",
        f"steps-{number}-day_kind": "working",
        f"steps-{number}-before": "60",
        f"steps-{number}-answers": "lead_department",
        f"steps-{number}-weight": "1",
        f"{place(template, '方案审查')}-before": "65、70、80、90",
    }
    answer = client.post(address(template), data)
    assert answer.status_code == 302, errors(answer)
    assert before(template, "水土保持") == {"用地规划许可"}
    assert "水土保持" in before(template, "方案审查")


def test_a_step_is_removed(client, template):
    answer = save(
        client,
        address(template),
        **{f"{place(template, '安评')}-DELETE": "on", f"{place(template, '方案审查')}-before": "70、80"},
    )
    assert answer.status_code == 302, errors(answer)
    assert not template.steps.filter(name="安评").exists()
    assert AuditRecord.objects.get(action="删除").object_text == "安评"


@pytest.mark.parametrize(
    ("name", "field", "value", "said"),
    [
        ("供地", "before", "70", "“供地”→“用地规划许可”"),
        ("供地", "before", "50", "“供地”→“供地”以自己为前置，形成循环"),
        ("供地", "before", "999", "“供地”的紧前节点“999”不存在"),
        ("供地", "before", "规划选址", "紧前节点请填写序号"),
        ("供地", "before", "9" * 40, "紧前节点请填写序号"),
        ("供地", "duration", "9999", "超过3650天"),
        ("供地", "duration", "-1", "0"),
        ("供地", "answers", "unit", "责任方为指定单位的，须选择单位"),
        ("供地", "unit", "424242", "选择一个有效的选项"),
        ("供地", "unit", "行政审批局", "选择一个有效的选项"),
        ("供地", "name", "环评", "节点名称重复"),
        ("供地", "position", "40", "序号重复"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(client, template, name, field, value, said):
    template.steps.filter(position__gt=70).delete()  # a shorter page, up to 环评
    kept = list(TemplateStep.objects.values())
    orders = {step.pk: set(step.predecessors.all()) for step in TemplateStep.objects.all()}
    answer = save(client, address(template), **{f"{place(template, name)}-{field}": value})
    assert answer.status_code == 200
    assert said in errors(answer)
    assert list(TemplateStep.objects.values()) == kept
    assert {step.pk: set(step.predecessors.all()) for step in TemplateStep.objects.all()} == orders
    assert not AuditRecord.objects.exists()


def test_a_named_unit_answers_for_its_step(client, template):
    unit = make_unit("行政审批服务局", kind=Unit.Kind.OTHER)
    prefix = place(template, "施工许可")
    answer = save(client, address(template), **{f"{prefix}-answers": "unit", f"{prefix}-unit": str(unit.pk)})
    assert answer.status_code == 302, errors(answer)
    assert template.steps.get(name="施工许可").unit == unit
