"""Two people at one record (同时修改): the second sees what the first changed, keeps what was typed, and chooses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from projects.meanwhile import Meanwhile
from projects.models import Lead, Project, Role
from projects.pages.attraction.forms import EditLeadForm
from tests.admin_pages import form_of, url
from tests.factories import make_lead, make_listing, make_project, make_user
from tests.reading import page

pytestmark = pytest.mark.django_db


def shown(client, address):
    """What a browser would send back of the form as shown, its marks with it."""
    context = client.get(address).context
    form = context["form"]
    typed = {field.name: field.value() for field in form if field.value() is not None}
    return typed | {context["meanwhile"].name: context["meanwhile"].marks}


def again(answer, **changed):
    """What is sent after the form came back: as it is now, with what is chosen."""
    form, meanwhile = answer.context["form"], answer.context["meanwhile"]
    asked = [one.name for one in meanwhile.differences if one.is_open]
    marks = {meanwhile.name: meanwhile.marks, meanwhile.asked_name: asked}
    return {field.name: field.value() or "" for field in form} | marks | changed


class TestAPage:
    @pytest.fixture
    def lead(self, unit):
        return make_lead(unit, name="储能电池项目", notes="首次来访", contact="王总")

    @pytest.fixture
    def first(self, office):
        client = Client()
        client.force_login(office)
        return client

    @pytest.fixture
    def second(self, unit):
        client = Client()
        client.force_login(make_user(Role.REPORTER, name="钱报", unit=unit))
        return client

    @pytest.fixture
    def address(self, lead):
        return reverse("lead_edit", args=[lead.pk])

    def test_what_only_the_first_changed_is_shown_and_taken_over(self, first, second, address, lead):
        theirs, mine = shown(first, address), shown(second, address)
        assert first.post(address, theirs | {"contact": "李总"}).status_code == 302
        answer = second.post(address, mine | {"notes": "已实地考察"})
        text = page(answer)
        assert "他人已修改此记录" in text and "赵统" in text and "李总" in text and "已带入现在的内容" in text
        lead.refresh_from_db()
        assert (lead.contact, lead.notes) == ("李总", "首次来访")
        assert second.post(address, again(answer)).status_code == 302
        lead.refresh_from_db()
        assert (lead.contact, lead.notes) == ("李总", "已实地考察")

    @pytest.mark.parametrize(("choice", "kept"), [("now", "已签意向"), ("mine", "已实地考察")])
    def test_what_both_changed_is_the_seconds_to_choose(self, first, second, address, lead, choice, kept):
        theirs, mine = shown(first, address), shown(second, address)
        first.post(address, theirs | {"notes": "已签意向"})
        answer = second.post(address, mine | {"notes": "已实地考察", "contact": "孙总"})
        assert answer.context["form"]["notes"].value() == "已实地考察"  # what was typed stays
        unchosen = second.post(address, again(answer))
        assert "已签意向" in page(unchosen)
        lead.refresh_from_db()
        assert lead.notes == "已签意向"
        assert second.post(address, again(unchosen, **{"meanwhile-notes": choice})).status_code == 302
        lead.refresh_from_db()
        assert (lead.notes, lead.contact) == (kept, "孙总")

    def test_the_same_person_on_two_devices_is_asked_too(self, first, address, lead):
        there, here = shown(first, address), shown(first, address)
        first.post(address, there | {"notes": "手机上写的"})
        assert "手机上写的" in page(first.post(address, here | {"notes": "电脑上写的"}))

    def test_the_same_sent_twice_is_no_conflict(self, first, address):
        sent = shown(first, address) | {"notes": "已签意向"}
        assert first.post(address, sent).status_code == 302
        twice = page(first.post(address, sent))
        assert "内容没有变化" in twice and "他人已修改此记录" not in twice

    def test_a_row_that_moved_between_reading_and_saving_is_refused(self, lead, office):
        meanwhile = Meanwhile(EditLeadForm(user=office), Lead.objects.get(pk=lead.pk))
        with transaction.atomic():
            meanwhile.hold()
        Lead.objects.filter(pk=lead.pk).update(notes="已签意向")
        with pytest.raises(ValidationError, match="刚刚被他人修改"), transaction.atomic():
            meanwhile.hold()

    @pytest.mark.parametrize("marks", ["{", "[1]", '"x"', '{"notes": 3}'])
    def test_marks_that_are_none_break_nothing(self, first, address, marks):
        assert first.post(address, shown(first, address) | {"meanwhile": marks}).status_code in (200, 302)


class TestTheAdmin:
    def sent(self, answer):
        forms = [answer.context["adminform"].form]
        for inline in answer.context["inline_admin_formsets"]:
            forms += inline.formset.initial_forms
        watched = [form.meanwhile for form in forms if getattr(form, "meanwhile", None)]
        return form_of(answer) | {one.name: one.marks for one in watched}

    def test_the_second_is_shown_what_the_first_changed(self, as_office, colleague):
        project = make_project("新材料项目", developer="甲公司", address="东区")
        make_listing(project)
        address = url(Project, "change", project.pk)
        mine = self.sent(as_office.get(address))
        Project.objects.filter(pk=project.pk).update(developer="乙公司")
        answer = as_office.post(address, mine | {"address": "西区", "reason": "核实"})
        assert "他人已修改此记录" in page(answer) and "乙公司" in page(answer)
        project.refresh_from_db()
        assert (project.developer, project.address) == ("乙公司", "东区")
        assert as_office.post(address, self.sent(answer) | {"reason": "核实"}).status_code == 302
        project.refresh_from_db()
        assert (project.developer, project.address) == ("乙公司", "西区")
