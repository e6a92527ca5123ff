"""Stages of a project on a day (前期、在建、竣工、投产) as conditions, for lists and counts alike."""

from datetime import date

from django.db.models import Q

STAGES = {"preparatory": "前期", "construction": "在建", "completed": "竣工", "in_production": "投产"}


def stage_is(stage: str, day: date) -> Q:
    """The condition of a stage over projects; each project is in exactly one, production counts as completion."""
    started, in_production = Q(started_on__lte=day), Q(in_production_on__lte=day)
    completed = Q(completed_on__lte=day) | in_production
    # a missing date compares to nothing, so each negation names it
    not_started = Q(started_on__isnull=True) | Q(started_on__gt=day)
    not_in_production = Q(in_production_on__isnull=True) | Q(in_production_on__gt=day)
    not_completed = (Q(completed_on__isnull=True) | Q(completed_on__gt=day)) & not_in_production
    return {
        "preparatory": not_started & not_completed,
        "construction": started & not_completed,
        "completed": completed & not_in_production,
        "in_production": in_production,
    }[stage]


def stage_reached(started_on: date | None, completed_on: date | None, in_production_on: date | None) -> str:
    """The stage that dates of fact up to the day have reached, in words."""
    if in_production_on:
        return STAGES["in_production"]
    if completed_on:
        return STAGES["completed"]
    return STAGES["construction" if started_on else "preparatory"]
