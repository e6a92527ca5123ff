"""One project with something of everything, the people around it, and the addresses that open them."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from projects.digests.weekly import weekly_content
from projects.models import (
    Alert,
    AlertKind,
    Attachment,
    AuditRecord,
    BaselineCurve,
    ChainMember,
    ChainTask,
    ImportBatch,
    LightRuleSet,
    Notice,
    PeriodReopening,
    Project,
    ProjectMember,
    ReportState,
    Role,
    SavedView,
    SenderAnswer,
    SiteVisit,
    User,
)
from projects.periods import Week
from projects.services.assessment import appeals as score_appeals
from projects.services.assessment import rounds as assessments
from projects.services.figures.publications import seal_figures
from projects.services.problems import clinics
from projects.services.problems import urgent as urgent_lists
from projects.services.supervision import orders as supervision
from projects.services.weekly.issues import keep_draft

from .factories import (
    NOW,
    TODAY,
    belongs,
    make_action,
    make_adjustment,
    make_chain,
    make_claim,
    make_date_change,
    make_exemption,
    make_indicator,
    make_lead,
    make_listing,
    make_official,
    make_permit,
    make_plan,
    make_plot,
    make_problem,
    make_project,
    make_report,
    make_round,
    make_scheme,
    make_unit,
    make_user,
)

WEEK = "2023-W40"
APPROVED = {"dimension": "milestone", "state": "approved"}  # an exemption in force

# the outcome of reading a small file, as an import keeps it
READ_BEFORE = {
    "sheets": [
        {
            "sheet": "市级重大",
            "kind": "ledger",
            "header_rows": [1],
            "rows": 1,
            "warnings": [],
            "errors": [],
            "columns": [
                {
                    "index": 0,
                    "head": "项目名称",
                    "header": "项目名称",
                    "field": "name",
                    "label": "项目名称",
                    "why": "dictionary",
                }
            ],
        }
    ],
    "tops": {"市级重大": [["项目名称"], ["齐鲁储能谷项目"]]},
}


@dataclass
class Scene:
    """Everybody and everything of the project; `people` in the order of the matrix, None is nobody signed in."""

    project: Project
    people: dict[str, User | None]
    arguments: dict[str, dict] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """The address of a URL name, opened on this project's things."""
        return reverse(name, kwargs=self.arguments.get(name, {}))


def make_scene() -> Scene:
    """The cast with something of everything that a project may have, and the addresses that open it."""
    cast = make_cast()
    return Scene(cast.project, cast.people, _arguments(cast.project, cast.people))


def make_cast() -> Scene:
    """People of every role around one listed project, and a stranger whose unit has nothing to do with it."""
    unit, district, official_user = make_unit("工信商务局"), make_unit("中埠镇"), make_user(Role.SPONSOR)
    people = {
        "anonymous": None,
        "reporter": make_user(Role.REPORTER, unit=unit),
        "unit head": make_user(Role.UNIT_HEAD, unit=unit),
        "sponsor": official_user,
        "officer": make_user(Role.SERVICE_OFFICER),
        "office": make_user(Role.OFFICE, is_staff=True),
        "inspector": make_user(Role.INSPECTOR),
        "admin": make_user(Role.ADMINISTRATOR, is_staff=True),
        "stranger": make_user(Role.REPORTER, unit=make_unit("无关单位")),
    }
    project = make_project(
        "齐鲁储能谷项目",
        lead_department=unit,
        host_district=district,
        sponsor=make_official("领导甲", official_user),
        started_on=dt.date(2023, 3, 1),
    )
    ProjectMember.objects.create(
        project=project, kind="service_officer", user=people["officer"], from_on=dt.date(2023, 1, 1)
    )
    make_listing(project)
    return Scene(project, people)


