"""Minimal valid rows for tests: plain functions, no random facts."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.models import (
    AnnualList,
    AssessmentRound,
    Belonging,
    ChainSegment,
    CorrectiveAction,
    DateChangeRequest,
    DeliveryPlan,
    Duty,
    Handover,
    Indicator,
    IndustryChain,
    LandItem,
    Lead,
    LeadStep,
    LightExemption,
    LightRecord,
    ListAdjustment,
    ListAdjustmentLine,
    Listing,
    ListingVersion,
    ListKind,
    Milestone,
    MilestoneClaim,
    Official,
    Permit,
    PermitKind,
    Plot,
    PlotItem,
    Problem,
    ProgressReport,
    Project,
    ProjectStage,
    ReportState,
    Role,
    ScoringItem,
    ScoringScheme,
    Unit,
    User,
)
from projects.models.plans.plans import IN_FORCE_STATES
from projects.periods import TenDayPeriod
from projects.rules.scoring import ScoredPeriod
from projects.services.figures.year_amounts import rewrite_year_amounts

_numbers = count(1)
NOW = dt.datetime(2023, 10, 12, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = NOW.date()


def make_unit(name: str | None = None, kind=Unit.Kind.DEPARTMENT) -> Unit:
    return Unit.objects.create(name=name or f"单位{next(_numbers)}", kind=kind)


def make_user(*roles: str, unit: Unit | None = None, name: str | None = None, **fields) -> User:
    """A person with the given roles; roles of a unit get `unit` (a new one when none is given)."""
    number = next(_numbers)
    fields.setdefault("email", f"user{number}@example.invalid")
    user = User.objects.create(username=f"user{number}", full_name=name or f"人员{number}", **fields)
    for role in roles:
        in_unit = unit
        if in_unit is None and role in {Role.REPORTER, Role.UNIT_HEAD}:
            in_unit = make_unit()
        Duty.objects.create(user=user, role=role, unit=in_unit, starts_on=dt.date(2023, 1, 1))
    return user


def make_official(name: str | None = None, user: User | None = None) -> Official:
    return Official.objects.create(name=name or f"领导{next(_numbers)}", post="管委会副主任", user=user)


def make_project(name: str | None = None, **fields) -> Project:
    """An active project with handovers for the slots given, followed by ten-day reports from 2023 on."""
    number = next(_numbers)
    fields.setdefault("code", f"2301-370371-04-01-{number:06d}")
    fields.setdefault("total_investment", Decimal("10000"))
    fields.setdefault("reports_from_on", dt.date(2023, 1, 1))
    name = name or f"项目{number}"
    project = Project.objects.create(name=name, search_text=f"{name} {fields['code']}".lower(), **fields)
    for slot in Handover.Slot.values:
        holder = getattr(project, slot)
        if holder is not None:
            Handover.objects.create(
                project=project,
                slot=slot,
                from_on=dt.date(2023, 1, 1),
                made_at=NOW,
                **{"official" if slot == Handover.Slot.SPONSOR else "unit": holder},
            )
    if project.parent or project.level != Project.Level.SINGLE:
        belongs(project, level=project.level, parent=project.parent)
    if project.industry_chain:
        belongs(project, industry_chain=project.industry_chain)
    return project


def belongs(project: Project, *, from_on: dt.date = dt.date(2023, 1, 1), **place) -> Belonging:
    """Where the project belongs from a day on (层级与打包、产业链), here and on the project."""
    kind = Belonging.Kind.INDUSTRY_CHAIN if "industry_chain" in place else Belonging.Kind.PACKAGE
    Project.objects.filter(pk=project.pk).update(**place)
    return Belonging.objects.create(project=project, kind=kind, from_on=from_on, made_at=NOW, **place)


def make_list(kind: str = "市级重大", year: int = 2023, **fields) -> AnnualList:
    return AnnualList.objects.get_or_create(kind=ListKind.objects.get(name=kind), year=year, defaults=fields)[
        0
    ]


def make_listing(project: Project, annual_list: AnnualList | None = None, **version) -> ListingVersion:
    """List the project; the version is the year's initial one, 新开工 with a plan of 1000 万元, unless told."""
    annual_list = annual_list or make_list()
    listing, _ = Listing.objects.get_or_create(project=project, annual_list=annual_list)
    version.setdefault("effective_on", dt.date(annual_list.year, 1, 1))
    version.setdefault("category", ProjectStage.NEW_START)
    version.setdefault("planned_investment", Decimal("1000"))
    return ListingVersion.objects.create(listing=listing, made_at=NOW, **version)


