"""Lead pages (招商项目): list by stage with doors, forms, landing with near matches, roles, constant queries."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import Lead, Project, SavedView
from tests.crawling import Page, Walk, turns
from tests.factories import NOW, make_chain, make_lead, make_official, make_project, make_unit, make_user
from tests.reading import page, page_queries

pytestmark = pytest.mark.django_db
SIGNED = (("talking", "2023-03-01"), ("signed", "2023-06-01"))
LANDED = (*SIGNED, ("landed", "2023-08-01"))
ENDED = (("talking", "2023-03-01"), ("ended", "2023-04-01"))


def count(client, **query) -> int:
    return client.get(reverse("lead_list"), query).context["table"].paginator.count


def pipeline(unit):
    """Leads of two units in every stage."""
    for stages in (SIGNED, SIGNED, LANDED, ENDED, ()):
        make_lead(unit, *stages, agreed_investment=Decimal("12345.67"))
    make_lead(make_unit(), *SIGNED)


def doors_of(client, address: str) -> set:
    return {
        figure
        for figure in Page.read(page(client.get(address))).figures
        if figure.key in {"leads", "agreed_investment"}
    }


def disagreeing(client, doors) -> list:
    """Doors whose page has another count or, for a sum, another sum."""
    walk = Walk(client)
    return [
        one
        for one in doors
        if [Decimal(n) for n in walk.open(one.href).told(one.key)] != [Decimal(one.value)]
    ]


class TestList:
    @pytest.mark.parametrize("person", turns(["reporter", "office", "inspector"]))
    @pytest.mark.parametrize(
        "query", turns(["", "?origin=out_of_province", "?as_of=2023-07-31", "?stage=signed"])
    )
    def test_each_stages_count_and_sum_open_exactly_their_rows(self, client, unit, reporter, person, query):
        pipeline(unit)
        client.force_login(reporter if person == "reporter" else make_user(person))
        doors = doors_of(client, reverse("lead_list") + query)
        assert len(doors) == 8
        assert any(Decimal(one.value) > 0 for one in doors)
        assert not disagreeing(client, doors)

    def test_stages_are_those_of_the_day(self, client, unit, office):
        pipeline(unit)
        client.force_login(office)
        assert count(client, stage="landed") == 1
        assert count(client, stage="landed", as_of="2023-07-31") == 0
        assert count(client, as_of="2023-02-28") == 0
        assert count(client, stage="live") == 5

    def test_the_lists_filters_narrow(self, client, unit, office):
        chain = make_chain()
        make_lead(unit, name="储能电池", industry_chain=chain, project=make_project())
        make_lead(make_unit(), origin="abroad")
        client.force_login(office)
        for query in (
            {"q": "储能"},
            {"industry_chain": chain.pk},
            {"unit": unit.pk},
            {"origin": "out_of_province"},
            {"linked": "yes"},
        ):
            assert count(client, **query) == 1, query

    def test_a_unit_sees_its_own_a_chain_leader_the_chains(self, client, unit, reporter):
        leader = make_user("sponsor")
        chain = make_chain(chain_leader=make_official("链长", leader))
        own = make_lead(unit)
        of_chain = make_lead(make_unit(), industry_chain=chain)
        for user, seen in ((reporter, {own}), (leader, {of_chain}), (make_user("service_officer"), set())):
            client.force_login(user)
            response = client.get(reverse("lead_list"))
            assert {row.record for row in response.context["table"].paginated_rows} == seen
        assert client.get(reverse("lead_detail", args=[own.pk])).status_code == 404

    def test_the_file_holds_the_rows_seen(self, client, unit, office):
        make_lead(unit, *SIGNED, name="储能电池", project=make_project("储能电池一期"))
        make_lead(unit, name="别的")
        client.force_login(office)
        answer = client.get(reverse("lead_list"), {"stage": "signed", "format": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(answer))).active
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert {"储能电池", "签约", "储能电池一期", "省外", "建设局"} <= set(cells)
        assert "别的" not in cells
        assert client.get(reverse("lead_list"), {"format": "docx"}).status_code == 200

    def test_a_view_of_it_may_be_kept(self, client, office):
        client.force_login(office)
        client.post(
            reverse("view_save"), {"page": "lead_list", "name": "签约未落地", "query": "stage=signed"}
        )
        assert SavedView.objects.get().query == "stage=signed"

    def test_as_many_queries_for_thirty_as_for_three(self, client, office):
        client.force_login(office)
        chain = make_chain()

        def more(number):
            for _lead in range(number):
                make_lead(
                    make_unit(),
                    *SIGNED,
                    industry_chain=chain,
                    segment=chain.segments.first(),
                    project=make_project(),
                )

        more(3)
        page_queries(client, reverse("lead_list"))
        few = page_queries(client, reverse("lead_list"))
        more(27)
        assert page_queries(client, reverse("lead_list")) == few

    @pytest.mark.parametrize("words", turns(["a\x00b", "9" * 400, "2023-02-30", "-1", "²³", "';--"]))
    def test_garbage_is_ignored_or_finds_nothing(self, client, unit, office, words):
        make_lead(unit)
        client.force_login(office)
        for name in (
            "q",
            "stage",
            "origin",
            "industry_chain",
            "unit",
            "linked",
            "as_of",
            "figure",
            "sort",
            "page",
        ):
            assert client.get(reverse("lead_list"), {name: words}).status_code == 200, name


class TestForms:
    def test_a_reporter_registers_one(self, client, unit, reporter):
        client.force_login(reporter)
        form = client.get(reverse("lead_create")).context["form"]
        assert list(form.fields["unit"].queryset) == [unit]
        data = {
            "name": "储能电池",
            "investor": "深圳某公司",
            "origin": "out_of_province",
            "agreed_investment": "50000",
            "unit": unit.pk,
            "talked_on": "2023-10-01",
        }
        answer = client.post(reverse("lead_create"), data)
        lead = Lead.objects.get()
        assert answer["Location"] == reverse("lead_detail", args=[lead.pk])
        again = client.post(reverse("lead_create"), data)
        assert "已由建设局登记" in page(again)
        late = client.post(reverse("lead_create"), data | {"name": "另一个", "talked_on": "2023-10-13"})
        assert "不能晚于今天" in page(late)
        assert Lead.objects.count() == 1

    def test_a_correction_keeps_the_rest_and_asks_why_the_amount_changed(self, client, unit, reporter):
        lead = make_lead(unit)
        client.force_login(reporter)
        address = reverse("lead_edit", args=[lead.pk])
        data = client.get(address).context["form"].initial | {"agreed_investment": "30000", "unit": unit.pk}
        data = {name: value for name, value in data.items() if value is not None}
        assert "请填写原因" in page(client.post(address, data))
        assert client.post(address, data | {"reason": "追加二期"}).status_code == 302
        lead.refresh_from_db()
        assert lead.agreed_investment == 30000

    def test_the_next_stage_is_offered_and_registered(self, client, unit, reporter):
        lead = make_lead(unit)
        client.force_login(reporter)
        assert "登记签约" in page(client.get(reverse("lead_detail", args=[lead.pk])))
        address = reverse("lead_move", args=[lead.pk])
        form = client.get(address, {"stage": "ended"}).context["form"]
        assert form.initial["stage"] == "ended"
        assert "请填写协议" in page(client.post(address, {"stage": "signed", "on": "2023-10-12"}))
        assert "选择一个有效的选项" in page(client.post(address, {"stage": "landed", "on": "2023-10-12"}))
        done = client.post(
            address, {"stage": "signed", "on": "2023-10-12", "document": "协议3号"}, follow=True
        )
        assert "协议3号" in page(done)

    def test_a_landed_lead_has_no_further_stage(self, client, unit, office):
        lead = make_lead(unit, *LANDED)
        client.force_login(office)
        assert "没有后续阶段" in page(client.get(reverse("lead_move", args=[lead.pk])))

    def test_the_contact_is_for_those_who_keep_the_lead(self, client, unit, reporter):
        lead = make_lead(unit, contact="王先生 13900000000")
        address = reverse("lead_detail", args=[lead.pk])
        client.force_login(reporter)
        assert "13900000000" in page(client.get(address))
        client.force_login(make_user("inspector"))
        assert "13900000000" not in page(client.get(address))


class TestLanding:
    def land(self, client, lead, **changes):
        address = reverse("lead_land", args=[lead.pk])
        shown = client.get(address).context["form"].initial
        data = {name: value for name, value in shown.items() if value is not None}
        return client.post(address, data | changes)

    def test_nothing_is_typed_again(self, client, unit, office):
        lead = make_lead(unit, *SIGNED, name="储能电池", notes="年产2GWh")
        client.force_login(office)
        answer = self.land(client, lead)
        project = Project.objects.get()
        assert answer["Location"] == reverse("project_detail", args=[project.code])
        assert (project.name, project.developer, project.description) == (
            "储能电池",
            "某投资公司",
            "年产2GWh",
        )
        assert (project.total_investment, project.lead_department) == (20000, unit)
        shown = page(client.get(answer["Location"]))
        assert reverse("lead_detail", args=[lead.pk]) in shown
        assert project.code in page(client.get(reverse("lead_detail", args=[lead.pk])))

    def test_near_matches_stand_above_the_form_and_may_be_linked(self, client, unit, office):
        near = make_project("储能电池生产项目")
        lead = make_lead(unit, *SIGNED, name="储能电池项目")
        client.force_login(office)
        address = reverse("lead_land", args=[lead.pk])
        assert "关联到该项目" in page(client.get(address))
        refused = self.land(client, lead)
        assert "确系另一项目" in page(refused)
        assert client.post(address, {"link": near.code}).status_code == 302
        lead.refresh_from_db()
        assert lead.project == near
        assert Project.objects.count() == 1

    @pytest.mark.parametrize("code", ["", "none", "a\x00b", "9" * 400])
    def test_a_link_to_nothing_says_so(self, client, unit, office, code):
        lead = make_lead(unit, *SIGNED)
        client.force_login(office)
        answer = client.post(reverse("lead_land", args=[lead.pk]), {"link": code}, follow=True)
        assert "没有找到要关联的项目" in page(answer)

    def test_one_in_talks_offers_no_form(self, client, unit, office):
        lead = make_lead(unit)
        client.force_login(office)
        shown = page(client.get(reverse("lead_land", args=[lead.pk])))
        assert "签约后才能转为项目" in shown
        assert '<form class="form"' not in shown

    def test_the_project_hides_its_lead_from_whoever_may_not_see_it(self, client, unit):
        other = make_unit()
        project = make_project(lead_department=other)
        lead = make_lead(unit, *SIGNED, project=project)
        client.force_login(make_user("reporter", unit=other))
        shown = page(client.get(reverse("project_detail", args=[project.code])))
        assert reverse("lead_detail", args=[lead.pk]) not in shown


def test_the_audit_of_a_lead_is_readable(client, unit, reporter):
    client.force_login(reporter)
    lead = make_lead(unit)
    from_page = {"stage": "signed", "on": "2023-10-12", "document": "协议"}
    client.post(reverse("lead_move", args=[lead.pk]), from_page)
    assert lead.steps.last().made_by == reporter
    assert NOW.date() == lead.steps.last().on