def _arguments(project: Project, people: dict) -> dict[str, dict]:
    milestone = make_plan(project, "2023-09-01", "2023-12-01").milestones.get(position=1)
    report = make_report(
        project, "2023-09-3", state=ReportState.SUBMITTED, filled_by=people["reporter"], submitted_at=NOW
    )
    problem = make_problem(project, lead_unit=project.lead_department, raised_by=people["reporter"])
    visit = SiteVisit.objects.create(
        project=project, visited_on=TODAY, findings="施工正常", logged_by=people["sponsor"], logged_at=NOW
    )
    attachment = Attachment(
        project=project,
        visit=visit,
        name="批复.pdf",
        content_type="application/pdf",
        size=9,
        sha256="0" * 64,
        uploaded_by=people["sponsor"],
        uploaded_at=NOW,
    )
    attachment.file.save("批复.pdf", ContentFile(b"%PDF-1.7\n"))
    alert = Alert.objects.create(
        kind=AlertKind.MILESTONE_OVERDUE,
        subject=f"milestone:{milestone.pk}",
        project=project,
        unit=project.lead_department,
        title=milestone.name,
        due_on=milestone.due_on,
        opened_on=TODAY,
    )
    notice = Notice.objects.create(
        key="scene",
        recipient=people["reporter"],
        channel="in_app",
        subject="旬报提醒",
        body="请填报",
        made_at=NOW,
    )
    batch = ImportBatch.objects.create(
        file_name="台账.xlsx",
        sha256="0" * 64,
        state=ImportBatch.State.READY,
        result=READ_BEFORE,
        made_by=people["office"],
        made_at=NOW,
    )
    remembered = SenderAnswer.objects.create(
        sender="工信商务局",
        kind="column",
        met="工程到哪一步",
        answer="physical_progress",
        made_by=people["office"],
        made_at=NOW,
    )
    view = SavedView.objects.create(
        owner=people["reporter"],
        page="problem_list",
        name="我的超期问题",
        query="status=overdue",
        made_at=NOW,
    )
    permit = make_permit(project, valid_until_on=dt.date(2023, 12, 31))
    plot = make_plot(project)
    adjustment = make_adjustment(
        project.listings.get().annual_list,
        people["office"],
        (project, "raised", {"planned_investment": 2000}),
    )
    week = Week.parse(WEEK)
    keep_draft(week=week, content=weekly_content(week).as_dict(), now=NOW)
    reopening = PeriodReopening.objects.create(
        period_ends_on=dt.date(2023, 8, 31),
        until_on=dt.date(2023, 10, 31),
        reason="统一补报",
        made_by=people["office"],
        made_at=NOW,
    )
    change = AuditRecord.objects.create(
        at=NOW,
        by=people["office"],
        action="修改项目",
        project=project,
        model="project",
        object_id=project.pk,
        object_text=project.name,
        changes={"name": ["储能项目", project.name]},
    )
    code = {"code": project.code}
    plan = milestone.plan
    draft = make_plan(
        project, "2024-06-30", number=2, state="draft", approved_on=None, made_by=people["reporter"]
    )
    date_change = make_date_change(plan.milestones.get(position=2), people["reporter"])
    found = {
        "plan_create": code,
        "plan_detail": {"pk": plan.pk},
        "plan_forecast": {"pk": plan.pk},
        "plan_revise": {"pk": plan.pk},
        "plan_row_edit": {"pk": draft.pk, "row": draft.milestones.get().pk},
        "plan_row_remove": {"pk": draft.pk, "row": draft.milestones.get().pk},
        "datechange_create": {"pk": milestone.pk},
        "project_detail": code,
        "gantt_detail": code,
        "problem_create": code,
        "visit_create": code,
        "permit_create": code,
        "plot_create": code,
        "plot_detail": {"pk": plot.pk},
        "marker_set": {**code, "kind": "six_in_one"},
        "report_edit": {**code, "period": "2023-10-1"},
        "report_grid": {"period": "2023-10-2"},
        "period_sheet": {"period": "2023-10-2"},
        "period_upload": {"period": "2023-10-2"},
        "attachment": {"pk": attachment.pk},
        "notice_read": {"pk": notice.pk},
        "view_remove": {"pk": view.pk},
        "handover_list": code,
        "handover_create": code,
        "member_create": code,
        "member_end": {"pk": project.members.get().pk},
        "state_change": code,
        "change_undo": {"pk": change.pk},
        "project_level": code,
        "project_fields": code,
        "responsibility_sheet": {"pk": project.sponsor_id},
        "former_address": {"former": "orders", "rest": ""},
    }
    rows = {
        "report": report,
        "reopening": reopening,
        "milestone": milestone,
        "problem": problem,
        "alert": alert,
        "permit": permit,
        "plot": plot.items.first(),
        "plan": draft,
        "datechange": date_change,
        "claim": make_claim(plan.milestones.get(position=2), people["reporter"]),
    }
    for prefix, row in rows.items():
        found |= {name: {"pk": row.pk} for name in url_names() if name.startswith(f"{prefix}_")} | found
    found |= {name: {"pk": adjustment.pk} for name in url_names() if name.startswith("adjustment_")}
    found["adjustment_line_remove"] = {"pk": adjustment.lines.get().pk}
    found |= {name: {"pk": batch.pk} for name in url_names() if name.startswith("import_")}
    found["import_columns"]["number"] = 0
    found["import_answer_edit"] = {"pk": remembered.pk}
    found |= _order_arguments(project, people)
    found |= _follow_up_arguments(project, people, visit)
    found |= _chain_arguments(project)
    found |= _score_arguments(project, people)
    asked, running = (make_exemption(project, people["reporter"], **more) for more in ({}, APPROVED))
    found |= {
        "exemption_create": code,
        "exemption_decide": {"pk": asked.pk},
        "exemption_withdraw": {"pk": asked.pk},
        "exemption_end": {"pk": running.pk},
    }
    rules = LightRuleSet.objects.get(name="武汉市2022年")
    found |= {name: {"pk": rules.pk} for name in url_names() if name.startswith("lightrule_")}
    found["lightrule_repeal"] = {"pk": LightRuleSet.objects.get(effective_on__lte=TODAY).pk}
    ahead = LightRuleSet.objects.get(name="三亚市2022年")
    ahead.effective_on, ahead.document = TODAY + dt.timedelta(days=30), "淄高新发改〔2023〕19号"
    ahead.save()
    found["lightrule_withdraw"] = {"pk": ahead.pk}
    found |= _publication_arguments(people)
    found |= {name: {"week": WEEK} for name in url_names() if name.startswith("weekly_")}
    return {name: parts for name, parts in found.items() if _takes_parts(name)}