def make_adjustment(
    annual_list: AnnualList, by: User, *lines: tuple[Project, str, dict], **fields
) -> ListAdjustment:
    """A draft from July on with a line for each (project, change, what it says) given."""
    fields.setdefault("document", f"淄高新发改〔2023〕{next(_numbers)}号")
    fields.setdefault("effective_on", dt.date(2023, 7, 1))
    adjustment = ListAdjustment.objects.create(annual_list=annual_list, made_by=by, made_at=NOW, **fields)
    for project, change, said in lines:
        ListAdjustmentLine.objects.create(
            adjustment=adjustment, project=project, change=change, reason="按会议要求", **said
        )
    return adjustment


def make_plan(project: Project, *dues, **fields) -> DeliveryPlan:
    """An approved plan with one milestone for each due date or text given; it takes over from the one before."""
    fields.setdefault("state", DeliveryPlan.State.APPROVED)
    fields.setdefault("approved_on", dt.date(2023, 1, 1))
    if fields["state"] in IN_FORCE_STATES:
        approved_on = fields["approved_on"]
        before = project.plans.filter(state__in=IN_FORCE_STATES).order_by("number").last()
        if before is not None:
            DeliveryPlan.objects.filter(pk=before.pk).update(state="superseded", until_on=approved_on)
            fields.setdefault("from_on", approved_on)
        if fields["state"] == DeliveryPlan.State.SUPERSEDED:  # until the next one comes
            fields.setdefault("until_on", approved_on)
    plan = DeliveryPlan.objects.create(project=project, made_at=NOW, **fields)
    for position, due in enumerate(dues, 1):
        Milestone.objects.create(
            plan=plan,
            position=position,
            stage=Milestone.Stage.CONSTRUCTION,
            name=f"节点{position}",
            due=str(due),
            unit=project.lead_department,
        )
    return plan


def make_date_change(milestone: Milestone, by: User, **fields) -> DateChangeRequest:
    """A waiting request to move a milestone, asked on NOW."""
    fields = {"new_due": "2099-12-31", "reason": "前期手续未办完", "document": "淄高新〔2023〕9号"} | fields
    return DateChangeRequest.objects.create(
        milestone=milestone,
        old_due=milestone.due,
        old_due_on=milestone.due_on,
        asked_on=TODAY,
        asked_by=by,
        asked_at=NOW,
        **fields,
    )


def make_claim(milestone: Milestone, by: User, **fields) -> MilestoneClaim:
    """A completion of the milestone that waits for the office."""
    fields = {"achieved_on": dt.date(2023, 9, 1), "evidence": "批3号"} | fields
    return MilestoneClaim.objects.create(milestone=milestone, claimed_by=by, claimed_at=NOW, **fields)


def make_report(project: Project, period: str = "2023-10-1", invested="100", **fields) -> ProgressReport:
    """A confirmed report of the period with a cumulative amount for the year."""
    ends_on = TenDayPeriod.parse(period).last_on
    fields.setdefault("state", ReportState.CONFIRMED)
    fields.setdefault("counts_from_on", ends_on)
    report = ProgressReport.objects.create(
        project=project, period_ends_on=ends_on, invested_this_year=Decimal(invested), filled_at=NOW, **fields
    )
    rewrite_year_amounts([(project.pk, ends_on.year)])
    return report


def make_problem(project: Project, **fields) -> Problem:
    fields.setdefault("category", Problem.Category.LAND)
    fields.setdefault("text", f"问题{next(_numbers)}")
    fields.setdefault("raised_on", dt.date(2023, 9, 1))
    fields.setdefault("due_on", dt.date(2023, 9, 15))
    return Problem.objects.create(project=project, **fields)


def make_permit(project: Project, kind: str = "建设工程规划许可证", **fields) -> Permit:
    """A permit in force, issued on 1 October 2022 and valid for a year unless told."""
    fields.setdefault("number", f"许字第{next(_numbers)}号")
    fields.setdefault("issued_on", dt.date(2022, 10, 1))
    fields.setdefault("valid_until_on", dt.date(2023, 10, 1))
    return Permit.objects.create(
        project=project, kind=PermitKind.objects.get(name=kind), made_at=NOW, **fields
    )


def handed_in(plan: DeliveryPlan) -> DeliveryPlan:
    """A drafted plan as it waits for the office, handed in by nobody who is asked of here."""
    plan.state = DeliveryPlan.State.SUBMITTED
    plan.save(update_fields=["state"])
    return plan


def make_plot(project: Project, name: str | None = None, **fields) -> Plot:
    """A plot with every item of the catalogue in use, none begun."""
    plot = Plot.objects.create(project=project, name=name or f"地块{next(_numbers)}", made_at=NOW, **fields)
    PlotItem.objects.bulk_create(
        PlotItem(plot=plot, item=item) for item in LandItem.objects.filter(is_active=True)
    )
    return plot


