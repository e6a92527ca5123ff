"""A large, plain ledger: every project with plan, 12 milestones and a year of ten-day reports."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from projects.models import (
    AnnualList,
    AuditRecord,
    Belonging,
    DeliveryPlan,
    Duty,
    Handover,
    IndustryChain,
    Listing,
    ListingVersion,
    ListKind,
    Milestone,
    Official,
    Problem,
    ProgressReport,
    Project,
    ProjectMember,
    ProjectStage,
    Role,
    SiteVisit,
    Unit,
    User,
    YearAmounts,
)
from projects.periods import TenDayPeriod
from projects.services.figures.year_amounts import rewrite_all_year_amounts

YEAR = 2023
FIRST = dt.date(YEAR, 1, 1)
NOW = dt.datetime(YEAR, 12, 29, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = NOW.date()
MILESTONES = 12
PERIODS = TenDayPeriod.of_year(YEAR)
AT_ONCE = 500  # projects whose rows are held in memory together
PLACES = "光伏 锂电 靶材 陶瓷 传感器 储能 医药 芯片 新材料 装备 厂房 物流".split()


@dataclass(frozen=True)
class People:
    """Whom the pages are asked as."""

    office: User
    reporter: User
    sponsor: User


@dataclass(frozen=True)
class Reference:
    """Rows that every project points to."""

    departments: list[Unit]
    districts: list[Unit]
    officials: list[Official]
    chains: list[IndustryChain]
    lists: dict[str, AnnualList]


def fill(size: int) -> People:
    """Write `size` projects in bulk; the shares of late, open and unreported ones are fixed, nothing is random."""
    people, reference = _reference()
    for first in range(0, size, AT_ONCE):
        _write_projects(range(first, min(first + AT_ONCE, size)), reference, people)
    _write_milestones()
    _write_reports(people.office)
    rewrite_all_year_amounts()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return people


def already_filled(size: int) -> People | None:
    """Whom to ask as, where an earlier run left exactly this ledger behind."""
    if Project.objects.count() != size or not YearAmounts.objects.filter(
        project__code__endswith=f"{size - 1:06d}"
    ):
        return None
    return People(*(User.objects.get(username=name) for name in ("office", "reporter", "sponsor")))


def _reference() -> tuple[People, Reference]:
    def units(count: int, name: str, kind: str) -> list[Unit]:
        return Unit.objects.bulk_create(
            Unit(name=f"{name}{n:02d}", kind=kind, position=n) for n in range(count)
        )

    departments = units(40, "推进部门", Unit.Kind.DEPARTMENT)
    districts = units(20, "属地", Unit.Kind.DISTRICT)
    people = People(
        *(
            User.objects.create(username=name, full_name=name, is_staff=name == "office")
            for name in ("office", "reporter", "sponsor")
        )
    )
    for user, role, unit in (
        (people.office, Role.OFFICE, None),
        (people.reporter, Role.REPORTER, departments[0]),
        (people.sponsor, Role.SPONSOR, None),
    ):
        Duty.objects.create(user=user, role=role, unit=unit, starts_on=FIRST)
    # every further unit has somebody whom alerts reach
    reporters = User.objects.bulk_create(
        User(username=f"r{unit.pk}", full_name=f"填报员{unit.pk}", email=f"r{unit.pk}@example.invalid")
        for unit in (*departments[1:], *districts)
    )
    Duty.objects.bulk_create(
        Duty(user=user, role=Role.REPORTER, unit=unit, starts_on=FIRST)
        for user, unit in zip(reporters, (*departments[1:], *districts), strict=True)
    )
    officials = Official.objects.bulk_create(
        Official(
            name=f"领导{n:02d}", post="管委会副主任", user=people.sponsor if n == 0 else None, position=n
        )
        for n in range(60)
    )
    chains = IndustryChain.objects.bulk_create(IndustryChain(name=f"产业链{n:02d}") for n in range(12))
    lists = {
        kind: AnnualList.objects.create(kind=ListKind.objects.get(name=kind), year=YEAR)
        for kind in ("省级重点", "市级重大", "技改")
    }
    return people, Reference(departments, districts, officials, chains, lists)


def _write_projects(numbers: range, reference: Reference, people: People) -> None:
    projects = Project.objects.bulk_create([_project(number, reference) for number in numbers])
    _many(Handover, (row for project in projects for row in _handovers(project)))
    _many(Belonging, (_chain(project) for project in projects))
    listings = Listing.objects.bulk_create(
        Listing(project=project, annual_list=reference.lists[kind], number=n + 1)
        for n, project in zip(numbers, projects, strict=True)
        for kind in _lists_of(n)
    )
    _many(ListingVersion, (_version(listing) for listing in listings))
    _many(
        DeliveryPlan,
        (
            DeliveryPlan(
                project=project,
                state=DeliveryPlan.State.APPROVED,
                approved_on=FIRST,
                made_at=NOW,
                document="淄高新发",
            )
            for project in projects
        ),
    )
    pairs = list(zip(numbers, projects, strict=True))
    _many(Problem, (_problem(n, project) for n, project in pairs if n % 2))
    _many(SiteVisit, (_visit(project, people.office) for n, project in pairs if n % 3 == 0))
    _many(
        ProjectMember,
        (
            ProjectMember(
                project=project, kind="supporting_unit", unit=reference.districts[n % 20], from_on=FIRST
            )
            for n, project in pairs
            if n % 5 == 0
        ),
    )
    _many(AuditRecord, (_audit(project, people.office) for _n, project in pairs))


def _many(model: type, rows: Iterator) -> None:
    model.objects.bulk_create(rows, batch_size=1000)


def _project(n: int, reference: Reference) -> Project:
    name = f"{PLACES[n % len(PLACES)]}产业化项目{n:06d}"
    code = f"2301-370371-04-01-{n:06d}"
    started = FIRST + dt.timedelta(days=n % 300) if n % 20 else None
    in_production = dt.date(YEAR, 12, 1) if started and n % 12 == 1 else None
    return Project(
        code=code,
        name=name,
        developer=f"示例企业{n:06d}有限公司",
        description=f"建设{name}及配套设施",
        total_investment=Decimal(8000 + n % 90_000),
        sponsor=reference.officials[n % 60],
        lead_department=reference.departments[n % 40],
        host_district=reference.districts[n % 20],
        industry_chain=reference.chains[n % 12],
        started_on=started,
        in_production_on=in_production,
        entered_statistics_on=started if n % 5 else None,
        reports_from_on=FIRST,
        search_text=f"{name} {code} 示例企业{n:06d}有限公司 cyhxm".lower(),
    )


def _handovers(project: Project) -> Iterator[Handover]:
    for slot, holder in (
        ("sponsor", {"official": project.sponsor}),
        ("lead_department", {"unit": project.lead_department}),
        ("host_district", {"unit": project.host_district}),
    ):
        yield Handover(project=project, slot=slot, from_on=FIRST, made_at=NOW, **holder)


def _chain(project: Project) -> Belonging:
    kind = Belonging.Kind.INDUSTRY_CHAIN
    said = {"from_on": FIRST, "made_at": NOW, "industry_chain": project.industry_chain}
    return Belonging(project=project, kind=kind, **said)


def _lists_of(n: int) -> tuple[str, ...]:
    """Four tenths 技改, six tenths 市级重大, of these every fourth also 省级重点."""
    if n % 10 < 4:
        return ("技改",)
    return ("市级重大", "省级重点") if n % 4 == 0 else ("市级重大",)


def _version(listing: Listing) -> ListingVersion:
    return ListingVersion(
        listing=listing,
        effective_on=FIRST,
        category=ProjectStage.NEW_START if listing.project_id % 3 else ProjectStage.CONTINUING,
        planned_investment=Decimal(3600 + listing.project_id % 500),
        planned_start=f"{YEAR}年{listing.project_id % 10 + 1}月",
        planned_completion=f"{YEAR + 1}年6月",
        made_at=NOW,
    )


def _write_milestones() -> None:
    """One a month; every fifteenth project is late with its November milestone, December's is open for all."""
    months = [(month, dt.date(YEAR, month, 10)) for month in range(1, MILESTONES)]
    months.append((MILESTONES, dt.date(YEAR + 1, 1, 15)))
    done = "number < 11 OR (number = 11 AND n % 15 <> 0)"
    _multiply(
        Milestone,
        months,
        plan_id="plan_id",
        position="number",
        stage="'construction'",
        name="'第' || number || '个节点'",
        unit_id="lead_department_id",
        due="CAST(day AS text)",
        due_on="day",
        achieved_on=f"CASE WHEN {done} THEN day END",
        evidence=f"CASE WHEN {done} THEN '淄高新审〔{YEAR}〕' || number || '号' ELSE '' END",
    )


