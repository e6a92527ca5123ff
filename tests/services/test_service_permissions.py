"""Every verb of the services × whoever has no business with it, generated from the services themselves.

A verb is a public function with a keyword `by`. Its other arguments are found by their annotation: a model is the
scene's first row of it, a plain value stands in VALUES under the parameter's name. A new verb is tested without being
named here; one that asks for something unknown fails with the name of what is missing.
"""

import datetime as dt
import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from projects import services
from projects.models import Attachment, Duty, Notice, Official, Problem, ProgressReport, Role, Unit, User
from projects.periods import TenDayPeriod, Week
from projects.rules.scoring import ScoredPeriod
from projects.services.alerts.scanning import exempt_alert, lift_exemption
from projects.services.attraction.chains import set_segment
from projects.services.attraction.leads import register_lead
from projects.services.base.attachments import PreparedFile, attach
from projects.services.base.changing import added, changed
from projects.services.base.records import build_record
from projects.services.desk.saved_views import save_view
from projects.services.figures.publications import publish_report
from projects.services.imports import Options, import_file
from projects.services.imports.answering import remember_answer
from projects.services.imports.importing import plan_import
from projects.services.imports.writing import write_in_slices
from projects.services.lists.adjustments import effect_of
from projects.services.plans.claims import settle_returned
from projects.services.plans.milestones import mark_done
from projects.services.plans.versions import copied, put_in_force
from projects.services.problems.entries import tell
from projects.services.register.belongings import belong, write_belongings
from projects.services.reports.content import ReportEntry
from projects.services.reports.many import FilledRow
from projects.services.reports.period_sheet import PeriodSheet, read_period_sheet
from projects.services.reports.review import pass_reports
from projects.services.weekly.issues import send_report, sign_report
from tests.factories import NOW, TODAY, make_official, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

YESTERDAY = TODAY - dt.timedelta(days=1)

# parts of verbs: they act for a verb that has asked already
PARTS = {
    added,
    attach,
    belong,
    build_record,
    changed,
    copied,
    mark_done,
    publish_report,
    put_in_force,
    remember_answer,
    set_segment,
    settle_returned,
    tell,
    write_belongings,
}
# the command line's and the jobs', which no person of the product reaches (`by` may be None)
COMMANDS = {import_file, plan_import, write_in_slices}
# nobody's business but one's own: a bookmark; a preview that is rolled back; a sheet that is only read
OWN = {save_view, effect_of, read_period_sheet}
# refused in words beside the other mistakes of the form, or done for what is one's own alone
OFFICE_ONLY = "只有发改局统筹可以"
IN_WORDS = {
    exempt_alert: OFFICE_ONLY,
    lift_exemption: OFFICE_ONLY,
    send_report: OFFICE_ONLY,
    sign_report: OFFICE_ONLY,
    pass_reports: "did it: BulkOutcome(done=0,",
    register_lead: "只能登记本单位负责的招商项目",
}

PLAIN = {
    dt.date: TODAY,
    dt.datetime: NOW,
    bytes: b"PK\x03\x04",
    bool: True,
    int: 2023,
    Decimal: Decimal(1),
    dict: {},
    Week: Week.parse("2023-W40"),
    TenDayPeriod: TenDayPeriod.parse("2023-10-1"),
    ScoredPeriod: ScoredPeriod(2023, "quarter", 3),
    ReportEntry: ReportEntry(Decimal(1), physical_progress="施工"),
    Options: Options(),
    PreparedFile: PreparedFile("批复.pdf", "pdf", "application/pdf", b"%PDF-1.7"),
}
VALUES = {
    "accept": False,
    "amounts": [Decimal(0)] * 36,
    "answers": {},
    "bands": [],
    "baseline": "ten_day",
    "category": "land",
    "change": "raised",
    "cumulative": [],
    "facts": {"started_on": YESTERDAY},
    "fields": {"name": "投资完成率"},
    "head": {},
    "holders": {},
    "level": "zone",
    "month": 9,
    "rows": [],
    "rules": {},
    "slot": Role.SPONSOR,
    "stage": "signed",
    "state": "suspended",
    "up": True,
    "values": {"name": "节点"},
    "write": lambda urgent: {},
}
MORE = {  # what one verb asks for under a name that elsewhere means something else
    "add_action": {"problem": Problem},
    "add_member": {"kind": "enterprise_contact", "post": "联系人", "name": "张三"},
    "hand_over": {"to": Official},
    "hand_over_all": {"to": Official, "holder": Official},
    "list_plan": {"points": []},
    "load_catalogue": {"rows": []},
    "save_curve": {"points": []},
    "set_marker": {"kind": "six_in_one", "state": "underway"},
    "change_answer": {"to": "note"},
    "edit_draft": {"rows": {}},
    "edit_scheme": {"list_kind": None},
}
WORDS = "依据"  # any other text


def verbs() -> Iterator[Callable]:
    """The public functions of the services that take a keyword `by`, each in the module that defines it."""
    for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        module = importlib.import_module(found.name)
        for name, verb in inspect.getmembers(module, callable):
            if (
                name.startswith("_")
                or getattr(verb, "__module__", "") != found.name
                or isinstance(verb, type)
            ):
                continue
            by = inspect.signature(verb).parameters.get("by")
            if by is not None and by.kind is by.KEYWORD_ONLY:
                yield verb