def make_action(unit: Unit, *, by: User, **fields) -> CorrectiveAction:
    """A action of a problem or visit for the unit, due within the week."""
    owner = fields.get("problem") or fields["visit"]
    fields.setdefault("text", f"措施{next(_numbers)}")
    fields.setdefault("due_on", TODAY + dt.timedelta(days=5))
    fields.setdefault("made_on", dt.date(2023, 9, 10))
    return CorrectiveAction.objects.create(
        project=owner.project, unit=unit, made_by=by, made_at=NOW, **fields
    )


def make_chain(name: str | None = None, **fields) -> IndustryChain:
    """A chain with one segment in each place: 上游材料, 中游部件, 下游整机."""
    chain = IndustryChain.objects.create(name=name or f"产业链{next(_numbers)}", **fields)
    for tier, words in zip(ChainSegment.Tier, ("上游材料", "中游部件", "下游整机"), strict=True):
        ChainSegment.objects.create(chain=chain, tier=tier, name=words)
    return chain


def make_lead(unit: Unit, *stages: tuple[str, str], **fields) -> Lead:
    """A lead with a step for each (stage, ISO date) given; in talks since March unless told."""
    fields.setdefault("name", f"招商项目{next(_numbers)}")
    fields.setdefault("investor", "某投资公司")
    fields.setdefault("origin", Lead.Origin.OUT_OF_PROVINCE)
    fields.setdefault("agreed_investment", Decimal("20000"))
    lead = Lead.objects.create(unit=unit, made_at=NOW, **fields)
    for stage, on in stages or [("talking", "2023-03-01")]:
        LeadStep.objects.create(lead=lead, stage=stage, on=on, document="协议", made_at=NOW)
    return lead


def make_indicator(name: str = "省外到位资金", **fields) -> Indicator:
    fields = {"year": 2023, "unit": "亿元", "target": Decimal("120")} | fields
    return Indicator.objects.create(name=name, **fields)


def make_exemption(project: Project, by: User, **fields) -> LightExemption:
    """An exemption that waits (亮灯豁免), of the progress until the end of the year, unless told; decided if a state is."""
    fields.setdefault("dimension", "progress")
    fields.setdefault("from_on", TODAY)
    fields.setdefault("until_on", dt.date(2023, 12, 31))
    if fields.get("state", "asked") != "asked":
        fields = {"decided_by": by, "decided_at": NOW, **fields}
    return LightExemption.objects.create(
        project=project, reason="地块文物勘探", asked_by=by, asked_at=NOW, **fields
    )


def make_light_record(project: Project, period: str, light: str = "red", why: str = "") -> LightRecord:
    reasons = [{"dimension": "progress", "light": light, "sentence": why}] if why else []
    return LightRecord.objects.create(
        project=project,
        period_ends_on=TenDayPeriod.parse(period).last_on,
        light=light,
        reasons=reasons,
        recorded_at=NOW,
    )


def make_scheme(*figures: str, **fields) -> ScoringScheme:
    """A scheme in force from the year's beginning; the figures share 100 points, linear from 0 to 100; + ±5 by hand."""
    fields = {"name": "考核办法", "year": 2023, "effective_on": dt.date(2023, 1, 1), "made_at": NOW} | fields
    fields.setdefault("state", ScoringScheme.State.IN_FORCE)
    fields.setdefault("document", "淄高新办〔2023〕3号")
    fields.setdefault("version", next(_numbers) + 1)
    fields.setdefault("least_projects", 1)
    scheme = ScoringScheme.objects.create(**fields)
    for position, figure in enumerate(figures, 1):
        ScoringItem.objects.create(
            scheme=scheme,
            position=position,
            name=ScoringItem.Figure(figure).label,
            figure=figure,
            weight=Decimal(100) / len(figures),
        )
    ScoringItem.objects.create(
        scheme=scheme, position=99, name="加减分", figure="manual", weight=0, floor=-5, cap=5
    )
    return scheme


def make_round(scheme: ScoringScheme, by: User, number: int = 3) -> AssessmentRound:
    """A draft over a quarter of the scheme's year, the third unless told."""
    period = ScoredPeriod(scheme.year, "quarter", number)
    return AssessmentRound.objects.create(
        scheme=scheme,
        subject=scheme.subject,
        year=scheme.year,
        kind="quarter",
        number=number,
        as_of=period.last_on,
        made_by=by,
        made_at=NOW,
    )


def make_picture(
    name: str = "现场.jpg", kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any
) -> SimpleUploadedFile:
    """A photo as a form sends it; options are Pillow's for saving."""
    content = BytesIO()
    Image.new("RGB", size, "grey").save(content, kind, **options)
    return SimpleUploadedFile(name, content.getvalue())