def _publication_arguments(people: dict) -> dict[str, dict]:
    """The figures of September, sealed."""
    sealed = seal_figures(name="2023年9月月报", as_of=dt.date(2023, 9, 30), by=people["office"], now=NOW)
    return {"publication_detail": {"pk": sealed.pk}}


def _order_arguments(project: Project, people: dict) -> dict[str, dict]:
    """An issued slip to the lead department with its row answered, and a draft."""
    by = people["inspector"]
    head = {"type": "supervise", "unit": project.lead_department, "by": by, "now": NOW}
    slip, draft = (
        supervision.draft_order(facts=facts, demand="限期办结", **head) for facts in ("节点逾期", "未报旬报")
    )
    for order in (slip, draft):
        line = supervision.add_line(order=order, project=project, matter="主体封顶", by=by, now=NOW)
    slip = supervision.issue_order(order=slip, by=by, now=NOW)
    answered = slip.lines.get()
    supervision.reply_line(line=answered, reply="已封顶", by=people["reporter"], now=NOW)
    of_slip = ["order_detail", "order_void", "order_receive", "order_docx"]
    of_draft = ["order_edit", "order_line_add", "order_issue"]
    return (
        {name: {"pk": slip.pk} for name in of_slip}
        | {name: {"pk": draft.pk} for name in of_draft}
        | {name: {"pk": answered.pk} for name in ("order_reply", "order_close", "order_return")}
        | {"order_line_drop": {"pk": line.pk}}
    )


def _score_arguments(project: Project, people: dict) -> dict[str, dict]:
    """A published round with an appeal of the unit's head, a round still in draft, a draft of a scheme."""
    unit, by = project.lead_department, people["office"]
    scheme = make_scheme("start_rate_of_year")
    draft = make_scheme("start_rate_of_year", state="draft", effective_on=dt.date(2023, 7, 1))
    published = assessments.publish_round(
        round_=make_round(scheme, by), document="淄高新督〔2023〕6号", by=by, now=NOW
    )
    appeal = score_appeals.file_appeal(
        round_=published,
        unit=unit,
        item=scheme.items.get(weight=0),
        reason="表彰未计",
        evidence="鲁发改〔2023〕1号",
        by=people["unit head"],
        now=NOW,
    )
    in_draft = make_round(scheme, by, number=2)
    item = {"pk": draft.pk, "item": draft.items.first().pk}
    of_published = ["score_detail", "score_docx", "score_xlsx"]
    of_scheme = ["scheme_detail", "scheme_edit", "scheme_enforce", "scheme_try", "scheme_item_create"]
    return (
        {name: {"pk": published.pk} for name in of_published}
        | {name: {"pk": published.pk, "unit": unit.pk} for name in ("score_card", "score_appeal")}
        | {"score_publish": {"pk": in_draft.pk}, "score_adjust": {"pk": in_draft.pk, "unit": unit.pk}}
        | {"score_decide": {"pk": appeal.pk}}
        | {name: {"pk": draft.pk} for name in of_scheme}
        | {name: item for name in ("scheme_item_edit", "scheme_item_remove")}
    )


