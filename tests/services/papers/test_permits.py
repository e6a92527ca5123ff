"""Permits are registered once, renewed in a chain, declared void with a reason; every refusal leaves nothing behind."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projects.models import Attachment, AuditRecord, Permit, PermitKind, Project, Validity
from projects.rules import valid_until
from projects.services.base.attachments import PreparedFile
from projects.services.papers.permits import (
    attach_to_permit,
    proposed_until,
    register_permit,
    renew_permit,
    void_permit,
)
from tests.factories import NOW, TODAY, make_permit, make_user

PDF = PreparedFile("许可证.pdf", "pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
DAY = dt.timedelta(days=1)


def register(project, by, **changes):
    given = {
        "kind": PermitKind.objects.get(name="建设工程规划许可证"),
        "number": "建字第1号",
        "issued_on": dt.date(2023, 9, 1),
        "valid_until_on": dt.date(2024, 9, 1),
    }
    return register_permit(project=project, by=by, now=NOW, **{**given, **changes})


def refused(field: str, verb, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    if not field:
        return "".join(caught.value.messages)
    return "".join(caught.value.message_dict[field])


@given(st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31)), st.integers(1, 240))
def test_a_validity_in_months_ends_on_the_corresponding_day_or_the_months_last(issued_on, months):
    last = valid_until(issued_on, months)
    assert (last.year - issued_on.year) * 12 + last.month - issued_on.month == months
    assert last.day == issued_on.day or (last.day < issued_on.day and (last + DAY).day == 1)


@pytest.mark.django_db
class TestRegister:
    @pytest.mark.parametrize(
        ("name", "until"),
        [
            ("建设项目用地预审", dt.date(2026, 9, 1)),
            ("环境影响评价批复", dt.date(2028, 9, 1)),
            ("建设工程规划许可证", dt.date(2024, 9, 1)),
            ("建筑工程施工许可证", dt.date(2023, 12, 1)),
            ("建设用地规划许可证", None),
        ],
    )
    def test_the_kind_proposes_the_validity(self, name, until):
        assert proposed_until(PermitKind.objects.get(name=name), dt.date(2023, 9, 1)) == until

    def test_a_permit_is_registered_with_its_file_and_recorded(self, project, reporter):
        permit = register(project, reporter, number="  建字第1号 ", files=[PDF])
        assert (permit.number, permit.state, permit.made_by) == ("建字第1号", "valid", reporter)
        assert Attachment.objects.get().permit == permit
        entry = AuditRecord.objects.get(action="登记许可")
        assert (entry.project, entry.by, entry.object_id) == (project, reporter, permit.pk)

    def test_twice_the_same_is_once(self, project, reporter):
        assert register(project, reporter) == register(project, reporter)
        assert AuditRecord.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "changes", "words"),
        [
            ("number", {"number": " "}, "请填写文号"),
            ("number", {"number": "字" * 81}, "不能超过80字"),
            ("issued_on", {"issued_on": None}, "请填写发证日期"),
            ("issued_on", {"issued_on": TODAY + DAY}, "不能晚于今天"),
            ("issued_on", {"issued_on": dt.date(1989, 12, 31)}, "不能早于1990年"),
            ("valid_until_on", {"valid_until_on": dt.date(2023, 8, 31)}, "不能早于发证日期"),
            ("valid_until_on", {"valid_until_on": dt.date(9999, 12, 31)}, "2099年"),
        ],
    )
    def test_what_is_refused(self, project, reporter, field, changes, words):
        assert words in refused(field, register, project, reporter, **changes)
        assert not Permit.objects.exists() and not AuditRecord.objects.exists()

    def test_a_number_is_registered_once_a_kind(self, project, reporter):
        register(project, reporter)
        words = refused("number", register, project, reporter, issued_on=dt.date(2023, 9, 2))
        assert "已登记文号“建字第1号”" in words
        register(project, reporter, kind=PermitKind.objects.get(name="人防工程审查意见"))
        assert Permit.objects.count() == 2

    def test_only_those_who_report_on_an_open_project(self, project, reporter):
        with pytest.raises(PermissionDenied):
            register(project, make_user("reporter"))
        Project.objects.update(state="closed")
        assert "已办结" in refused("", register, project, reporter)


@pytest.mark.django_db
class TestRenew:
    def renew(self, permit, by, **changes):
        given = {
            "number": "建字第2号",
            "issued_on": dt.date(2023, 10, 10),
            "valid_until_on": dt.date(2024, 10, 10),
        }
        return renew_permit(permit=permit, by=by, now=NOW, **{**given, **changes})

    def test_the_new_permit_takes_the_place_of_the_old(self, project, reporter):
        old = make_permit(project, issued_by="审批局")
        new = self.renew(old, reporter, files=[PDF])
        old.refresh_from_db()
        assert (old.state, new.state, new.renews, new.issued_by) == ("renewed", "valid", old, "审批局")
        assert set(AuditRecord.objects.values_list("action", flat=True)) == {
            "许可已延续",
            "延续许可",
            "上传附件",
        }
        standing = dict(Permit.objects.with_validity(TODAY).values_list("number", "validity"))
        assert standing == {old.number: Validity.RENEWED, "建字第2号": Validity.RUNNING}

    def test_twice_the_same_is_once_but_another_renewal_is_refused(self, project, reporter):
        old = make_permit(project)
        assert self.renew(old, reporter) == self.renew(old, reporter)
        assert "已由“建字第2号”延续" in refused("", self.renew, old, reporter, number="建字第3号")

    def test_a_void_permit_is_not_renewed(self, project, reporter):
        void = make_permit(project, state="void", void_reason="登记有误")
        assert "已作废，不能延续" in refused("", self.renew, void, reporter)

    @pytest.mark.parametrize(
        ("field", "changes", "words"),
        [
            ("issued_on", {"issued_on": dt.date(2022, 9, 30)}, "不能早于原许可的发证日期"),
            ("valid_until_on", {"valid_until_on": dt.date(2023, 10, 12)}, "须晚于原有效期"),
            ("number", {"number": ""}, "请填写文号"),
            ("number", {"number": "旧号"}, "已登记文号"),
        ],
    )
    def test_what_is_refused(self, project, reporter, field, changes, words):
        old = make_permit(project, number="旧号", valid_until_on=dt.date(2023, 10, 12))
        assert words in refused(field, self.renew, old, reporter, **changes)
        old.refresh_from_db()
        assert old.state == "valid" and Permit.objects.count() == 1


@pytest.mark.django_db
class TestVoid:
    def test_the_office_alone_with_a_reason(self, project, reporter, office):
        permit = make_permit(project)
        with pytest.raises(PermissionDenied):
            void_permit(permit=permit, reason="登记有误", by=reporter, now=NOW)
        assert "请填写作废原因" in refused(
            "reason", void_permit, permit=permit, reason=" ", by=office, now=NOW
        )
        assert "不能超过" in refused(
            "reason", void_permit, permit=permit, reason="字" * 201, by=office, now=NOW
        )
        void_permit(permit=permit, reason="登记有误", by=office, now=NOW)
        assert AuditRecord.objects.get().reason == "登记有误"
        assert "已作废" in refused("", void_permit, permit=permit, reason="再次", by=office, now=NOW)

    def test_a_void_renewal_gives_its_place_back(self, project, reporter, office):
        old = make_permit(project)
        new = TestRenew().renew(old, reporter)
        assert "请先作废延续后的许可" in refused(
            "", void_permit, permit=old, reason="有误", by=office, now=NOW
        )
        void_permit(permit=new, reason="文号有误", by=office, now=NOW)
        old.refresh_from_db()
        assert old.state == "valid"
        again = TestRenew().renew(old, reporter, number="建字第3号")
        assert again.renews == old

    def test_a_file_is_added_but_not_to_a_void_permit(self, project, reporter):
        permit = make_permit(project)
        attach_to_permit(permit=permit, files=[PDF], by=reporter, now=NOW)
        assert permit.attachments.count() == 1
        assert "请选择文件" in refused(
            "files", attach_to_permit, permit=permit, files=[], by=reporter, now=NOW
        )
        with pytest.raises(PermissionDenied):
            attach_to_permit(permit=permit, files=[PDF], by=make_user("reporter"), now=NOW)
        Permit.objects.update(state="void", void_reason="登记有误")
        assert "已作废" in refused("", attach_to_permit, permit=permit, files=[PDF], by=reporter, now=NOW)