ASKED = [verb for verb in verbs() if verb not in PARTS | COMMANDS | OWN]


class Recipes:
    """Arguments for any verb, out of one scene."""

    def __init__(self, scene):
        unit = scene.project.lead_department
        lead = {"name": "新材料项目", "investor": "某公司", "unit": unit, "agreed_investment": Decimal(20000)}
        self.rows = {Unit: unit, Official: scene.project.sponsor}
        self.values = VALUES | {"entry": lead}
        typed = FilledRow(scene.project, PLAIN[ReportEntry])
        self.more = MORE | {name: {"rows": [typed]} for name in ("save_rows", "submit_rows")}
        self.more["save_period_sheet"] = {"sheet": PeriodSheet(PLAIN[TenDayPeriod], {4: typed})}
        Attachment.objects.update(report=ProgressReport.objects.first())

    def of(self, verb: Callable) -> dict:
        """What the verb cannot be called without, `by` left out."""
        given, own = {}, self.more.get(verb.__name__, {})
        for name, parameter in inspect.signature(verb).parameters.items():
            if name == "by" or (parameter.default is not parameter.empty and name not in own):
                continue
            value = self._value(verb, name, parameter.annotation)
            given |= value if parameter.kind is parameter.VAR_KEYWORD else {name: value}
        return given

    def _value(self, verb: Callable, name: str, annotation):
        own = self.more.get(verb.__name__, {})
        if name in own:
            return self._row(own[name]) if isinstance(own[name], type) else own[name]
        kind, several = _kind_of(annotation)
        if isinstance(kind, type) and issubclass(kind, models.Model):
            return [self._row(kind)] if several else self._row(kind)
        if name in self.values:
            return self.values[name]
        if kind is models.QuerySet:
            return Notice.objects.all()
        if kind in PLAIN:
            return [PLAIN[kind]] if several else PLAIN[kind]
        if kind is str:
            return WORDS
        return pytest.fail(
            f"{verb.__module__}.{verb.__name__} is a new verb: say in VALUES what `{name}: {annotation}` may be"
        )

    def _row(self, model: type[models.Model]):
        row = self.rows.get(model) or model._default_manager.order_by("pk").first()
        assert row is not None, f"the scene (tests/scene.py) has no {model.__name__} to try the verbs on"
        return row


def _kind_of(annotation) -> tuple[type, bool]:
    """The type behind `X | None` (the first of several) and `Sequence[X]`, and whether it is a sequence."""
    if isinstance(annotation, types.UnionType):
        annotation = typing.get_args(annotation)[0]
    origin = typing.get_origin(annotation)
    if origin is None or origin is models.QuerySet:
        return origin or annotation, False
    if origin is dict:
        return dict, False
    return typing.get_args(annotation)[0], True


def refusal(verb: Callable, given: dict, by: User) -> str:
    """How the verb answers the person, everything it wrote taken back: refused, or what else came of it."""
    with transaction.atomic():
        try:
            return f"did it: {verb(**given, by=by)}"
        except PermissionDenied:
            return "refused"
        except ValidationError as error:
            return " ".join(error.messages)
        except Exception as error:  # noqa: BLE001 - any other answer is the test's to judge
            return f"{type(error).__name__}: {error}"
        finally:
            transaction.set_rollback(True)


def stranger(scene) -> User:
    """Reports for and heads a unit that has nothing to do with the project, and sponsors nothing of it."""
    unit = make_unit("另一个单位")
    user = make_user(Role.REPORTER, Role.UNIT_HEAD, Role.SPONSOR, Role.SERVICE_OFFICER, unit=unit)
    make_official("领导乙", user)
    return user


def nobody(scene) -> User:
    """An account without any duty."""
    return make_user()


def former(scene) -> User:
    """Once held every duty there is, in the project's own unit and as its sponsor; each ended yesterday."""
    user = make_user(*Role.values, unit=scene.project.lead_department)
    Duty.objects.filter(user=user).update(ends_on=YESTERDAY)
    Official.objects.filter(pk=scene.project.sponsor_id).update(user=user)
    return user


@pytest.mark.parametrize("person", [stranger, nobody, former])
def test_no_verb_obeys_who_has_no_business_with_it(scene, person):
    assert len(ASKED) > 100
    by, recipes = User.objects.get(pk=person(scene).pk), Recipes(scene)
    obeyed = {}
    for verb in ASKED:
        answer = refusal(verb, recipes.of(verb), by)
        if answer != "refused" and not answer.startswith(IN_WORDS.get(verb, "refused")):
            obeyed[f"{verb.__module__}.{verb.__name__}"] = answer
    assert obeyed == {}


def test_somebody_of_the_project_may_do_each_of_them(scene):
    """So that the refusals above are about the person, and not about arguments nobody could be heard with."""
    recipes, people = Recipes(scene), [user for user in scene.people.values() if user]
    unheard = [
        f"{verb.__module__}.{verb.__name__}"
        for verb in ASKED
        if all(refusal(verb, recipes.of(verb), User.objects.get(pk=by.pk)) == "refused" for by in people)
    ]
    assert unheard == []
