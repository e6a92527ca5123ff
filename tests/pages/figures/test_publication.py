"""Figures as published and as corrected since: what is sealed stays, every correction is listed, and they add up."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.digests.weekly import weekly_content
from projects.figures.corrections import Readings, corrected_sum
from projects.figures.definitions import AMOUNTS
from projects.figures.figures import figure_rows, figures_of
from projects.figures.population import DIMENSIONS, Scope
from projects.figures.published import as_corrected, as_published
from projects.models import (
    AnnualList,
    AuditRecord,
    Handover,
    IndustryChain,
    ListKind,
    Project,
    Publication,
    PublishedRow,
    Unit,
    WeeklyReport,
)
from projects.pages.base.scope import door
from projects.periods import TenDayPeriod, Week
from projects.queries.figures.corrections import correction_rows, find_causes
from projects.queries.register.ledger import ledger_of
from projects.services.figures.publications import seal_figures
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from projects.services.lists import adjustments as list_adjustments
from projects.services.register.handovers import hand_over
from projects.services.register.projects import correct_facts
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import submit_report
from projects.services.reports.review import confirm_report, reopen_report
from projects.services.weekly.issues import keep_draft, sign_report
from tests.crawling import Page, Walk
from tests.factories import (
    NOW,
    belongs,
    make_adjustment,
    make_list,
    make_listing,
    make_official,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.properties import costly
from tests.reading import folded, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SUNDAY = dt.date(2023, 10, 15)
MONDAY = NOW.replace(day=16)
LATER = NOW.replace(day=20)
PERIOD = TenDayPeriod.parse("2023-10-1")


@pytest.fixture(autouse=True)
def later(settings, tmp_path):
    settings.TODAY, settings.MEDIA_ROOT = LATER.date(), tmp_path


@pytest.fixture
def project_in_two_lists(unit, official):
    """Listed twice, started, with 300 万元 of 1000 reported."""
    project = make_project(
        "氮化硅项目", lead_department=unit, sponsor=official, started_on=dt.date(2023, 3, 5)
    )
    make_listing(project, planned_start="2023-03-31")
    make_listing(project, make_list("省级重点"), planned_investment=Decimal(900))
    make_report(project, "2023-10-1", "300")
    return project


@pytest.fixture
def other(unit):
    """Listed once, not started, nothing reported yet."""
    project = make_project("储能项目", lead_department=unit)
    make_listing(project, planned_start="2023-09-30")
    return project


def sealed(office, as_of=SUNDAY, now=MONDAY, name="新闻发布会") -> Publication:
    return seal_figures(name=name, as_of=as_of, by=office, now=now)


def numbers(scope, by="lead_department"):
    """Everything printed of a scope: figures, rates, gaps and lights of the total, the lists and a split."""
    found = figures_of(scope, by=by)
    return [
        (row.list_name, row.group_id, row.values, row.schedule_gap_points, row.lights)
        for row in (found.total, *found.lists, *found.groups)
    ]


def told(publication, annual_list=None):
    """(project, fact, before, after) of each correction, in words."""
    rows = correction_rows(Readings.of(publication).corrections(annual_list))
    return [(row.project, row.correction.fact, row.before, row.after) for row in rows]


def assert_corrections_add_up(publication):
    """The effects of the listed corrections are the differences of the figures, in total and of each list."""
    before, after = (
        figures_of(scope, follow_up=False) for scope in (as_published(publication), as_corrected(publication))
    )
    readings = Readings.of(publication)
    pairs = zip([before.total, *before.lists], [after.total, *after.lists], strict=True)
    for was, now in pairs:
        corrections = readings.corrections(was.scope.lists[0] if was.scope.lists else None)
        for figure in AMOUNTS:
            assert corrected_sum(corrections, figure) == now[figure] - was[figure], (was.list_name, figure)
        moved = sum((row.fact == "added") - (row.fact == "removed") for row in corrections)
        assert moved == now["projects"] - was["projects"]
        if not corrections:
            assert was.values == now.values


# --- sealing ----------------------------------------------------------------------------------------------


def printed(publication) -> list:
    """What a reader sees as published: each dimension's rows in their order, the rates in words, the ledger's lists."""
    scope = as_published(publication)
    rows = [row.as_json() for by in DIMENSIONS for row in figure_rows(scope, by=by, follow_up=False)]
    lists = [row.as_json() for row in figure_rows(scope, follow_up=False)]
    ledger = [
        (row.name, row.planned, [listing.annual_list.name for listing in row.listings_of_year])
        for row in ledger_of(scope.projects(), scope).order_by("code")
    ]
    return [lists, rows, ledger]


def test_ranks_places_packages_chains_and_hand_overs_changed_since_leave_what_was_published(
    office, project_in_two_lists, other
):
    chain, leader = IndustryChain.objects.create(name="新材料"), make_official()
    belongs(project_in_two_lists, industry_chain=chain)
    publication = sealed(office)
    before = printed(publication)
    assert [row["list"] for row in before[0]] == ["省级重点", "市级重大"]
    province, city = (ListKind.objects.get(name=name) for name in ("省级重点", "市级重大"))
    ListKind.objects.filter(pk=province.pk).update(position=city.position + 500, rate_places=2)
    ListKind.objects.filter(pk=city.pk).update(rate_places=0)
    AnnualList.objects.filter(kind=city).update(counts_level="package")
    belongs(make_project("产业园"), level="package", from_on=SUNDAY)
    belongs(other, level="phase", parent=project_in_two_lists, from_on=SUNDAY)
    belongs(project_in_two_lists, industry_chain=IndustryChain.objects.create(name="氢能"), from_on=SUNDAY)
    Handover.objects.create(
        project=project_in_two_lists, slot="sponsor", official=leader, from_on=SUNDAY, made_at=LATER
    )
    assert printed(publication) == before
    now = figures_of(as_corrected(publication), by="industry_chain", follow_up=False)
    assert [row.list_name for row in now.lists] == ["市级重大", "省级重点"]
    assert [row.places for row in now.lists] == [0, 2]
    assert (now.total["projects"], [row.group for row in now.groups]) == (1, ["氢能"])


def test_what_is_sealed_says_what_the_day_says(office, project_in_two_lists, other):
    chain = IndustryChain.objects.create(name="新材料")
    belongs(project_in_two_lists, industry_chain=chain)
    publication = sealed(office)
    for by in DIMENSIONS:
        published, corrected = numbers(as_published(publication), by), numbers(as_corrected(publication), by)
        for was, now in zip(published, corrected, strict=True):
            assert was[2].items() <= now[2].items()  # milestones and problems are not published
            assert (was[:2], was[3:]) == (now[:2], now[3:])
    assert not Readings.of(publication).corrections()
    assert AuditRecord.objects.get(action="封存数据").object_id == publication.pk


def test_a_date_of_fact_after_the_day_is_news_and_no_correction(office, other):
    Project.objects.filter(pk=other.pk).update(started_on=dt.date(2023, 10, 16))
    publication = sealed(office)
    assert publication.rows.get().started_on is None
    assert told(publication) == []


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("as_of", {"as_of": dt.date(2023, 10, 17)}),
        ("as_of", {"as_of": None}),
        ("as_of", {"as_of": dt.date(2022, 12, 31)}),
        ("name", {"name": "  "}),
        ("name", {"name": "逾期周报2023年第41期"}),
    ],
)
def test_what_cannot_be_sealed(office, project_in_two_lists, field, asked):
    with pytest.raises(ValidationError) as refusal:
        seal_figures(**{"name": "月报", "as_of": SUNDAY, "by": office, "now": MONDAY} | asked)
    assert list(refusal.value.message_dict) == [field]
    assert not Publication.objects.exists()


def test_a_name_once_a_day_and_by_the_office_alone(office, project_in_two_lists):
    sealed(office)
    with pytest.raises(ValidationError, match="已有同名"):
        sealed(office)
    with pytest.raises(PermissionDenied):
        sealed(make_user("inspector"), name="别名")


def draft() -> WeeklyReport:
    week = Week(2023, 41)
    return keep_draft(week=week, content=weekly_content(week).as_dict(), now=MONDAY)


def test_a_signed_weekly_report_publishes_what_it_prints(office, project_in_two_lists):
    report = sign_report(report=draft(), by=office, now=MONDAY)
    publication = report.publication
    assert (publication.as_of, publication.name) == (SUNDAY, "逾期周报2023年第41期")
    assert publication.rows.count() == 2
    assert [rate["invested"] for rate in report.content["rates"]] == ["0.03"] * 3
    assert AuditRecord.objects.filter(action="发布数据").exists()


def test_a_draft_that_the_data_have_left_behind_is_not_signed(office, project_in_two_lists):
    report = draft()
    project_in_two_lists.reports.update(invested_this_year=Decimal(900))
    rewrite_all_year_amounts()
    with pytest.raises(ValidationError, match=r"由0.03变为0.09.*重新生成"):
        sign_report(report=report, by=office, now=MONDAY)
    report.refresh_from_db()
    assert (report.state, PublishedRow.objects.count()) == ("draft", 0)
    sign_report(report=draft(), by=office, now=MONDAY)


# --- corrections ------------------------------------------------------------------------------------------


def corrected_report(project, office):
    reopen_report(report=project.reports.get(), reason="监理复核，核增", by=office, now=LATER)
    entry = ReportEntry(invested_this_year=Decimal("420.50"), physical_progress="主体封顶")
    report = submit_report(
        project=project, period=PERIOD, entry=entry, overrule_reason="代填", by=office, now=LATER
    )
    confirm_report(report=report, by=office, now=LATER)


def adjusted(project, office):
    adjustment = make_adjustment(make_list("省级重点"), office, effective_on=dt.date(2023, 9, 1))
    list_adjustments.put_line(
        adjustment=adjustment, project=project, change="removed", reason="转为区级", by=office, now=LATER
    )
    list_adjustments.submit_adjustment(adjustment=adjustment, by=office, now=LATER)
    list_adjustments.approve_adjustment(adjustment=adjustment, note="同意", by=office, now=LATER)


def started_earlier(project, office):
    facts = {"started_on": dt.date(2023, 3, 1)}
    correct_facts(project=project, facts=facts, reason="按施工许可", by=office, now=LATER)


def handed_over(project, office):
    to = make_unit("工信局")
    hand_over(
        project=project,
        slot="lead_department",
        to=to,
        from_on=dt.date(2023, 10, 10),
        document="淄高新办〔2023〕8号",
        by=office,
        now=LATER,
    )


CORRECTIONS = {
    corrected_report: [("氮化硅项目", "invested", "300万元", "420.50万元")],
    adjusted: [
        ("氮化硅项目", "annual_list", "省级重点", "市级重大"),
        ("氮化硅项目", "planned_investment", "900万元", "1,000万元"),
        ("氮化硅项目", "planned_start_on", "无", "2023-03-31"),
    ],
    started_earlier: [("氮化硅项目", "started_on", "2023-03-05", "2023-03-01")],
    handed_over: [("氮化硅项目", "lead_department", "建设局", "工信局")],
}
REASONS = {
    corrected_report: ("确认旬报", "监理复核，核增"),
    adjusted: ("名单调整：调出", "转为区级"),
    started_earlier: ("更正日期", "按施工许可"),
    handed_over: ("责任交接", "淄高新办〔2023〕8号"),
}


@pytest.mark.parametrize("correct", CORRECTIONS, ids=lambda verb: verb.__name__)
def test_a_correction_is_listed_and_changes_nothing_published(office, project_in_two_lists, other, correct):
    publication = sealed(office)
    before = numbers(as_published(publication))
    correct(project_in_two_lists, office)
    assert told(publication) == CORRECTIONS[correct]
    assert numbers(as_published(publication)) == before
    assert_corrections_add_up(publication)
    rows = correction_rows(Readings.of(publication).corrections())
    find_causes(publication, rows)
    for row in rows:
        assert (row.cause.by, row.cause.at, row.cause.action) == (office, LATER, REASONS[correct][0])
        assert REASONS[correct][1] in row.cause.reason


def test_a_list_shows_its_own_corrections_the_total_each_project_once(office, project_in_two_lists):
    publication = sealed(office)
    adjusted(project_in_two_lists, office)
    province, city = (AnnualList.objects.get(kind__name=name) for name in ("省级重点", "市级重大"))
    assert told(publication, province.pk) == [("氮化硅项目", "removed", "", "")]
    assert told(publication, city.pk) == []


def test_what_joins_a_list_late_brings_its_amounts(office, project_in_two_lists):
    publication = sealed(office)
    late = make_project("补列项目", total_investment=Decimal(5000))
    make_listing(late, effective_on=dt.date(2023, 8, 1), planned_investment=Decimal(700))
    make_report(late, "2023-09-3", "50")
    (correction,) = Readings.of(publication).corrections()
    assert correction.fact == "added"
    assert (correction.planned, correction.invested, correction.total) == (700, 50, 5000)
    assert_corrections_add_up(publication)


def test_a_baseline_chosen_later_moves_no_published_gap(office, project_in_two_lists):
    publication = sealed(office)
    before = numbers(as_published(publication))
    AnnualList.objects.update(baseline="month")
    assert numbers(as_published(publication)) == before
    assert numbers(as_corrected(publication)) != before


DAYS = [dt.date(2023, 9, 30), dt.date(2023, 10, 10), SUNDAY]


@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["report", "start", "plan", "holder", "statistics"]),
            st.sampled_from([dt.date(2023, 9, 15), dt.date(2023, 10, 5), dt.date(2023, 10, 12)]),
            st.integers(0, 2),
        ),
        max_size=4,
        unique=True,
    )
)
@costly(2)
def test_a_correction_dated_d_changes_figures_from_d_on_and_nothing_published(office, unit, moves):
    """Whatever is entered later: days before its own keep their figures, publications keep theirs, the list adds up."""
    with transaction.atomic():
        projects = [make_project(lead_department=unit) for _ in range(3)]
        for each in projects:
            make_listing(each, planned_start="2023-10-11")
            make_report(each, "2023-08-3", "100")
        publications = [sealed(office, day, name=f"至{day}") for day in DAYS]
        published = [numbers(as_published(item)) for item in publications]
        for what, day, number in moves:
            before = {at: figures_of(Scope(at, 2023), by="lead_department", follow_up=False) for at in DAYS}
            _move(projects[number], what, day, unit)
            for at in DAYS:
                after = figures_of(Scope(at, 2023), by="lead_department", follow_up=False)
                if at < day:
                    assert after == before[at], (what, day, at)
        assert [numbers(as_published(item)) for item in publications] == published
        for item in publications:
            assert_corrections_add_up(item)
        transaction.set_rollback(True)


def _move(project, what, day, unit):
    period = TenDayPeriod.containing(day)
    if what == "report" and not project.reports.filter(period_ends_on=period.last_on).exists():
        make_report(project, period.code, "250", counts_from_on=day)
    elif what == "start":
        Project.objects.filter(pk=project.pk, started_on=None).update(started_on=day)
    elif what == "statistics":
        Project.objects.filter(pk=project.pk, entered_statistics_on=None).update(entered_statistics_on=day)
    elif what == "plan" and not project.listings.get().versions.filter(effective_on=day).exists():
        make_listing(project, effective_on=day, planned_investment=Decimal(1500), category="continuing")
    elif what == "holder" and not project.handovers.filter(from_on=day).exists():
        to = Unit.objects.exclude(pk=unit.pk).first() or make_unit()
        project.handovers.create(slot="lead_department", unit=to, from_on=day, made_at=LATER)


# --- pages ------------------------------------------------------------------------------------------------


def opened(client, address, **query) -> Page:
    response = client.get(f"{address}?{urlencode(query)}" if query else address)
    assert response.status_code == 200, address
    page = Page.read(response.content.decode())
    page.text = folded(response.content.decode())
    return page


def people(unit, official):
    return [make_user("office"), make_user("reporter", unit=unit), official.user]


@pytest.mark.crawl
def test_doors_of_the_published_reading_agree_for_everybody(
    client, office, project_in_two_lists, other, unit, official
):
    publication = sealed(office)
    before = numbers(as_published(publication))
    for correct in CORRECTIONS:
        correct(project_in_two_lists, office)
    Project.objects.filter(pk=other.pk).update(total_investment=Decimal(1), started_on=dt.date(2023, 9, 1))
    Project.objects.filter(pk=project_in_two_lists.pk).update(lead_department=unit)  # still theirs to see
    assert numbers(as_published(publication)) == before
    keys = "new_starts_started missed_starts total_investment invested_this_year".split()
    for person in people(unit, official):
        client.force_login(person)
        whole = as_published(publication, person)
        city = replace(whole, lists=(make_list().pk,))
        for scope in (city, whole.within("lead_department", str(unit.pk)), whole.within("host_district", "")):
            total = figures_of(scope).total
            for key in keys:
                told = opened(client, door(scope, key)).told(key)
                assert [Decimal(number) for number in told] == [total[key]], (person, key)
        walk = Walk(client)
        assert walk.check(f"{reverse('dashboard')}?reading={publication.pk}", doors=2) > 10
        assert not walk.wrong


def test_the_ledger_as_published_shows_what_was_published(client, office, project_in_two_lists):
    publication = sealed(office)
    for correct in (corrected_report, started_earlier, handed_over):
        correct(project_in_two_lists, office)
    client.force_login(office)
    asked = {"reading": publication.pk, "columns": 1, "col": "started_on"}
    published = opened(client, reverse("project_list"), **asked).text
    corrected = opened(client, reverse("project_list"), as_of=SUNDAY, columns=1, col="started_on").text
    for words, page, absent in (("2023-03-05", published, corrected), ("2023-03-01", corrected, published)):
        assert words in page and words not in absent
    assert "发布时的数据" in published and "建设局</td>" in published and "工信局</td>" not in published
    for query, rows in (
        ({"light": publication.rows.first().light}, 1),
        ({"stage": "construction"}, 1),
        ({"stage": "preparatory"}, 0),
        ({"category": "new_start", "lead_department": Unit.objects.get(name="建设局").pk}, 1),
        ({"lead_department": Unit.objects.get(name="工信局").pk}, 0),
    ):
        assert opened(client, reverse("project_list"), reading=publication.pk, **query).counts == [str(rows)]


@pytest.mark.parametrize(
    "asked",
    [{"reading": 10**6}, {"reading": "²"}, {"reading": "9" * 30}, {"as_of": "2023-10-14"}, {"year": "2022"}],
)
def test_a_reading_nobody_knows_or_of_another_day_is_the_corrected_one(
    client, office, project_in_two_lists, asked
):
    publication = sealed(office)
    client.force_login(office)
    page = opened(client, reverse("dashboard"), **{"reading": publication.pk} | asked)
    assert "发布时的数据" not in page.text


def test_the_overview_says_what_was_corrected_since(client, office, project_in_two_lists, unit):
    sealed(office)
    client.force_login(office)
    page = opened(client, reverse("dashboard"), as_of=SUNDAY)
    assert "发布后无更正" in page.text
    corrected_report(project_in_two_lists, office)
    page = opened(client, reverse("dashboard"), as_of=SUNDAY)
    assert "此后更正 1 处，本年完成投资 +120.50 万元" in page.text and "查看差异" in page.text
    assert "该日数据已随" not in opened(client, reverse("dashboard")).text
    client.force_login(make_user("reporter", unit=unit))
    page = opened(client, reverse("dashboard"), as_of=SUNDAY)
    assert "此后更正 1 处" in page.text and "查看差异" not in page.text


def test_the_weekly_report_tells_of_corrections_since(client, office, project_in_two_lists):
    report = sign_report(report=draft(), by=office, now=MONDAY)
    client.force_login(office)
    address = reverse("weekly_detail", args=["2023-W41"])
    assert "发布后无更正" in opened(client, address).text
    corrected_report(project_in_two_lists, office)
    page = opened(client, address).text
    assert "本期数据发布后更正 1 处，本年完成投资 +120.50 万元" in page
    assert reverse("publication_detail", args=[report.publication.pk]) in page


@pytest.mark.crawl
def test_every_figure_of_a_publication_opens_its_rows(client, office, project_in_two_lists, other):
    publication = sealed(office)
    for correct in CORRECTIONS:
        correct(project_in_two_lists, office)
    client.force_login(office)
    address = reverse("publication_detail", args=[publication.pk])
    lists = [item.pk for item in AnnualList.objects.all()]
    for query in ({}, *({"list": pk} for pk in lists)):
        walk = Walk(client)
        assert walk.check(f"{address}?{urlencode(query)}") > 25
        assert not walk.wrong


def test_corrections_are_filtered_and_exported(client, office, project_in_two_lists, other):
    publication = sealed(office)
    for correct in CORRECTIONS:
        correct(project_in_two_lists, office)
    client.force_login(office)
    address = reverse("publication_detail", args=[publication.pk])
    assert opened(client, address).counts == ["6"]
    assert opened(client, address, fact="invested").counts == ["1"]
    assert opened(client, address, q="储能").counts == ["0"]
    assert opened(client, address, fact="nonsense").counts == ["0"]
    for kind in ("xlsx", "docx"):
        response = client.get(address, {"format": kind})
        assert response.status_code == 200 and b"".join(response.streaming_content)


def test_sealing_on_the_page(client, office, project_in_two_lists):
    client.force_login(office)
    address = reverse("publication_seal")
    page = client.post(address, {"name": "月报", "as_of": "2023-10-21"})
    assert "统计日不能晚于今天" in page.content.decode()
    response = client.post(address, {"name": "月报", "as_of": "2023-09-30"})
    assert response.url == reverse("publication_detail", args=[Publication.objects.get().pk])
    assert "发布后无更正" in client.get(response.url).content.decode()
    assert "月报" in client.get(reverse("publication_list")).content.decode()


def queries(client, address) -> int:
    client.get(address)
    return page_queries(client, address)


@pytest.mark.crawl
def test_as_many_queries_for_thirty_corrected_projects_as_for_one(client, office, project_in_two_lists):
    client.force_login(office)
    counts = []
    for number, more in enumerate((1, 30)):
        projects = [make_project(started_on=dt.date(2023, 3, 5)) for _ in range(more)]
        for each in projects:
            make_listing(each)
            make_report(each, "2023-10-1", "300")
        publication = sealed(office, name=f"第{number}次")
        for each in projects:
            started_earlier(each, office)
            handed_over(each, office) if each is projects[0] and not number else None
        detail = reverse("publication_detail", args=[publication.pk])
        addresses = [
            detail,
            f"{reverse('dashboard')}?as_of={SUNDAY}",
            f"{reverse('dashboard')}?reading={publication.pk}",
            f"{reverse('project_list')}?reading={publication.pk}",
            reverse("publication_list"),
        ]
        counts.append([queries(client, address) for address in addresses])
    assert counts[0] == counts[1]


def test_a_list_by_own_plans_that_plans_nothing_has_no_pro_rata_as_published_either(office, other):
    """Its 序时 is a share of nothing: the page of the publication shows “—” as the overview did."""
    make_list("省级重点", baseline="own_plan")
    publication = sealed(office)
    before, after = (
        {row.list_name: row.pro_rata_ratio.words() for row in figures_of(scope).lists}
        for scope in (Scope(SUNDAY, 2023), as_published(publication))
    )
    assert before == after == {"省级重点": "—", "市级重大": "77.8%"}
