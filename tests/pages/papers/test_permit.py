"""Permit, plot, catalogue and marker pages (手续): lists, forms, roles, files, constant queries."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from projects.models import Attachment, LandItem, Permit, PermitKind, Plot, Project, ProjectMarker
from tests.factories import NOW, make_permit, make_plot, make_project, make_unit, make_user
from tests.reading import page, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PDF = b"%PDF-1.7\n...\n%%EOF\n"


def count(client, name, **query) -> int:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    number = response.context["table"].paginator.count
    assert f'data-count="{number}"' in page(response)
    return number


class TestPermits:
    def new(self, client, project, **changes):
        given = {
            "kind": PermitKind.objects.get(name="建设工程规划许可证").pk,
            "number": "建字第1号",
            "issued_on": "2023-09-01",
            "validity": "kind",
        }
        return client.post(reverse("permit_create", args=[project.code]), {**given, **changes})

    def test_a_reporter_registers_one_with_its_scan_and_the_kinds_validity(self, client, reporter, project):
        client.force_login(reporter)
        answer = self.new(client, project, files=SimpleUploadedFile("证.pdf", PDF, "application/pdf"))
        permit = Permit.objects.get()
        assert answer["Location"] == reverse("permit_detail", args=[permit.pk])
        assert permit.valid_until_on == dt.date(2024, 9, 1)
        assert Attachment.objects.get().permit == permit
        text = page(client.get(answer["Location"]))
        assert "2024年9月1日" in text and "证.pdf" in text and "有效期内" in text

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"validity": "given"}, "请填写证载的有效期"),
            ({"valid_until_on": "2024-01-01"}, "已填写日期"),
            ({"validity": "unlimited", "valid_until_on": "2024-01-01"}, "长期有效的不填日期"),
            ({"validity": "given", "valid_until_on": "2023-08-31"}, "有效期不能早于发证日期"),
            ({"issued_on": "2023-10-13"}, "发证日期不能晚于今天"),
            ({"number": ""}, "number"),
            ({"kind": "999999"}, "kind"),
        ],
    )
    def test_refusals_stand_on_the_form(self, client, reporter, project, changes, words):
        client.force_login(reporter)
        answer = self.new(client, project, **changes)
        assert answer.status_code == 200
        assert words in page(answer)
        assert answer.context["form"].errors
        assert not Permit.objects.exists()

    def test_an_unlimited_permit_never_lapses(self, client, reporter, project):
        client.force_login(reporter)
        self.new(client, project, validity="unlimited")
        assert Permit.objects.get().valid_until_on is None
        assert count(client, "permit_list", state="unlimited") == 1

    def test_renewed_it_points_to_what_took_its_place(self, client, reporter, project):
        old = make_permit(project)
        client.force_login(reporter)
        assert "下一步：办理延续" in page(client.get(reverse("permit_detail", args=[old.pk])))
        data = {"number": "建字第2号", "issued_on": "2023-10-10", "validity": "kind"}
        answer = client.post(reverse("permit_renew", args=[old.pk]), data)
        new = Permit.objects.get(renews=old)
        assert answer["Location"] == reverse("permit_detail", args=[new.pk])
        assert new.valid_until_on == dt.date(2024, 10, 10)
        assert f'href="{answer["Location"]}"' in page(client.get(reverse("permit_detail", args=[old.pk])))
        again = client.get(reverse("permit_renew", args=[old.pk]))
        assert "不能再办理延续" in page(again) and "登记延续" not in page(again)

    def test_the_office_voids_with_a_reason(self, client, office, project):
        permit = make_permit(project)
        client.force_login(office)
        address = reverse("permit_void", args=[permit.pk])
        assert client.post(address, {"reason": ""}).status_code == 200
        client.post(address, {"reason": "登记有误"})
        assert "已作废，原因：登记有误" in page(client.get(reverse("permit_detail", args=[permit.pk])))

    def test_files_are_added_later(self, client, reporter, project):
        permit = make_permit(project)
        client.force_login(reporter)
        address = reverse("permit_attach", args=[permit.pk])
        assert "请选择文件" in page(client.post(address))
        client.post(address, {"files": SimpleUploadedFile("证.pdf", PDF, "application/pdf")})
        assert permit.attachments.get().name == "证.pdf"

    def test_filters_are_those_of_the_day(self, client, office, project, unit):
        make_permit(project)  # lapsed on 2 October
        make_permit(project, valid_until_on=dt.date(2023, 10, 20))
        make_permit(project, valid_until_on=dt.date(2024, 10, 20), number="建字第9号")
        make_permit(project, "立项备案（赋码）", valid_until_on=None)
        make_permit(project, state="void", void_reason="登记有误")
        started = make_project(started_on=dt.date(2023, 9, 1))
        make_permit(started)
        client.force_login(office)
        assert count(client, "permit_list") == 6
        assert count(client, "permit_list", state="lapsed") == 1
        assert count(client, "permit_list", state="lapsed", as_of="2023-10-01") == 0
        assert count(client, "permit_list", state="settled") == 1
        assert count(client, "permit_list", state="void") == 1
        assert count(client, "permit_list", within="8") == 1
        assert count(client, "permit_list", within="7") == 0
        assert count(client, "permit_list", within="400") == 2
        assert count(client, "permit_list", kind=PermitKind.objects.get(name="立项备案（赋码）").pk) == 1
        assert count(client, "permit_list", unit=unit.pk) == 5
        assert count(client, "permit_list", q="建字第9号") == 1
        for garbage in ("-1", "1e9", "x", "9" * 40):
            assert client.get(reverse("permit_list"), {"within": garbage}).status_code == 200
        first = client.get(reverse("permit_list")).context["table"].rows[0].record
        assert first.validity == "lapsed"

    def test_the_list_leaves_as_a_file_with_its_words(self, client, office, project):
        make_permit(project, number="建字第1号")
        client.force_login(office)
        answer = client.get(reverse("permit_list"), {"format": "xlsx", "state": "lapsed"})
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert "效力：已失效" in rows[0][0]
        assert rows[2][0] == "建字第1号" and "已失效，逾期11天" in rows[2]

    def test_only_own_projects_are_seen(self, client, reporter, project):
        make_permit(project)
        foreign = make_permit(make_project())
        client.force_login(reporter)
        assert count(client, "permit_list") == 1
        assert client.get(reverse("permit_detail", args=[foreign.pk])).status_code == 404

    def test_as_many_queries_for_thirty_as_for_three(self, client, office):
        client.force_login(office)
        for _ in range(3):
            make_permit(make_project(lead_department=make_unit()))
        for_three = page_queries(client, reverse("permit_list"))
        for _ in range(27):
            make_permit(make_project(lead_department=make_unit()))
        assert page_queries(client, reverse("permit_list")) == for_three


class TestPlots:
    def test_a_plot_is_entered_and_walked_through(self, client, reporter, project):
        client.force_login(reporter)
        address = reverse("plot_create", args=[project.code])
        assert client.post(address, {"name": "", "area": "-1"}).status_code == 200
        client.post(address, {"name": "一期地块", "area": "86.5"})
        plot = Plot.objects.get()
        text = page(client.get(reverse("plot_detail", args=[plot.pk])))
        assert "0/48" in text and "待核" in text and "待前置：国土空间规划符合性核查" in text
        first = plot.items.get(item__position=1)
        item = reverse("plot_item", args=[first.pk])
        assert "启动事项" in page(client.get(item))
        answer = client.post(reverse("plot_start", args=[first.pk]), {"started_on": "2023-09-01"})
        assert answer["Location"] == f"{reverse('plot_detail', args=[plot.pk])}#item-{first.item_id}"
        text = page(client.get(item))
        assert "已超过办理时限" in text and "启动事项" not in text
        answer = client.post(reverse("plot_finish", args=[first.pk]), {"done_on": "2023-10-10"})
        assert answer.status_code == 200 and answer.context["finish_form"].errors
        client.post(
            reverse("plot_finish", args=[first.pk]), {"done_on": "2023-10-10", "document": "核查意见1号"}
        )
        assert "1/48" in page(client.get(reverse("plot_detail", args=[plot.pk])))
        text = page(client.get(item))
        assert "/undo/" not in text and "请联系发改局统筹撤销" in text, "taking back is the office's"

    def test_a_step_out_of_order_says_what_must_come_first(self, client, reporter, project):
        plot = make_plot(project)
        survey = plot.items.get(item__name="勘测定界")
        client.force_login(reporter)
        assert "启动事项" not in page(client.get(reverse("plot_item", args=[survey.pk])))
        answer = client.post(reverse("plot_start", args=[survey.pk]), {"started_on": "2023-10-10"})
        assert "前置事项“国土空间规划符合性核查”未办结" in page(answer)

    def test_the_office_takes_a_step_back(self, client, office, project):
        first = make_plot(project).items.get(item__position=1)
        client.force_login(office)
        client.post(reverse("plot_skip", args=[first.pk]), {"skip-reason": "存量用地"})
        assert "存量用地" in page(client.get(reverse("plot_item", args=[first.pk])))
        client.post(reverse("plot_undo", args=[first.pk]), {"undo-reason": "登记有误"})
        first.refresh_from_db()
        assert (first.state, first.note) == ("waiting", "")

    def test_the_draft_mark_goes_once_everything_is_checked(self, client, office, project):
        plot = make_plot(project)
        addresses = [
            reverse("plot_detail", args=[plot.pk]),
            reverse("plot_item", args=[plot.items.first().pk]),
            reverse("land_catalogue"),
        ]
        client.force_login(office)
        assert all("待核" in page(client.get(address)) for address in addresses)
        LandItem.objects.update(is_checked=True)
        assert not any("待核" in page(client.get(address)) for address in addresses)

    def test_filters_by_progress(self, client, office, project):
        make_plot(project)
        running, finished = make_plot(project), make_plot(project)
        running.items.filter(item__position=1).update(
            state="running", started_on=dt.date(2023, 9, 1), due_on=dt.date(2023, 9, 6)
        )
        finished.items.update(state="not_needed", note="存量用地")
        client.force_login(office)
        assert count(client, "plot_list") == 3
        assert [count(client, "plot_list", state=state) for state in ("waiting", "running", "finished")] == [
            1,
            1,
            1,
        ]
        assert count(client, "plot_list", state="overdue") == 1
        assert count(client, "plot_list", q="新材料") == 3
        answer = client.get(reverse("plot_list"), {"format": "xlsx", "state": "finished"})
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert "48/48（不涉及48）" in [cell.value for cell in sheet[3]]

    def test_an_item_out_of_use_that_was_never_begun_is_gone(self, client, office, project):
        first = make_plot(project).items.get(item__position=1)
        LandItem.objects.filter(pk=first.item_id).update(is_active=False)
        client.force_login(office)
        assert client.get(reverse("plot_item", args=[first.pk])).status_code == 404

    def test_constant_queries(self, client, office):
        client.force_login(office)
        for _ in range(3):
            plot = make_plot(make_project(lead_department=make_unit()))
        for_three = page_queries(client, reverse("plot_list"))
        for _ in range(27):
            make_plot(make_project(lead_department=make_unit()))
        assert page_queries(client, reverse("plot_list")) == for_three
        empty = page_queries(client, reverse("plot_detail", args=[plot.pk]))
        plot.items.update(state="running", started_on=dt.date(2023, 9, 1), unit=make_unit())
        assert page_queries(client, reverse("plot_detail", args=[plot.pk])) == empty


class TestCatalogue:
    def upload(self, client, content: bytes, name="目录.xlsx"):
        return client.post(reverse("land_compare"), {"file": SimpleUploadedFile(name, content)})

    def sheet(self, client):
        answer = client.get(reverse("land_sheet"))
        return load_workbook(BytesIO(b"".join(answer.streaming_content)))

    def saved(self, book: Workbook) -> bytes:
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    def test_the_sheet_taken_away_reads_back_as_unchanged(self, client, office):
        client.force_login(office)
        answer = self.upload(client, self.saved(self.sheet(client)))
        assert answer.context["comparison"].is_empty
        assert "与现行目录一致" in page(answer)

    def test_a_change_is_shown_then_confirmed(self, client, office):
        client.force_login(office)
        book = self.sheet(client)
        book.active["E3"] = 8
        answer = self.upload(client, self.saved(book))
        assert "办理时限（工作日）：3 → 8" in page(answer)
        first = LandItem.objects.get(position=1)
        assert first.limit_days == 3, "nothing before the confirmation"
        sealed = answer.context["form"].initial["sealed"]
        client.post(reverse("land_load"), {"sealed": sealed, "is_checked": "on"})
        first.refresh_from_db()
        assert (first.limit_days, first.is_checked) == (8, True)
        again = client.post(reverse("land_load"), {"sealed": sealed}, follow=True)
        assert "核对之后目录已有变动" in page(again)

    def test_mistakes_are_listed_and_nothing_can_be_confirmed(self, client, office):
        client.force_login(office)
        book = self.sheet(client)
        book.active["A3"], book.active["G4"] = "错误阶段", "没有的事项"
        text = page(self.upload(client, self.saved(book)))
        assert "有2处错误" in text and "第3行 A列" in text and "第4行 G列" in text
        assert "确认载入" not in text

    @pytest.mark.parametrize("sealed", ["", "x", "eyJ:1:2", "\x00"])
    def test_only_what_was_compared_is_loaded(self, client, office, sealed):
        client.force_login(office)
        answer = client.post(reverse("land_load"), {"sealed": sealed}, follow=True)
        assert "请重新上传" in page(answer)
        assert LandItem.objects.filter(is_active=True).count() == 48

    def test_what_is_no_workbook_is_refused(self, client, office):
        client.force_login(office)
        assert "不是 Excel 工作簿" in page(self.upload(client, b"text"))
        assert client.post(reverse("land_compare")).context["form"].errors

    def test_others_read_it_without_the_upload(self, client, reporter):
        client.force_login(reporter)
        text = page(client.get(reverse("land_catalogue")))
        assert "3个阶段、9类、48项，其中待核 48 项" in text and "上传并核对" not in text


class TestMarkers:
    def test_counts_are_doors(self, client, office, project):
        for kind, state in (("six_in_one", "planned"), ("three_proxies", "running")):
            ProjectMarker.objects.create(
                project=project, kind=kind, state=state, since_on=dt.date(2023, 9, 1), made_at=NOW
            )
        client.force_login(office)
        text = page(client.get(reverse("marker_list")))
        assert 'data-figure="marker_six_in_one_planned" data-value="1"' in text
        assert count(client, "marker_list", kind="six_in_one", state="planned") == 1
        assert count(client, "marker_list", kind="six_in_one", state="done") == 0

    def test_a_reporter_advances_one_from_the_project_page(self, client, reporter, project):
        client.force_login(reporter)
        address = reverse("marker_set", args=[project.code, "with_scheme"])
        assert f'href="{address}"' in page(client.get(reverse("project_detail", args=[project.code])))
        answer = client.post(address, {"state": "done", "since_on": "2023-10-10"})
        assert "办结须填写文号或说明" in page(answer)
        client.post(address, {"state": "done", "since_on": "2023-10-10", "document": "方案审〔2023〕6号"})
        assert ProjectMarker.objects.get().document == "方案审〔2023〕6号"
        assert client.get(reverse("marker_set", args=[project.code, "unknown"])).status_code == 404

    def test_as_many_queries_for_thirty_as_for_three(self, client, office):
        def more(number):
            for _ in range(number):
                ProjectMarker.objects.create(
                    project=make_project(lead_department=make_unit()),
                    kind="six_in_one",
                    since_on=dt.date(2023, 9, 1),
                    made_at=NOW,
                )

        client.force_login(office)
        more(3)
        for_three = page_queries(client, reverse("marker_list"))
        more(27)
        assert page_queries(client, reverse("marker_list")) == for_three


class TestProjectPage:
    def test_the_card_says_how_permits_and_plots_stand(self, client, reporter, project):
        make_permit(project, number="建字第1号")
        make_permit(project, state="void", void_reason="登记有误", number="作废号")
        plot = make_plot(project, "一期地块")
        client.force_login(reporter)
        text = page(client.get(reverse("project_detail", args=[project.code])))
        assert "建字第1号" in text and "已失效，逾期11天" in text and "作废号" not in text
        assert reverse("plot_detail", args=[plot.pk]) in text and "0/48" in text
        assert reverse("permit_create", args=[project.code]) in text

    def test_who_may_not_edit_gets_no_buttons(self, client, project):
        client.force_login(make_user("inspector"))
        text = page(client.get(reverse("project_detail", args=[project.code])))
        assert "手续" in text and reverse("permit_create", args=[project.code]) not in text
        assert Project.objects.count() == 1
