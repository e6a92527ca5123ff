"""Sittings of the clinic a person may see (项目诊所)."""

from django.db.models import Count, Q, QuerySet

from projects.models import ClinicCase, ClinicSession, User


def sessions_seen_by(user: User) -> QuerySet[ClinicSession]:
    """All for those who see all; else those the person's unit attends, and those with a case of a visible project."""
    sessions = ClinicSession.objects.all()
    if user.sees_all_projects:
        return sessions
    cases = ClinicCase.objects.visible_to(user)
    attended = ClinicSession.objects.filter(units__in=user.unit_ids)
    return sessions.filter(Q(pk__in=cases.values("session")) | Q(pk__in=attended.values("pk")))


def with_case_counts(sessions: QuerySet[ClinicSession], user: User) -> QuerySet[ClinicSession]:
    """Beside each sitting `n_cases` and `n_discharged`, over the cases the person may see."""
    seen = Q(cases__in=ClinicCase.objects.visible_to(user))
    discharged = seen & Q(cases__state=ClinicCase.State.DISCHARGED)
    return sessions.annotate(
        n_cases=Count("cases", filter=seen, distinct=True),
        n_discharged=Count("cases", filter=discharged, distinct=True),
    )
