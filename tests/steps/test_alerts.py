"""Alerts (预警): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Alert, AlertExemption
from projects.services.alerts.scanning import (
    acknowledge_alert,
    carry_over,
    exempt_alert,
    lift_exemption,
    steps_of,
)
from tests.factories import NOW, TODAY
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def standing(**fields):
    def make(_scene: Scene) -> Alert:
        Alert.objects.update(**fields)
        return Alert.objects.get()

    return make


def exempted(until: dt.date, **fields):
    def make(scene: Scene) -> Alert:
        alert = standing(**fields)(scene)
        days = {"from_on": until - dt.timedelta(days=5), "until_on": until}
        AlertExemption.objects.get_or_create(alert=alert, reason="用地指标待批", **days)
        return alert

    return make


def acknowledged(scene: Scene) -> Alert:
    return acknowledge_alert(alert=Alert.objects.get(), by=scene.people["unit head"], now=NOW)


def exempt(alert: Alert, by):
    exempt_alert(alert=alert, reason="批示", until_on=dt.date(2023, 12, 31), by=by, now=NOW)


ALERTS = Machine(
    steps_of,
    states={
        "open": standing(),
        "acknowledged": acknowledged,
        "exempted until today": exempted(TODAY),
        "no longer exempted": exempted(TODAY - dt.timedelta(days=1)),
        "closed": standing(closed_on=TODAY),
        "start missed last year": standing(kind="start_overdue", due_on=dt.date(2022, 9, 30)),
        "closed while exempted": exempted(TODAY, closed_on=TODAY),
    },
    verbs={
        "acknowledge": lambda alert, by: acknowledge_alert(alert=alert, by=by, now=NOW),
        "exempt": exempt,
        "carry": lambda alert, by: carry_over(alert=alert, document="淄高新发改〔2024〕1号", by=by, now=NOW),
        "lift": lambda alert, by: lift_exemption(alert=alert, by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", ALERTS.states)
def test_an_alert_offers_what_it_does(client, scene, state):
    ALERTS.check(scene, state)
    alert = ALERTS.states[state](scene) if state != "acknowledged" else Alert.objects.get()
    for person in ("office", "inspector"):
        client.force_login(scene.people[person])
        text = client.get(reverse("alert_list"), {"status": ""}).content.decode()
        for verb, step in steps_of(alert, scene.people[person], TODAY).items():
            assert (reverse(f"alert_{verb}", args=[alert.pk]) in text) is bool(step), (person, verb)
