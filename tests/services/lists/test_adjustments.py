"""List adjustments: drafted by one, approved by another, in force from a day on; the days before never change."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.figures import figure_total
from projects.figures.population import Scope
from projects.models import AuditRecord, ListAdjustment, Listing, ListingVersion, Project, Role, User
from projects.periods import day_words
from projects.services.lists import adjustments as service
from projects.services.lists.rolling import roll_over
from tests.factories import (
    NOW,
    TODAY,
    make_adjustment,
    make_list,
    make_listing,
    make_project,
    make_report,
    make_user,
)
from tests.properties import costly
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JULY = dt.date(2023, 7, 1)
State = ListAdjustment.State


@pytest.fixture
def draft(annual_list, office):
    return make_adjustment(annual_list, office)


def put(draft, project, change, by=None, **said):
    said.setdefault("reason", "按会议要求")
    return service.put_line(
        adjustment=draft, project=project, change=change, by=by or draft.made_by, now=NOW, **said
    )


def approved(draft, reviewer):
    service.submit_adjustment(adjustment=draft, by=draft.made_by, now=NOW)
    return service.approve_adjustment(adjustment=draft, by=reviewer, now=NOW)


def refused(field, call, *args, **kwargs) -> str:
    """The words at a field of what is refused; nothing is written."""
    before = (ListingVersion.objects.count(), AuditRecord.objects.count())
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    assert (ListingVersion.objects.count(), AuditRecord.objects.count()) == before
    return "".join(refusal.value.message_dict[field] if field else refusal.value.messages)


def figures(day, **scope):
    return figure_total(Scope(day, 2023, **scope), follow_up=False).values


# --- the way to the approval ------------------------------------------------------------------------------


def test_an_approval_writes_a_version_and_an_audit_row_for_each_line(annual_list, draft, colleague):
    raised, leaving, coming = make_project("甲"), make_project("乙"), make_project("丙")
    for project in (raised, leaving):
        make_listing(project, annual_list, planned_start="2023年6月")
    put(draft, raised, "raised", planned_investment=Decimal(1500))
    put(draft, leaving, "removed")
    put(
        draft,
        coming,
        "added",
        category="preparatory",
        planned_investment=Decimal(300),
        planned_start="2023年9月",
    )
    assert not ListingVersion.objects.filter(adjustment=draft).exists()
    approved(draft, colleague)
    draft.refresh_from_db()
    assert (draft.state, draft.reviewed_by, draft.reviewed_at) == (State.APPROVED, colleague, NOW)
    versions = {version.listing.project: version for version in draft.versions.all()}
    assert set(versions) == {raised, leaving, coming}
    for version in versions.values():
        assert (version.effective_on, version.document, version.made_by) == (JULY, draft.document, colleague)
    assert versions[raised].planned_investment == 1500
    assert (versions[raised].category, versions[raised].planned_start) == ("new_start", "2023年6月")  # kept
    assert versions[coming].planned_start_on == dt.date(2023, 9, 30)
    assert {v.listing.project for v in ListingVersion.objects.in_force(TODAY)} == {raised, coming}
    row = AuditRecord.objects.get(action="名单调整：调增")
    assert (row.by, row.project, row.changes["planned_investment"]) == (
        colleague,
        raised,
        ["1000.00", "1500.00"],
    )
    assert draft.document in row.reason
    assert set(row.changes) == {
        "planned_investment",
        "effective_on",
        "change",
        "document",
        "adjustment_id",
        "made_by_id",
    }
    actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"提交名单调整", "名单调整复核通过", "名单调整：调出", "名单调整：调入"} <= actions


def test_a_removed_project_comes_back_on_the_same_listing(annual_list, office, colleague):
    project = make_project()
    make_listing(project, annual_list, planned_completion="2024年12月")
    out = make_adjustment(annual_list, office, (project, "removed", {}))
    approved(out, colleague)
    back = make_adjustment(annual_list, office, effective_on=dt.date(2023, 9, 1))
    put(back, project, "added", category="continuing", planned_investment=Decimal(70))
    approved(back, colleague)
    assert Listing.objects.get().versions.count() == 3
    version = ListingVersion.objects.in_force(TODAY).get()
    assert (version.category, version.planned_investment, version.planned_completion) == (
        "continuing",
        70,
        "",
    )
    assert not ListingVersion.objects.in_force(dt.date(2023, 8, 31)).exists()


def test_a_preparatory_project_turned_real_changes_category_and_plan_at_once(annual_list, draft, colleague):
    project = make_project()
    make_listing(project, annual_list, category="preparatory", planned_investment=0)
    put(
        draft,
        project,
        "reclassified",
        category="new_start",
        planned_investment=Decimal(800),
        planned_start="2023年8月",
    )
    approved(draft, colleague)
    version = ListingVersion.objects.in_force(TODAY).get()
    assert (version.category, version.planned_investment, version.planned_start) == (
        "new_start",
        800,
        "2023年8月",
    )


def test_a_future_adjustment_changes_nothing_until_its_day(annual_list, office, colleague):
    project = make_project()
    make_listing(project, annual_list)
    later = make_adjustment(
        annual_list,
        office,
        (project, "raised", {"planned_investment": 5000}),
        effective_on=dt.date(2023, 12, 1),
    )
    approved(later, colleague)
    assert (
        figures(TODAY)["planned_investment"] == figures(dt.date(2023, 11, 30))["planned_investment"] == 1000
    )
    assert figures(dt.date(2023, 12, 1))["planned_investment"] == 5000


def test_all_or_nothing_when_a_line_no_longer_fits(annual_list, draft, colleague):
    fine, moved = make_project("合适"), make_project("已变动")
    for project in (fine, moved):
        make_listing(project, annual_list)
        put(draft, project, "raised", planned_investment=Decimal(2000))
    service.submit_adjustment(adjustment=draft, by=draft.made_by, now=NOW)
    make_listing(moved, annual_list, effective_on=dt.date(2023, 8, 1))
    words = refused(None, service.approve_adjustment, adjustment=draft, by=colleague, now=NOW)
    assert "已变动" in words and "2023年8月1日" in words and "合适" not in words
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


def test_the_drafter_does_not_approve_unless_alone_and_then_with_a_note(annual_list, draft, colleague):
    project = make_project()
    make_listing(project, annual_list)
    put(draft, project, "removed")
    own = {"adjustment": draft, "by": draft.made_by, "now": NOW}
    service.submit_adjustment(**own)
    assert "不能复核自己" in refused(None, service.approve_adjustment, note="可以", **own)
    colleague.is_active = False
    colleague.save()
    own["by"] = User.objects.get(pk=draft.made_by_id)  # who is the whole office is asked once a request
    assert "须填写复核意见" in refused("note", service.approve_adjustment, **own)
    service.approve_adjustment(note="单人在岗，已核对文件", **own)
    draft.refresh_from_db()
    assert (draft.state, draft.review_note) == (State.APPROVED, "单人在岗，已核对文件")


def test_a_second_approval_is_refused_and_writes_nothing(annual_list, draft, colleague):
    project = make_project()
    make_listing(project, annual_list)
    put(draft, project, "removed")
    approved(draft, colleague)
    assert "已生效" in refused(None, service.approve_adjustment, adjustment=draft, by=colleague, now=NOW)
    for verb in (service.return_adjustment, service.withdraw_adjustment):
        assert "已生效" in refused(None, verb, adjustment=draft, note="晚了", by=colleague, now=NOW)


def test_a_returned_one_is_mended_and_goes_in_again(annual_list, draft, colleague):
    project = make_project()
    make_listing(project, annual_list)
    line = put(draft, project, "raised", planned_investment=Decimal(1001))
    service.submit_adjustment(adjustment=draft, by=draft.made_by, now=NOW)
    assert "原因" in refused(
        "note", service.return_adjustment, adjustment=draft, note=" ", by=colleague, now=NOW
    )
    service.return_adjustment(adjustment=draft, note="金额有误", by=colleague, now=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.review_note) == (State.DRAFT, "金额有误")
    service.drop_line(line=line, by=draft.made_by, now=NOW)
    put(draft, project, "raised", planned_investment=Decimal(1100))
    approved(draft, colleague)
    assert ListingVersion.objects.in_force(TODAY).get().planned_investment == 1100


def test_a_withdrawn_one_stays_and_its_document_may_be_used_again(annual_list, draft, office, colleague):
    assert "原因" in refused(
        "note", service.withdraw_adjustment, adjustment=draft, note="", by=colleague, now=NOW
    )
    service.withdraw_adjustment(adjustment=draft, note="会议未通过", by=colleague, now=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.review_note) == (State.WITHDRAWN, "会议未通过")
    again = {
        "annual_list": annual_list,
        "document": draft.document,
        "effective_on": JULY,
        "by": office,
        "now": NOW,
    }
    service.draft_adjustment(**again)
    assert "已有文号" in refused("document", service.draft_adjustment, **again)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.ADMINISTRATOR, Role.REPORTER])
def test_only_the_office_adjusts_lists(annual_list, draft, role):
    who = {"by": make_user(role), "now": NOW}
    for verb in (service.submit_adjustment, service.approve_adjustment):
        with pytest.raises(PermissionDenied):
            verb(adjustment=draft, **who)
    for verb in (service.return_adjustment, service.withdraw_adjustment):
        with pytest.raises(PermissionDenied):
            verb(adjustment=draft, note="不行", **who)
    with pytest.raises(PermissionDenied):
        service.draft_adjustment(annual_list=annual_list, document="1号", effective_on=JULY, **who)


def test_only_its_drafter_changes_a_draft_and_nobody_a_submitted_one(annual_list, draft, colleague):
    project = make_project()
    make_listing(project, annual_list)
    with pytest.raises(PermissionDenied):
        put(draft, project, "removed", by=colleague)
    line = put(draft, project, "removed")
    service.submit_adjustment(adjustment=draft, by=draft.made_by, now=NOW)
    assert "待复核" in refused(None, put, draft, make_project(), "removed")
    assert "待复核" in refused(None, service.drop_line, line=line, by=draft.made_by, now=NOW)
    assert "待复核" in refused(None, service.submit_adjustment, adjustment=draft, by=draft.made_by, now=NOW)


# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("document", {"document": "  "}),
        ("effective_on", {"effective_on": dt.date(2022, 12, 31)}),
        ("effective_on", {"effective_on": dt.date(2024, 1, 1)}),
    ],
)
def test_a_head_without_document_or_outside_the_year_is_refused(annual_list, office, draft, field, given):
    head = {"document": "淄高新发改〔2023〕99号", "effective_on": JULY} | given
    assert refused(field, service.draft_adjustment, annual_list=annual_list, by=office, now=NOW, **head)
    assert refused(field, service.revise_adjustment, adjustment=draft, by=office, now=NOW, **head)


def test_an_empty_adjustment_is_not_submitted(draft):
    assert "还没有明细" in refused(
        None, service.submit_adjustment, adjustment=draft, by=draft.made_by, now=NOW
    )


LISTED = {"category": "new_start", "planned_investment": Decimal(1000), "planned_start": "2023年6月"}


@pytest.mark.parametrize(
    ("listed", "change", "said", "field", "words"),
    [
        (True, "added", {"category": "new_start", "planned_investment": 1}, "change", "已在名单内"),
        (False, "removed", {}, "change", "不能调出"),
        (False, "raised", {"planned_investment": 9}, "change", "不能调增"),
        (False, "lowered", {"planned_investment": 9}, "change", "不能调减"),
        (False, "reclassified", {"category": "continuing"}, "change", "不能类别变更"),
        (True, "raised", {"planned_investment": 1000}, "planned_investment", "须大于"),
        (True, "raised", {}, "planned_investment", "须大于"),
        (True, "lowered", {"planned_investment": 1000}, "planned_investment", "须小于"),
        (True, "raised", {"planned_investment": 2000, "category": "continuing"}, "category", "请用类别变更"),
        (True, "reclassified", {"category": "new_start"}, "category", "没有变化"),
        (True, "reclassified", {"planned_investment": 2000}, "category", "没有变化"),
        (False, "added", {"planned_investment": 1}, "category", "项目类别"),
        (False, "added", {"category": "new_start"}, "planned_investment", "年度计划投资"),
        (True, "reclassified", {"planned_completion": "2023年5月"}, "planned_completion", "不能早于"),
        (True, "raised", {"planned_investment": -1}, "planned_investment", "不能为负数"),
        (True, "raised", {"planned_investment": 2000, "planned_start": "明白"}, "planned_start", "明白"),
        (True, "raised", {"planned_investment": 2000, "reason": " "}, "reason", ""),
    ],
)
def test_a_line_that_does_not_fit_is_refused_where_it_is_wrong(
    annual_list, draft, listed, change, said, field, words
):
    project = make_project()
    if listed:
        make_listing(project, annual_list, **LISTED)
    assert words in refused(field, put, draft, project, change, **said)
    assert not draft.lines.exists()


@pytest.mark.parametrize("last", [JULY, dt.date(2023, 8, 1)])
def test_the_effective_date_comes_after_the_last_version_of_the_project(annual_list, draft, last):
    project = make_project()
    make_listing(project, annual_list)
    make_listing(project, annual_list, effective_on=last, planned_investment=1500)
    assert day_words(last) in refused("change", put, draft, project, "removed")


def test_a_project_has_one_line_in_an_adjustment(annual_list, draft):
    project = make_project()
    make_listing(project, annual_list)
    put(draft, project, "removed")
    assert "已有一条明细" in refused(None, put, draft, project, "removed")


def test_a_plan_above_the_total_investment_needs_a_word(annual_list, draft):
    project = make_project(total_investment=Decimal(1200))
    make_listing(project, annual_list)
    assert "超过项目总投资" in refused(
        "confirmed", put, draft, project, "raised", planned_investment=Decimal(1201)
    )
    assert put(draft, project, "raised", planned_investment=Decimal(1201), confirmed=True).pk


# --- figures ----------------------------------------------------------------------------------------------

CATEGORIES = ["new_start", "continuing", "preparatory"]
AMOUNTS = st.integers(0, 5000).map(Decimal)
PROJECTS = st.fixed_dictionaries(
    {"listed": st.booleans(), "category": st.sampled_from(CATEGORIES), "plan": AMOUNTS, "part": st.booleans()}
)
WISHES = st.fixed_dictionaries(
    {"change": st.sampled_from(["added", "removed", "raised", "lowered", "reclassified"])}
    | {"category": st.sampled_from(["", *CATEGORIES]), "plan": st.none() | AMOUNTS}
)


@given(
    people=st.lists(st.tuples(PROJECTS, WISHES), min_size=1, max_size=5),
    level=st.sampled_from(Project.Level.values),
    day=st.dates(dt.date(2023, 1, 2), dt.date(2023, 12, 31)),
)
@costly(8)
def test_random_adjustments_change_what_they_say_from_their_day_on_and_nothing_before(
    office, colleague, people, level, day
):
    with transaction.atomic():  # each example begins with an empty database
        random_adjustment(office, colleague, people, level, day)
        transaction.set_rollback(True)


def random_adjustment(drafter, reviewer, people, level, day):
    city = make_list(counts_level=level)
    draft = make_adjustment(city, drafter, effective_on=day)
    package, members, written = None, {}, {}
    for fact, wish in people:
        project = make_project(parent=package if fact["part"] else None)
        package = package or project
        make_report(project, invested="10")
        if fact["listed"]:
            make_listing(project, city, category=fact["category"], planned_investment=fact["plan"])
            members[project.pk] = (fact["category"], fact["plan"])
        try:
            put(
                draft, project, wish["change"], category=wish["category"],
                planned_investment=wish["plan"], confirmed=True,
            )  # fmt: skip
        except ValidationError:
            continue
        written[project.pk] = wish
    days_before = [dt.date(2023, 1, 1), day - dt.timedelta(days=1)]
    earlier = [figures(each) for each in days_before]
    if not written:
        return
    preview = service.effect_of(draft, as_of=TODAY, by=drafter, now=NOW)
    approved(draft, reviewer)
    assert [figures(each) for each in days_before] == earlier
    for pk, wish in written.items():
        old = members.pop(pk, ("", Decimal(0)))
        if wish["change"] != "removed":
            members[pk] = (wish["category"] or old[0], old[1] if wish["plan"] is None else wish["plan"])
    parents = dict(Project.objects.filter(pk__in=members).values_list("pk", "parent"))
    if level == Project.Level.PACKAGE:
        counted = [pk for pk in members if parents[pk] not in members]
    else:
        counted = [pk for pk in members if pk not in parents.values()]
    after = figures(day)
    assert after["projects"] == len(counted)
    assert after["planned_investment"] == sum(members[pk][1] for pk in counted)
    assert after["new_starts"] == sum(members[pk][0] == "new_start" for pk in counted)
    draft.refresh_from_db()
    shown = service.effect_of(draft, as_of=TODAY, by=drafter, now=NOW)
    assert (preview.before.values, preview.after.values) == (shown.before.values, shown.after.values)
    assert figures(TODAY, listed_on=day) == shown.after.values


def test_a_preview_leaves_nothing_behind_and_says_none_of_what_does_not_fit(annual_list, draft):
    project = make_project()
    make_listing(project, annual_list)
    put(draft, project, "raised", planned_investment=Decimal(2000))
    make_report(project, invested="500")
    effect = service.effect_of(draft, as_of=TODAY, by=draft.made_by, now=NOW)
    assert ListingVersion.objects.count() == 1
    assert (effect.planned_words, effect.completion_points) == ("+1,000", Decimal("-25.0"))
    make_listing(project, annual_list, effective_on=dt.date(2023, 9, 1))
    assert service.effect_of(draft, as_of=TODAY, by=draft.made_by, now=NOW) is None
    assert "2023年9月1日" in service.refusals_of(draft)[0]


def test_an_approval_asks_as_often_for_many_lines_as_for_few(annual_list, office, colleague):
    def queries(number) -> int:
        draft = make_adjustment(annual_list, office)
        for _ in range(number):
            project = make_project()
            make_listing(project, annual_list)
            put(draft, project, "removed")
            put(draft, make_project(), "added", category="new_start", planned_investment=Decimal(1))
        service.submit_adjustment(adjustment=draft, by=office, now=NOW)
        return queries_of(service.approve_adjustment, adjustment=draft, by=colleague, now=NOW)

    queries(1)  # duties of the two people are remembered
    assert queries(2) == queries(12)


def test_next_year_s_list_is_drawn_up_from_this_one_as_one_reviewed_act(office):
    """续建 taken along, 竣工 left, plans asked for; a second time refused in words."""
    annual_list, second = make_list(), make_user("office")
    under_way = make_project("在建", started_on=dt.date(2023, 5, 1))
    waiting = make_project("未开工")
    finished = make_project("竣工", started_on=dt.date(2023, 1, 5), completed_on=dt.date(2023, 12, 1))
    for project in (under_way, waiting, finished):
        make_listing(project, annual_list, planned_start="2023年6月", planned_completion="2024-10-31")
    now = dt.datetime(2024, 1, 8, 9, tzinfo=NOW.tzinfo)
    given = {"annual_list": annual_list, "effective_on": dt.date(2024, 1, 1), "by": office, "now": now}
    adjustment = roll_over(document="淄高新发改〔2024〕1号", **given)
    lines = {line.project.name: (line.category, line.planned_investment) for line in adjustment.lines.all()}
    assert lines == {"在建": ("continuing", None), "未开工": ("new_start", None)}
    with pytest.raises(ValidationError, match="须填写年度计划投资"):
        service.submit_adjustment(adjustment=adjustment, by=office, now=now)
    with pytest.raises(ValidationError, match="不能再次滚动编制"):
        roll_over(document="淄高新发改〔2024〕2号", **given)
    for project, category in ((under_way, "continuing"), (waiting, "new_start")):
        service.put_line(
            adjustment=adjustment, project=project, change="added", reason="上年结转", category=category,
            planned_investment=Decimal(500), by=office, now=now,
        )  # fmt: skip
    service.submit_adjustment(adjustment=adjustment, by=office, now=now)
    service.approve_adjustment(adjustment=adjustment, by=second, now=now)
    assert make_list(year=2024).projects_on(now.date()).count() == 2
    with pytest.raises(ValidationError, match="已有项目，不能再次滚动编制"):
        roll_over(document="淄高新发改〔2024〕3号", **given)