def _write_reports(office: User) -> None:
    """36 confirmed reports; every tenth project misses the last closed one, and the running one waits for review."""
    amount, running = "(90 + n % 20) * number", f"day >= '{TODAY}'"
    _multiply(
        ProgressReport,
        [(period.index, period.last_on) for period in PERIODS],
        where="NOT (number = 35 AND n % 10 = 0)",
        project_id="id",
        period_ends_on="day",
        counts_from_on="day",
        invested_this_year=amount,
        invested_to_date=amount,
        physical_progress="'施工至第' || number || '段'",
        work_done="'本旬完成第' || number || '段施工'",
        next_steps="'继续施工'",
        state=f"CASE WHEN {running} THEN 'passed' ELSE 'confirmed' END",
        filled_by_id=office.pk,
        filled_at=NOW,
        submitted_by_id=office.pk,
        submitted_at=NOW,
    )


def _multiply(model: type, days: list[tuple[int, dt.date]], *, where: str = "1 = 1", **columns) -> None:
    """A row of `model` for every project and (number, day), written by the database: four million in a minute.

    A column is SQL over id, n (the project's number), lead_department_id, plan_id, number and day where it is a
    string, else a value; the others take their defaults.
    """
    names, expressions, values = [], [], []
    for column in model._meta.concrete_fields:
        if column.primary_key:
            continue
        names.append(column.column)
        told = columns.get(column.attname)
        if isinstance(told, str):
            expressions.append(told)
        else:
            given = column.get_default() if column.attname not in columns else told
            expressions.append("%s")
            values.append(column.get_db_prep_save(given, connection))
    rows = ", ".join(["(%s, %s)"] * len(days))
    sql = f"""
        INSERT INTO {model._meta.db_table} ({", ".join(names)})
        WITH days(number, day) AS (VALUES {rows})
        SELECT {", ".join(expression.replace("% ", "%% ") for expression in expressions)} FROM (
            SELECT p.id, p.lead_department_id, d.id AS plan_id, CAST(SUBSTR(p.code, 20) AS integer) AS n
            FROM projects_project p JOIN projects_deliveryplan d ON d.project_id = p.id) AS projects
        CROSS JOIN days WHERE {where.replace("% ", "%% ")} ORDER BY number, id"""
    days_given = [
        value for number, day in days for value in (number, connection.ops.adapt_datefield_value(day))
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*days_given, *values])


def _problem(n: int, project: Project) -> Problem:
    resolved = n % 4 == 1
    return Problem(
        project=project,
        category=Problem.Category.LAND,
        text=f"新增建设用地指标未落实（{n}）",
        lead_unit=project.lead_department,
        raised_on=dt.date(YEAR, 10, 8),
        due_on=dt.date(YEAR, 11, 8) if n % 3 else dt.date(YEAR + 1, 1, 31),
        state=Problem.State.RESOLVED if resolved else Problem.State.OPEN,
        resolved_on=dt.date(YEAR, 11, 1) if resolved else None,
    )


def _visit(project: Project, by: User) -> SiteVisit:
    return SiteVisit(
        project=project,
        official=project.sponsor,
        visited_on=dt.date(YEAR, 12, 5),
        findings="现场施工正常",
        logged_by=by,
        logged_at=NOW,
    )


def _audit(project: Project, by: User) -> AuditRecord:
    return AuditRecord(
        at=NOW,
        by=by,
        action="登记项目",
        project=project,
        model="Project",
        object_id=project.pk,
        object_text=project.name,
        changes={"name": [None, project.name]},
    )
