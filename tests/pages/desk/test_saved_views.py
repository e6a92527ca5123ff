"""Saved views of the lists (我的视图): kept, opened, replaced, removed, one's own alone."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.models import SavedView
from projects.services.desk.saved_views import MOST_VIEWS, is_list_page, remove_view, save_view
from tests.factories import NOW, make_list, make_plan, make_project, make_user
from tests.reading import folded, page_queries

pytestmark = pytest.mark.django_db


def keep(by, *, page="milestone_list", name="逾期节点", query="status=overdue&sort=-due"):
    return save_view(page=page, name=name, query=query, by=by, now=NOW)


def post(client, **given):
    given = {"page": "milestone_list", "name": "逾期节点", "query": "status=overdue", **given}
    given.setdefault("next", reverse("milestone_list"))
    return client.post(reverse("view_save"), given, follow=True)


class TestService:
    def test_a_view_keeps_filters_and_order_but_not_what_passes(self, office):
        view = keep(
            office, query="?status=&sort=-due&page=3&format=docx&as_of=2023-06-30&q=%E5%8E%82%E6%88%BF"
        )
        assert view.query == "status=&sort=-due&q=%E5%8E%82%E6%88%BF"

    @pytest.mark.parametrize(
        ("asked", "kept"),
        [
            ("list={own}&status=overdue", "list={key}&status=overdue"),
            ("figure=projects&year=2023&list={own}", "figure=projects&year=&list={key}"),
            ("year=2022&list={old}", "year=2022&list={old_key}"),
            ("list={old}", "list={old}"),  # of no list of this year: it lists nothing, and says so
            ("list=99999999999", "list=99999999999"),
        ],
    )
    def test_a_view_names_the_kind_of_list_and_lives_on(self, office, asked, kept):
        own, old = make_list("市级重大"), make_list("省级重点", 2022)
        names = {"own": own.pk, "key": own.key, "old": old.pk, "old_key": old.key}
        assert keep(office, query=asked.format(**names)).query == kept.format(**names)
        assert keep(office, page="adjustment_list", query=f"list={own.pk}").query == f"list={own.pk}"

    def test_the_same_name_takes_the_new_filters(self, office):
        first = keep(office)
        second = keep(office, name=" 逾期节点 ", query="status=open")
        assert (second.pk, SavedView.objects.get().query) == (first.pk, "status=open")

    def test_a_name_belongs_to_a_person_and_a_page(self, office):
        keep(office)
        keep(office, page="problem_list", query="status=overdue")
        keep(make_user("office"))
        assert SavedView.objects.count() == 3

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"name": " "}, "请填写视图名称"),
            ({"name": "\x00"}, "请填写视图名称"),
            ({"name": "长" * 41}, "控制在 40 个字以内"),
            ({"page": "nowhere_list"}, "不能保存视图"),
            ({"page": "desk"}, "不能保存视图"),
            ({"page": "problem_detail"}, "不能保存视图"),
            ({"page": ""}, "不能保存视图"),
            ({"query": "q=%00"}, "无法识别"),
            ({"query": "=1"}, "无法识别"),
            ({"query": "https://evil.example/?x=1"}, "无法识别"),
            ({"query": "a=&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}, "无法识别"),
            ({"query": "q=" + "x" * 2000}, "筛选条件过长"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, office, given, words):
        with pytest.raises(ValidationError, match=words):
            keep(office, **given)
        assert not SavedView.objects.exists()

    def test_a_page_takes_thirty_views_and_old_names_still_change(self, office):
        for number in range(MOST_VIEWS):
            keep(office, name=f"视图{number}")
        with pytest.raises(ValidationError, match="已有 30 个视图"):
            keep(office, name="又一个")
        assert keep(office, name="视图0", query="status=open").query == "status=open"
        assert keep(office, page="problem_list").pk
        remove_view(view=SavedView.objects.get(name="视图1"), by=office)
        assert keep(office, name="又一个").pk

    def test_a_removed_name_is_free_again_and_removing_twice_is_no_matter(self, office):
        view = keep(office)
        remove_view(view=view, by=office)
        remove_view(view=view, by=office)
        assert keep(office).pk != view.pk
        assert SavedView.objects.filter(is_active=True).count() == 1

    def test_nobody_removes_the_view_of_another(self, office):
        view = keep(office)
        with pytest.raises(PermissionDenied):
            remove_view(view=view, by=make_user("office"))
        view.refresh_from_db()
        assert view.is_active

    def test_the_database_refuses_a_second_view_of_a_name(self, office):
        view = keep(office)
        twin = {"owner": office, "page": view.page, "name": view.name, "made_at": NOW}
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(**twin)
        SavedView.objects.create(**twin, is_active=False)

    def test_lists_are_told_from_other_pages(self):
        assert is_list_page("project_list") and is_list_page("visit_list")
        assert not is_list_page("dashboard") and not is_list_page("project_detail")


class TestPages:
    @pytest.fixture(autouse=True)
    def rows(self):
        make_plan(make_project("甲项目"), "2023-09-01", "2023-10-01", "2023-12-01")

    def test_a_view_is_saved_from_the_list_and_opens_the_same_rows(self, client, office):
        client.force_login(office)
        query = "status=overdue&sort=-due"
        seen = client.get(f"{reverse('milestone_list')}?{query}")
        assert f'name="query" value="{query.replace("&", "&amp;")}"' in folded(seen.content.decode())
        response = post(client, name="逾期，晚到期在前", query=query)
        page = response.content.decode()
        assert "已保存视图“逾期，晚到期在前”" in page
        view = SavedView.objects.get()
        address = f"{reverse('milestone_list')}?{view.query}"
        assert f'href="{address.replace("&", "&amp;")}"' in page
        opened = client.get(address)
        rows = [row.record.due for row in opened.context["table"].rows]
        assert rows == [row.record.due for row in seen.context["table"].rows] == ["2023-10-01", "2023-09-01"]
        assert 'aria-current="page">逾期，晚到期在前</a>' in opened.content.decode()

    def test_views_are_shown_to_their_owner_on_their_page_alone(self, client, office):
        keep(office)
        client.force_login(office)
        assert ">逾期节点</a>" in client.get(reverse("milestone_list")).content.decode()
        assert ">逾期节点</a>" not in client.get(reverse("problem_list")).content.decode()
        client.force_login(make_user("office"))
        assert ">逾期节点</a>" not in client.get(reverse("milestone_list")).content.decode()

    def test_thirty_views_cost_the_page_as_many_queries_as_one(self, client, office):
        client.force_login(office)

        def queries():
            return page_queries(client, reverse("milestone_list"))

        keep(office)
        few = queries()
        for number in range(29):
            keep(office, name=f"视图{number}")
        assert queries() == few

    def test_a_view_is_removed_by_its_owner(self, client, office):
        view = keep(office)
        client.force_login(office)
        response = client.post(reverse("view_remove", args=[view.pk]), follow=True)
        assert "已删除视图“逾期节点”" in response.content.decode()
        assert response.redirect_chain[-1][0] == reverse("milestone_list")
        assert client.post(reverse("view_remove", args=[view.pk])).status_code == 404  # it is gone

    def test_a_foreign_view_does_not_exist(self, client, office):
        view = keep(office)
        client.force_login(make_user("office"))
        assert client.post(reverse("view_remove", args=[view.pk])).status_code == 404
        view.refresh_from_db()
        assert view.is_active

    @pytest.mark.parametrize(
        "given",
        [{"name": ""}, {"page": "x\x00"}, {"query": "\x00"}, {"query": "q=%00"}, {"page": "admin:index"}],
    )
    def test_bad_input_is_refused_in_words(self, client, office, given):
        client.force_login(office)
        response = post(client, **given)
        assert response.status_code == 200
        assert 'class="note error"' in response.content.decode()
        assert not SavedView.objects.exists()

    def test_a_foreign_address_to_return_to_is_not_taken(self, client, office):
        client.force_login(office)
        response = post(client, next="https://evil.example/")
        assert response.redirect_chain == [(reverse("desk"), 302)]