OF_VISITS = ("visit_confirm", "visit_return", "visit_withdraw")


def _follow_up_arguments(project: Project, people: dict, visit: SiteVisit) -> dict[str, dict]:
    """A decision of the visit still to be carried out; a case diagnosed at a sitting; a draft of urgent problems."""
    unit, by = project.lead_department, people["office"]
    action = make_action(unit, visit=visit, by=by)
    stuck = make_problem(project, lead_unit=unit, text="变电站用地未落实", level="city")
    session = clinics.call_session(
        held_on=TODAY, place="一楼会议室", chair="领导甲", units=[unit], by=by, now=NOW
    )
    case = clinics.add_case(session=session, problem=stuck, by=by, now=NOW)
    clinics.diagnose(case=case, diagnosis="用地指标不足", by=by, now=NOW)
    urgent = urgent_lists.draft_urgent_list(
        title="亟需解决问题清单", as_of=TODAY, problems=[stuck], by=by, now=NOW
    )
    of_case = ["clinic_case", "clinic_diagnose", "clinic_prescribe", "clinic_follow", "clinic_discharge"]
    of_list = ["urgent_detail", "urgent_edit", "urgent_issue", "urgent_docx", "urgent_xlsx"]
    return (
        {name: {"pk": session.pk} for name in ("clinic_detail", "clinic_add", "clinic_held")}
        | {name: {"pk": case.pk} for name in of_case}
        | {name: {"pk": urgent.pk} for name in of_list}
        | {name: {"pk": visit.pk} for name in ("visit_detail", "visit_action", *OF_VISITS)}
        | {"action_finish": {"pk": action.pk}}
    )


def _chain_arguments(project: Project) -> dict[str, dict]:
    """The project's chain, led by its sponsor, with a team, work, a signed lead of the lead department; an indicator."""
    unit = project.lead_department
    chain = make_chain("新能源", chain_leader=project.sponsor)
    belongs(project, industry_chain=chain)
    member = ChainMember.objects.create(chain=chain, unit=unit, post="牵头单位", from_on=dt.date(2023, 1, 1))
    task = ChainTask.objects.create(
        chain=chain, year=2023, text="编制图谱", unit=unit, due_on=dt.date(2023, 11, 30), made_at=NOW
    )
    lead = make_lead(unit, ("talking", "2023-03-01"), ("signed", "2023-06-01"), industry_chain=chain)
    rows = {"chain": chain, "lead": lead, "indicator": make_indicator()}
    found = {
        name: {"pk": row.pk}
        for area, row in rows.items()
        for name in url_names()
        if name.startswith(f"{area}_")
    }
    found |= {"target_edit": {"pk": project.listings.get().pk}}
    annual_list = {"pk": project.listings.get().annual_list_id}
    found |= {"baseline_edit": {"pk": BaselineCurve.objects.first().pk}}
    found |= {"baseline_choose": annual_list, "baseline_plan": annual_list}
    return found | {"chain_member_end": {"pk": member.pk}, "chain_task_finish": {"pk": task.pk}}


def url_names() -> list[str]:
    """Every named address of the product outside the admin, in the order of the URL configuration."""
    return [name for name, _pattern in url_patterns()]


def url_patterns() -> list[tuple[str, URLPattern]]:
    """Every such address by its name."""
    return _patterns(get_resolver().url_patterns)


def unnamed_addresses() -> list[str]:
    """Addresses outside the admin that nobody could name in a matrix."""
    return [str(pattern.pattern) for name, pattern in url_patterns() if not name]


def _takes_parts(name: str) -> bool:
    return any("<" in str(pattern.pattern) for found, pattern in url_patterns() if found == name)


def _patterns(patterns) -> list[tuple[str, URLPattern]]:
    found = []
    for item in patterns:
        if isinstance(item, URLResolver):
            if item.namespace != "admin":
                found += _patterns(item.url_patterns)
        else:
            found.append((item.name, item))
    return found
