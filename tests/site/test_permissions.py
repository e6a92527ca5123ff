"""Every address for every role (权限矩阵): what opens, what is refused, what does not exist for a stranger.

A cell is the status that answers. "in" leads to the sign-in page, "on" redirects elsewhere (done). A foreign object
answers 404, a thing that is not for the role 403. An address that is missing from the table fails the test.
"""

from collections.abc import Iterable
from copy import deepcopy

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from projects.models import (
    AnnualList,
    AuditRecord,
    ChainSegment,
    PermitKind,
    ProgressReport,
    Project,
    ReportState,
    ScoringScheme,
)
from tests.crawling import turns
from tests.scene import unnamed_addresses, url_names

pytestmark = pytest.mark.django_db

COLUMNS = [
    "anonymous",
    "reporter",
    "unit head",
    "sponsor",
    "officer",
    "office",
    "inspector",
    "admin",
    "stranger",
]
# columns: nobody, reporter, unit head, sponsor, service officer, office, inspector, administrator, stranger
GET = """
login                   200   on   on   on   on   on   on   on   on
logout                   in  405  405  405  405  405  405  405  405
password_change          in  200  200  200  200  200  200  200  200
password_change_done     in  200  200  200  200  200  200  200  200
desk                     in  200  200  200  200  200  200  200  200
dashboard                in  200  200  200  200  200  200  200  200
ranking_list             in  200  200  200  200  200  200  200  200
dashboard_compare        in  200  200  200  200  200  200  200  200
lagging_list             in  200  200  200  200  200  200  200  200
dashboard_screen         in  200  200  200  200  200  200  200  200
project_list             in  200  200  200  200  200  200  200  200
project_export           in  200  200  200  200  200  200  200  200
project_create           in  403  403  403  403  200  403  403  403
project_detail           in  200  200  200  200  200  200  200  404
slot_list                in  200  200  200  200  200  200  200  200
responsibility_list      in  200  200  200  200  200  200  200  200
responsibility_summary   in  200  200  200  200  200  200  200  200
responsibility_sheet     in  200  200  200  200  200  200  200  404
handover_many            in  403  403  403  403  200  403  403  403
handover_list            in  200  200  200  200  200  200  200  404
handover_create          in  403  403  403  403  200  403  403  404
member_create            in  200  200  404  200  200  404  404  404
member_end               in  404  404  404  404  200  404  404  404
state_change             in  403  403  403  403  200  403  403  404
project_fields           in  403  403  403  403  200  403  403  403
project_level            in  403  403  403  403  200  403  403  404
weekly_list              in  200  200  200  200  200  200  200  200
weekly_detail            in  404  404  404  404  200  200  200  404
weekly_make              in  405  405  405  405  405  405  405  405
weekly_sign              in  405  405  405  405  405  405  405  405
weekly_send              in  405  405  405  405  405  405  405  405
weekly_docx              in  404  404  404  404  200  200  200  404
weekly_xlsx              in  404  404  404  404  200  200  200  404
publication_list         in  403  403  403  403  200  200  200  403
publication_seal         in  403  403  403  403  200  403  403  403
publication_detail       in  403  403  403  403  200  200  200  403
report_edit              in  200  200  404  200  200  404  404  404
report_list              in  200  200  200  200  200  200  200  200
report_confirm_many      in  405  405  405  405  405  405  405  405
report_pass_many         in  405  405  405  405  405  405  405  405
report_detail            in  200  200  200  200  200  200  200  404
report_pass              in  405  405  405  405  405  405  405  405
report_confirm           in  405  405  405  405  405  405  405  405
report_return            in  404  200  404  404  200  404  404  404
report_reopen            in  403  403  403  403  200  403  403  404
missing_list             in  200  200  200  200  200  200  200  200
change_undo              in  403  403  403  403  200  403  403  403
report_grid              in  200  200  403  200  200  403  403  200
period_sheet             in  200  200  403  200  200  403  403  200
period_upload            in  200  200  403  200  200  403  403  200
missing_urge             in  405  405  405  405  405  405  405  405
reopening_list           in  403  403  403  403  200  403  403  403
reopening_close          in  403  403  403  403  200  403  403  403
attachment               in  200  200  200  200  200  200  200  404
gantt_detail             in  200  200  200  200  200  200  200  404
wall_chart               in  200  200  200  200  200  200  200  200
progress_list            in  200  200  200  200  200  200  200  200
milestone_list           in  200  200  200  200  200  200  200  200
milestone_achieve        in  200  200  404  200  200  404  404  404
claim_detail             in  200  200  200  200  200  200  200  404
claim_confirm            in  405  405  405  405  405  405  405  405
claim_return             in  405  405  405  405  405  405  405  405
claim_withdraw           in  405  405  405  405  405  405  405  405
milestone_undo           in  403  403  403  403  200  403  403  404
plan_list                in  200  200  200  200  200  200  200  200
plan_detail              in  200  200  200  200  200  200  200  404
plan_edit                in  200  200  404  200  200  404  404  404
plan_row_create          in  200  200  404  200  200  404  404  404
plan_row_edit            in  200  200  404  200  200  404  404  404
plan_row_remove          in  405  405  405  405  405  405  405  405
plan_submit              in  200  200  404  200  200  404  404  404
plan_return              in  403  403  403  403  200  403  403  404
plan_approve             in  403  403  403  403  200  403  403  404
plan_revise              in  405  405  405  405  405  405  405  405
plan_forecast            in  200  200  200  200  200  200  200  404
plan_create              in  200  200  404  200  200  404  404  404
datechange_create        in  200  200  404  200  200  404  404  404
datechange_list          in  200  200  200  200  200  200  200  200
datechange_decide        in  403  403  403  403  200  403  403  404
datechange_withdraw      in  200  403  403  403  403  403  403  404
problem_list             in  200  200  200  200  200  200  200  200
problem_detail           in  200  200  200  200  200  200  200  404
problem_progress         in  405  405  405  405  405  405  405  405
problem_handle           in  405  405  405  405  405  405  405  405
problem_resolve          in  405  405  405  405  405  405  405  405
problem_reopen           in  405  405  405  405  405  405  405  405
problem_create           in  200  200  200  200  200  404  404  404
problem_ageing           in  200  200  200  200  200  200  200  200
problem_escalate         in  405  405  405  405  405  405  405  405
problem_helpers          in  405  405  405  405  405  405  405  405
problem_action          in  405  405  405  405  405  405  405  405
action_list             in  200  200  200  200  200  200  200  200
action_finish           in  200  200  200  200  200  404  404  404
urgent_list              in  403  403  403  403  200  200  200  403
urgent_create            in  403  403  403  403  200  403  403  403
urgent_detail            in  403  403  403  403  200  200  200  403
urgent_edit              in  403  403  403  403  200  403  403  403
urgent_issue             in  405  405  405  405  405  405  405  405
urgent_docx              in  403  403  403  403  200  200  200  403
urgent_xlsx              in  403  403  403  403  200  200  200  403
clinic_list              in  200  200  200  200  200  200  200  200
clinic_create            in  403  403  403  403  200  403  403  403
clinic_detail            in  200  200  200  200  200  200  200  404
clinic_add               in  405  405  405  405  405  405  405  405
clinic_held              in  405  405  405  405  405  405  405  405
clinic_case              in  200  200  200  200  200  200  200  404
clinic_diagnose          in  405  405  405  405  405  405  405  405
clinic_prescribe         in  405  405  405  405  405  405  405  405
clinic_follow            in  405  405  405  405  405  405  405  405
clinic_discharge         in  405  405  405  405  405  405  405  405
visit_sponsors           in  200  200  200  200  200  200  200  200
visit_detail             in  200  200  200  200  200  200  200  404
visit_action            in  405  405  405  405  405  405  405  405
visit_confirm           in  405  405  405  405  405  405  405  405
visit_return            in  405  405  405  405  405  405  405  405
visit_withdraw          in  405  405  405  405  405  405  405  405
visit_list               in  200  200  200  200  200  200  200  200
visit_create             in  200  200  200  200  200  404  404  404
order_list               in  200  200  200  200  200  200  200  200
order_create             in  403  403  403  403  200  200  403  403
order_detail             in  200  200  200  200  200  200  200  404
order_edit               in  404  404  404  404  200  200  403  404
order_line_add           in  405  405  405  405  405  405  405  405
order_issue              in  405  405  405  405  405  405  405  405
order_void               in  403  403  403  403  200  200  403  404
order_receive            in  405  405  405  405  405  405  405  405
order_docx               in  200  200  200  200  200  200  200  404
order_line_drop          in  405  405  405  405  405  405  405  405
order_reply              in  200  200  403  403  403  403  403  404
order_close              in  405  405  405  405  405  405  405  405
order_return             in  403  403  403  403  200  200  403  404
view_save                in  405  405  405  405  405  405  405  405
view_remove              in  405  405  405  405  405  405  405  405
permit_list              in  200  200  200  200  200  200  200  200
permit_detail            in  200  200  200  200  200  200  200  404
permit_attach            in  405  405  405  405  405  405  405  405
permit_renew             in  200  200  404  200  200  404  404  404
permit_void              in  403  403  403  403  200  403  403  404
permit_create            in  200  200  404  200  200  404  404  404
plot_list                in  200  200  200  200  200  200  200  200
plot_detail              in  200  200  200  200  200  200  200  404
plot_item                in  200  200  200  200  200  200  200  404
plot_start               in  405  405  405  405  405  405  405  405
plot_finish              in  405  405  405  405  405  405  405  405
plot_skip                in  405  405  405  405  405  405  405  405
plot_undo                in  405  405  405  405  405  405  405  405
plot_create              in  200  200  404  200  200  404  404  404
land_catalogue           in  200  200  200  200  200  200  200  200
land_sheet               in  200  200  200  200  200  200  200  200
land_compare             in  405  405  405  405  405  405  405  405
land_load                in  405  405  405  405  405  405  405  405
exemption_list           in  200  200  200  200  200  200  200  200
exemption_create         in  200  200  403  403  200  403  403  404
exemption_decide         in  403  403  403  403  200  403  403  404
exemption_withdraw       in  200  403  403  403  403  403  403  404
exemption_end            in  403  403  403  403  200  403  403  404
lighthistory_list        in  200  200  200  200  200  200  200  200
definition_list          in  200  200  200  200  200  200  200  200
marker_list              in  200  200  200  200  200  200  200  200
marker_set               in  200  200  404  200  200  404  404  404
lead_list                in  200  200  200  200  200  200  200  200
lead_create              in  200  200  403  403  200  403  403  200
lead_detail              in  200  200  200  404  200  200  200  404
lead_edit                in  200  200  404  404  200  404  404  404
lead_move                in  200  200  404  404  200  404  404  404
lead_land                in  403  403  403  404  200  403  403  404
chain_list               in  200  200  200  200  200  200  200  200
chain_detail             in  200  200  200  200  200  200  200  404
chain_map                in  200  200  200  200  200  200  200  404
chain_place              in  403  403  403  403  200  403  403  404
chain_member_create      in  403  403  403  403  200  403  403  404
chain_member_end         in  403  403  403  403  200  403  403  404
chain_task_create        in  403  403  403  403  200  403  403  404
chain_task_finish        in  200  200  404  404  200  404  404  404
target_list              in  200  200  200  200  200  200  200  200
target_edit              in  200  200  403  403  200  403  403  404
baseline_list            in  403  403  403  403  200  200  200  403
baseline_create          in  403  403  403  403  200  403  403  403
baseline_edit            in  403  403  403  403  200  403  403  403
baseline_choose          in  403  403  403  403  200  403  403  403
baseline_plan            in  403  403  403  403  200  403  403  403
indicator_list           in  200  200  200  200  200  200  200  200
indicator_detail         in  200  200  200  200  200  200  200  200
indicator_enter          in  403  403  403  403  200  403  403  403
import_list              in  403  403  403  403  200  403  403  403
import_create            in  403  403  403  403  200  403  403  403
import_template          in  403  403  403  403  200  403  403  403
import_detail            in  403  403  403  403  200  403  403  403
import_progress          in  403  403  403  403  200  403  403  403
import_answer            in  405  405  405  405  405  405  405  405
import_columns           in  403  403  403  403  200  403  403  403
import_answers           in  403  403  403  403  200  403  403  403
import_answer_edit       in  403  403  403  403  200  403  403  403
import_confirm           in  405  405  405  405  405  405  405  405
import_cancel            in  405  405  405  405  405  405  405  405
import_revert            in  403  403  403  403  200  403  403  403
adjustment_list          in  403  403  403  403  200  200  200  403
adjustment_create        in  403  403  403  403  200  403  403  403
adjustment_roll          in  403  403  403  403  200  403  403  403
adjustment_detail        in  403  403  403  403  200  200  200  403
adjustment_effect        in  405  405  405  405  405  405  405  405
adjustment_edit          in  403  403  403  403  200  403  403  403
adjustment_line_create   in  403  403  403  403  200  403  403  403
adjustment_line_remove   in  405  405  405  405  405  405  405  405
adjustment_submit        in  405  405  405  405  405  405  405  405
adjustment_approve       in  405  405  405  405  405  405  405  405
adjustment_return        in  405  405  405  405  405  405  405  405
adjustment_withdraw      in  405  405  405  405  405  405  405  405
listversion_compare      in  403  403  403  403  200  200  200  403
score_list               in  403  200  403  403  200  200  200  403
score_create             in  403  403  403  403  200  403  403  403
score_detail             in  403  200  403  403  200  200  200  403
score_publish            in  403  403  403  403  200  403  403  403
score_docx               in  403  200  403  403  200  200  200  403
score_xlsx               in  403  200  403  403  200  200  200  403
score_card               in  403  200  403  403  200  200  200  403
score_adjust             in  403  403  403  403  200  403  403  403
score_appeal             in  403  200  403  403  403  403  403  403
score_decide             in  403  403  403  403  200  403  403  403
scheme_list              in  403  403  403  403  200  200  200  403
scheme_create            in  403  403  403  403  200  403  403  403
scheme_detail            in  403  403  403  403  200  200  200  403
scheme_edit              in  403  403  403  403  200  403  403  403
scheme_enforce           in  403  403  403  403  200  403  403  403
scheme_try               in  403  403  403  403  200  200  200  403
scheme_item_create       in  403  403  403  403  200  403  403  403
scheme_item_edit         in  403  403  403  403  200  403  403  403
scheme_item_remove       in  405  405  405  405  405  405  405  405
lightrule_list           in  403  403  403  403  200  200  200  403
lightrule_create         in  403  403  403  403  200  403  403  403
lightrule_detail         in  403  403  403  403  200  200  200  403
lightrule_edit           in  403  403  403  403  200  403  403  403
lightrule_enforce        in  403  403  403  403  200  403  403  403
lightrule_withdraw       in  403  403  403  403  200  403  403  403
lightrule_repeal         in  403  403  403  403  200  403  403  403
lightrule_try            in  403  403  403  403  200  200  200  403
alert_list               in  200  200  200  200  200  200  200  200
alert_acknowledge        in  405  405  405  405  405  405  405  405
alert_carry              in  403  403  403  403  200  403  403  404
alert_exempt             in  403  403  403  403  200  403  403  404
alert_lift               in  405  405  405  405  405  405  405  405
notice_list              in  200  200  200  200  200  200  200  200
notice_read              in  405  405  405  405  405  405  405  405
notice_read_all          in  405  405  405  405  405  405  405  405
help                     in  200  200  200  200  200  200  200  200
former_address           in   on   on   on   on   on   on   on   on
healthz                 200  200  200  200  200  200  200  200  200
"""
POST = """
login                   200   on   on   on   on   on   on   on   on
logout                   in   in   in   in   in   in   in   in   in
password_change          in  200  200  200  200  200  200  200  200
password_change_done     in  405  405  405  405  405  405  405  405
desk                     in  405  405  405  405  405  405  405  405
dashboard                in  405  405  405  405  405  405  405  405
ranking_list             in  405  405  405  405  405  405  405  405
dashboard_compare        in  405  405  405  405  405  405  405  405
lagging_list             in  405  405  405  405  405  405  405  405
dashboard_screen         in  405  405  405  405  405  405  405  405
project_list             in  405  405  405  405  405  405  405  405
project_create           in  403  403  403  403   on  403  403  403
project_export           in  405  405  405  405  405  405  405  405
project_detail           in  405  405  405  405  405  405  405  405
slot_list                in  405  405  405  405  405  405  405  405
responsibility_list      in  405  405  405  405  405  405  405  405
responsibility_summary   in  405  405  405  405  405  405  405  405
responsibility_sheet     in  405  405  405  405  405  405  405  405
handover_many            in  403  403  403  403  200  403  403  403
handover_list            in  405  405  405  405  405  405  405  405
handover_create          in  403  403  403  403   on  403  403  404
member_create            in   on   on  404   on   on  404  404  404
member_end               in  404  404  404  404   on  404  404  404
state_change             in  403  403  403  403   on  403  403  404
project_fields           in  403  403  403  403  200  403  403  403
project_level            in  403  403  403  403   on  403  403  404
weekly_list              in  405  405  405  405  405  405  405  405
weekly_detail            in  405  405  405  405  405  405  405  405
weekly_make              in  403  403  403  403   on  403  403  403
weekly_sign              in  403  403  403  403   on  403  403  403
weekly_send              in  403  403  403  403   on  403  403  403
weekly_docx              in  405  405  405  405  405  405  405  405
weekly_xlsx              in  405  405  405  405  405  405  405  405
publication_list         in  405  405  405  405  405  405  405  405
publication_seal         in  403  403  403  403   on  403  403  403
publication_detail       in  405  405  405  405  405  405  405  405
report_edit              in   on   on  404   on   on  404  404  404
report_list              in  405  405  405  405  405  405  405  405
report_confirm_many      in  403  403  403  403   on  403  403   on
report_pass_many         in  403   on  403  403  403  403  403  403
report_detail            in  405  405  405  405  405  405  405  405
report_pass              in  403   on  403  403  403  403  403  404
report_confirm           in  403  403  403  403   on  403  403  404
report_return            in  404   on  404  404   on  404  404  404
report_reopen            in  403  403  403  403  200  403  403  404
missing_list             in  405  405  405  405  405  405  405  405
change_undo              in  403  403  403  403   on  403  403  403
report_grid              in   on   on  403   on   on  403  403   on
period_sheet             in  405  405  405  405  405  405  405  405
period_upload            in  200  200  403  200  200  403  403  200
missing_urge             in  403   on  403  403   on  403  403  403
reopening_list           in  403  403  403  403   on  403  403  403
reopening_close          in  403  403  403  403   on  403  403  403
attachment               in  405  405  405  405  405  405  405  405
gantt_detail             in  405  405  405  405  405  405  405  405
wall_chart               in  405  405  405  405  405  405  405  405
progress_list            in  405  405  405  405  405  405  405  405
milestone_list           in  405  405  405  405  405  405  405  405
milestone_achieve        in   on   on  404   on   on  404  404  404
claim_detail             in  405  405  405  405  405  405  405  405
claim_confirm            in  403  403  403  403   on  403  403  404
claim_return             in  403  403  403  403   on  403  403  404
claim_withdraw           in   on  403  403  403  403  403  403  404
milestone_undo           in  403  403  403  403  200  403  403  404
plan_list                in  405  405  405  405  405  405  405  405
plan_detail              in  405  405  405  405  405  405  405  405
plan_edit                in   on   on  404   on   on  404  404  404
plan_row_create          in   on   on  404   on   on  404  404  404
plan_row_edit            in   on   on  404   on   on  404  404  404
plan_row_remove          in   on   on  404   on   on  404  404  404
plan_submit              in   on   on  404   on   on  404  404  404
plan_return              in  403  403  403  403  200  403  403  404
plan_approve             in  403  403  403  403  200  403  403  404
plan_revise              in   on   on  404   on   on  404  404  404
plan_forecast            in  405  405  405  405  405  405  405  405
plan_create              in  200  200  404  200  200  404  404  404
datechange_create        in  200  200  404  200  200  404  404  404
datechange_list          in  405  405  405  405  405  405  405  405
datechange_decide        in  403  403  403  403   on  403  403  404
datechange_withdraw      in   on  403  403  403  403  403  403  404
problem_list             in  405  405  405  405  405  405  405  405
problem_detail           in  405  405  405  405  405  405  405  405
problem_progress         in   on   on   on   on   on  404  404  404
problem_handle           in   on   on   on   on   on  404  404  404
problem_resolve          in  200  200  200  200  200  404  404  404
problem_reopen           in  200  200  200  200  200  404  404  404
problem_create           in   on   on   on   on   on  404  404  404
problem_ageing           in  405  405  405  405  405  405  405  405
problem_escalate         in   on   on   on   on   on  404  404  404
problem_helpers          in   on   on   on   on   on  404  404  404
problem_action          in   on   on   on   on   on  404  404  404
action_list             in  405  405  405  405  405  405  405  405
action_finish           in   on   on   on   on   on  404  404  404
urgent_list              in  405  405  405  405  405  405  405  405
urgent_create            in  403  403  403  403   on  403  403  403
urgent_detail            in  405  405  405  405  405  405  405  405
urgent_edit              in  403  403  403  403   on  403  403  403
urgent_issue             in  403  403  403  403   on  403  403  403
urgent_docx              in  405  405  405  405  405  405  405  405
urgent_xlsx              in  405  405  405  405  405  405  405  405
clinic_list              in  405  405  405  405  405  405  405  405
clinic_create            in  403  403  403  403   on  403  403  403
clinic_detail            in  405  405  405  405  405  405  405  405
clinic_add               in  403  403  403  403   on  403  403  403
clinic_held              in  403  403  403  403   on  403  403  403
clinic_case              in  405  405  405  405  405  405  405  405
clinic_diagnose          in  404  404  404   on   on  404  404  404
clinic_prescribe         in  404  404  404   on   on  404  404  404
clinic_follow            in  404  404  404   on   on  404  404  404
clinic_discharge         in  404  404  404   on   on  404  404  404
visit_sponsors           in  405  405  405  405  405  405  405  405
visit_detail             in  405  405  405  405  405  405  405  405
visit_action            in   on   on   on   on   on  404  404  404
visit_confirm           in  403  403  403  403   on  403  403  404
visit_return            in  403  403  403  403  200  403  403  404
visit_withdraw          in  403  403   on  403  403  403  403  404
visit_list               in  405  405  405  405  405  405  405  405
visit_create             in   on   on   on   on   on  404  404  404
order_list               in  405  405  405  405  405  405  405  405
order_create             in  403  403  403  403   on   on  403  403
order_detail             in  405  405  405  405  405  405  405  405
order_edit               in  404  404  404  404   on   on  403  404
order_line_add           in  404  404  404  404  200  200  403  404
order_issue              in  404  404  404  404   on   on  403  404
order_void               in  403  403  403  403   on   on  403  404
order_receive            in   on   on  403  403  403  403  403  404
order_docx               in  405  405  405  405  405  405  405  405
order_line_drop          in  404  404  404  404   on   on  403  404
order_reply              in   on   on  403  403  403  403  403  404
order_close              in  403  403  403  403   on   on  403  404
order_return             in  403  403  403  403   on   on  403  404
view_save                in   on   on   on   on   on   on   on   on
view_remove              in   on  404  404  404  404  404  404  404
permit_list              in  405  405  405  405  405  405  405  405
permit_detail            in  405  405  405  405  405  405  405  405
permit_attach            in  200  200  404  200  200  404  404  404
permit_renew             in   on   on  404   on   on  404  404  404
permit_void              in  403  403  403  403   on  403  403  404
permit_create            in   on   on  404   on   on  404  404  404
plot_list                in  405  405  405  405  405  405  405  405
plot_detail              in  405  405  405  405  405  405  405  405
plot_item                in  405  405  405  405  405  405  405  405
plot_start               in   on   on  404   on   on  404  404  404
plot_finish              in   on   on  404   on   on  404  404  404
plot_skip                in   on   on  404   on   on  404  404  404
plot_undo                in  403  403  403  403  200  403  403  404
plot_create              in   on   on  404   on   on  404  404  404
land_catalogue           in  405  405  405  405  405  405  405  405
land_sheet               in  405  405  405  405  405  405  405  405
land_compare             in  403  403  403  403  200  403  403  403
land_load                in  403  403  403  403   on  403  403  403
exemption_list           in  405  405  405  405  405  405  405  405
exemption_create         in   on   on  403  403   on  403  403  404
exemption_decide         in  403  403  403  403   on  403  403  404
exemption_withdraw       in   on  403  403  403  403  403  403  404
exemption_end            in  403  403  403  403   on  403  403  404
lighthistory_list        in  405  405  405  405  405  405  405  405
definition_list          in  405  405  405  405  405  405  405  405
marker_list              in  405  405  405  405  405  405  405  405
marker_set               in   on   on  404   on   on  404  404  404
lead_list                in  405  405  405  405  405  405  405  405
lead_create              in   on   on  403  403   on  403  403  200
lead_detail              in  405  405  405  405  405  405  405  405
lead_edit                in   on   on  404  404   on  404  404  404
lead_move                in   on   on  404  404   on  404  404  404
lead_land                in  403  403  403  404   on  403  403  404
chain_list               in  405  405  405  405  405  405  405  405
chain_detail             in  405  405  405  405  405  405  405  405
chain_map                in  405  405  405  405  405  405  405  405
chain_place              in  403  403  403  403   on  403  403  404
chain_member_create      in  403  403  403  403   on  403  403  404
chain_member_end         in  403  403  403  403   on  403  403  404
chain_task_create        in  403  403  403  403   on  403  403  404
chain_task_finish        in   on   on  404  404   on  404  404  404
target_list              in  405  405  405  405  405  405  405  405
target_edit              in   on   on  403  403   on  403  403  404
baseline_list            in  405  405  405  405  405  405  405  405
baseline_create          in  403  403  403  403   on  403  403  403
baseline_edit            in  403  403  403  403   on  403  403  403
baseline_choose          in  403  403  403  403   on  403  403  403
baseline_plan            in  403  403  403  403   on  403  403  403
indicator_list           in  405  405  405  405  405  405  405  405
indicator_detail         in  405  405  405  405  405  405  405  405
indicator_enter          in  403  403  403  403   on  403  403  403
import_list              in  405  405  405  405  405  405  405  405
import_create            in  403  403  403  403  200  403  403  403
import_template          in  405  405  405  405  405  405  405  405
import_detail            in  405  405  405  405  405  405  405  405
import_progress          in  405  405  405  405  405  405  405  405
import_answer            in  403  403  403  403  200  403  403  403
import_columns           in  403  403  403  403  200  403  403  403
import_answers           in  405  405  405  405  405  405  405  405
import_answer_edit       in  403  403  403  403  200  403  403  403
import_confirm           in  403  403  403  403   on  403  403  403
import_cancel            in  403  403  403  403   on  403  403  403
import_revert            in  403  403  403  403   on  403  403  403
adjustment_list          in  405  405  405  405  405  405  405  405
adjustment_create        in  403  403  403  403   on  403  403  403
adjustment_roll          in  403  403  403  403   on  403  403  403
adjustment_detail        in  405  405  405  405  405  405  405  405
adjustment_effect        in  403  403  403  403  200  200  200  403
adjustment_edit          in  403  403  403  403   on  403  403  403
adjustment_line_create   in  403  403  403  403  200  403  403  403
adjustment_line_remove   in  403  403  403  403   on  403  403  403
adjustment_submit        in  403  403  403  403   on  403  403  403
adjustment_approve       in  403  403  403  403  200  403  403  403
adjustment_return        in  403  403  403  403  200  403  403  403
adjustment_withdraw      in  403  403  403  403   on  403  403  403
listversion_compare      in  405  405  405  405  405  405  405  405
score_list               in  405  405  405  405  405  405  405  405
score_create             in  403  403  403  403   on  403  403  403
score_detail             in  405  405  405  405  405  405  405  405
score_publish            in  403  403  403  403   on  403  403  403
score_docx               in  405  405  405  405  405  405  405  405
score_xlsx               in  405  405  405  405  405  405  405  405
score_card               in  405  405  405  405  405  405  405  405
score_adjust             in  403  403  403  403   on  403  403  403
score_appeal             in  403   on  403  403  403  403  403  403
score_decide             in  403  403  403  403   on  403  403  403
scheme_list              in  405  405  405  405  405  405  405  405
scheme_create            in  403  403  403  403   on  403  403  403
scheme_detail            in  405  405  405  405  405  405  405  405
scheme_edit              in  403  403  403  403   on  403  403  403
scheme_enforce           in  403  403  403  403   on  403  403  403
scheme_try               in  405  405  405  405  405  405  405  405
scheme_item_create       in  403  403  403  403   on  403  403  403
scheme_item_edit         in  403  403  403  403   on  403  403  403
scheme_item_remove       in  403  403  403  403   on  403  403  403
lightrule_list           in  405  405  405  405  405  405  405  405
lightrule_create         in  403  403  403  403   on  403  403  403
lightrule_detail         in  405  405  405  405  405  405  405  405
lightrule_edit           in  403  403  403  403   on  403  403  403
lightrule_enforce        in  403  403  403  403   on  403  403  403
lightrule_withdraw       in  403  403  403  403   on  403  403  403
lightrule_repeal         in  403  403  403  403   on  403  403  403
lightrule_try            in  405  405  405  405  405  405  405  405
alert_list               in  405  405  405  405  405  405  405  405
alert_acknowledge        in   on   on   on   on   on   on   on  404
alert_carry              in  403  403  403  403  200  403  403  404
alert_exempt             in  403  403  403  403   on  403  403  404
alert_lift               in  403  403  403  403   on  403  403  404
notice_list              in  405  405  405  405  405  405  405  405
notice_read              in   on  404  404  404  404  404  404  404
notice_read_all          in   on   on   on   on   on   on   on   on
help                     in  405  405  405  405  405  405  405  405
former_address           in  405  405  405  405  405  405  405  405
healthz                 405  405  405  405  405  405  405  405  405
"""
# what makes a POST do its work; without it a form would only be shown again
DATA: dict[str, dict] = {
    "plan_row_create": {"name": "水土保持", "stage": "preparatory", "day_kind": "working", "weight": "1"},
    "plan_row_edit": {"name": "竣工", "stage": "completion", "day_kind": "calendar", "weight": "1"},
    "plan_submit": {"reason": ""},
    "plan_return": {"reason": "工期偏短"},
    "plan_approve": {"approved_on": "2023-10-12"},
    "adjustment_edit": {"document": "淄高新发改〔2023〕18号", "effective_on": "2023-07-15"},
    "adjustment_withdraw": {"note": "会议未通过"},
    "problem_progress": {"text": "已现场会商"},
    "problem_handle": {"result": "指标已落实", "document": "淄高新自规〔2023〕8号"},
    "problem_escalate": {"level": "province", "reason": "需省里协调"},
    "problem_action": {"text": "现场踏勘", "due_on": "2023-10-20"},
    "action_finish": {"result": "已踏勘"},
    "urgent_create": {"title": "亟需解决问题清单", "as_of": "2023-10-12", "levels": ["department", "city"]},
    "urgent_edit": {"title": "亟需解决问题清单", "as_of": "2023-10-12"},
    "clinic_create": {"held_on": "2023-10-20"},
    "clinic_add": {"project": "齐鲁储能谷", "words": "问题"},
    "clinic_held": {"note": "同意容缺办理"},
    "clinic_diagnose": {"diagnosis": "指标不足"},
    "clinic_prescribe": {"text": "调剂指标", "due_on": "2023-10-20"},
    "clinic_follow": {"text": "已报市局"},
    "clinic_discharge": {"outcome": "指标已落实"},
    "claim_return": {"reason": "依据不足"},
    "visit_return": {"reason": "当日未到现场"},
    "visit_action": {"text": "协调电力接入", "due_on": "2023-10-20"},
    "problem_create": {"category": "land", "text": "用地指标未落实", "level": "zone", "due_on": "2023-10-30"},
    "view_save": {"page": "milestone_list", "name": "逾期节点", "query": "status=overdue"},
    "handover_create": {"is_vacant": "on", "from_on": "2023-10-12", "document": "淄高新办〔2023〕8号"},
    "member_create": {"kind": "enterprise_contact", "name": "李娜", "from_on": "2023-10-12"},
    "member_end": {"until_on": "2023-10-12"},
    "state_change": {"state": "suspended", "effective_on": "2023-10-12", "reason": "企业资金调整"},
    "change_undo": {"reason": "录错了行"},
    "exemption_decide": {"action": "approve"},
    "project_create": {"name": "新能源装备项目", "from_on": "2023-10-12"},
    "project_level": {"level": "package", "reason": "含三个子项目", "from_on": "2023-10-12"},
    "visit_create": {"visited_on": "2023-10-12", "findings": "施工正常"},
    "permit_renew": {
        "number": "建字第2号",
        "issued_on": "2023-10-10",
        "validity": "given",
        "valid_until_on": "2024-10-10",
    },
    "permit_void": {"reason": "登记有误"},
    "plot_create": {"name": "二期地块"},
    "plot_start": {"started_on": "2023-10-10"},
    "plot_finish": {"done_on": "2023-10-10", "document": "淄高新规核〔2023〕1号"},
    "plot_skip": {"skip-reason": "不占用农用地"},
    "plot_undo": {"undo-reason": "登记有误"},
    "marker_set": {"state": "planned", "since_on": "2023-10-10"},
    "milestone_achieve": {"achieved_on": "2023-10-10", "evidence": "淄高新审〔2023〕1号"},
    "report_return": {"reason": "金额有误"},
    "report_reopen": {"reason": "产值单核对不符"},
    "missing_urge": {"period": "2023-10-1"},
    "reopening_list": {"period": "2023-08-1", "until_on": "2023-10-20", "reason": "统一补报"},
    "reopening_close": {"reason": "已补齐"},
    "report_edit": {"invested_this_year": "150", "physical_progress": "主体施工", "action": "submit"},
    "order_create": {"type": "supervise", "facts": "逾期", "demand": "办结"},
    "order_edit": {"type": "supervise", "facts": "逾期", "demand": "办结"},
    "order_line_add": {"project": "齐鲁储能谷", "matter": "主体封顶"},
    "order_issue": {"due_on": "2023-10-26"},
    "order_void": {"reason": "有误"},
    "order_reply": {"reply": "已封顶"},
    "order_return": {"reason": "请附照片"},
    "lead_create": {
        "name": "储能电池项目",
        "investor": "深圳某公司",
        "origin": "out_of_province",
        "agreed_investment": "50000",
        "talked_on": "2023-10-10",
    },
    "lead_edit": {
        "name": "新名称",
        "investor": "某投资公司",
        "origin": "out_of_province",
        "agreed_investment": "20000",
    },
    "lead_move": {"stage": "landed", "on": "2023-10-10", "document": "备案证明"},
    "lead_land": {"name": "全新的前期工程", "developer": "某投资公司", "from_on": "2023-10-10"},
    "chain_place": {"project": "齐鲁储能谷", "from_on": "2023-10-12"},
    "chain_member_create": {"name": "李娜", "post": "联络员", "from_on": "2023-10-10"},
    "chain_member_end": {"until_on": "2023-10-10"},
    "chain_task_create": {"text": "招商活动4次", "due_on": "2023-12-15"},
    "chain_task_finish": {"done_on": "2023-10-10", "result": "已印发"},
    "indicator_enter": {"month": "9", "value": "90"},
    "target_edit": {
        **{f"t{number}": "27.78" for number in range(1, 37)},
        "t28": "27.72",  # what has closed is 777.78 for the unit, whatever it sends, and as typed for the office
        "t36": "27.76",
        "effective_on": "2023-10-12",
        "reason": "按施工组织分解",
    },
    "baseline_create": {"name": "自定基线", "month0": "12", "day0": "31", "share0": "100"},
    "baseline_edit": {"name": "自定基线", "month0": "12", "day0": "31", "share0": "100"},
    "baseline_choose": {"to": "month"},
    "baseline_plan": {"month12": "100"},
    "score_adjust": {"points": "2", "reason": "获表彰", "document": "鲁发改〔2023〕1号"},
    "score_appeal": {"reason": "旬报漏计", "evidence": "产值单"},
    "score_publish": {"document": "淄高新督〔2023〕7号"},
    "score_decide": {"verdict": "accept", "points": "3", "decision": "属实"},
    "scheme_create": {
        "name": "考核办法",
        "year": "2024",
        "subject": "lead_department",
        "effective_on": "2024-01-01",
    },
    "scheme_edit": {
        "name": "考核办法",
        "effective_on": "2023-07-01",
        "full_marks": "100",
        "tie_rule": "same_rank",
        "least_projects": "3",
        "small_rule": "apart",
        "appeal_days": "5",
    },
    "scheme_enforce": {"document": "淄高新办〔2023〕9号"},
    "scheme_item_create": {
        "name": "纳统",
        "figure": "statistics_rate",
        "weight": "10",
        "method": "linear",
        "zero_at": "0",
        "full_at": "100",
        "per_point": "0",
        "floor": "0",
    },
    "scheme_item_edit": {
        "name": "投资",
        "figure": "investment_completion",
        "weight": "100",
        "method": "linear",
        "zero_at": "50",
        "full_at": "100",
        "per_point": "0",
        "floor": "0",
    },
    "exemption_create": {
        "dimension": "start",
        "reason": "地块文物勘探",
        "from_on": "2023-10-12",
        "until_on": "2023-12-31",
    },
    "exemption_end": {"reason": "勘探结束"},
    "alert_carry": {"document": "淄高新发改〔2024〕1号"},
    "alert_exempt": {"reason": "等待省级批复", "until_on": "2023-12-31"},
    "lightrule_create": {"name": "本区亮灯规则", "start": "preset:wuhan_2022"},
    "lightrule_edit": {
        "name": "本区亮灯规则",
        "min_planned_investment": "0",
        "red_needs": "1",
        "band-TOTAL_FORMS": "0",
        "band-INITIAL_FORMS": "0",
    },
    "lightrule_withdraw": {"reason": "文号有误"},
    "lightrule_repeal": {"repealed_on": "2023-10-13", "document": "淄高新发改〔2023〕21号"},
    "lightrule_enforce": {"effective_on": "2023-10-12", "document": "淄高新发改〔2023〕20号"},
}


def parsed(table: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in table.strip().splitlines()}


def refuses(answer: str) -> bool:
    return answer in {"in", "403", "404", "405"}


def cell(response) -> str:
    if response.status_code in {301, 302}:
        return "in" if response["Location"].startswith("/accounts/login/") else "on"
    return str(response.status_code)


def posted(scene) -> dict[str, dict]:
    """DATA with what only the scene's rows can tell."""
    unit = {"unit": scene.project.lead_department_id}
    draft_row = scene.arguments["plan_row_edit"]["row"]
    ticked = {"report": [scene.arguments["report_detail"]["pk"]]}
    annual_list = AnnualList.objects.get()
    scheme = ScoringScheme.objects.get(state=ScoringScheme.State.IN_FORCE)
    own_unit = ["problem_action", "visit_action", "clinic_prescribe", "order_create", "order_edit"]
    own_unit += ["lead_create", "lead_edit", "chain_task_create"]
    return (
        DATA
        | {name: DATA[name] | unit for name in own_unit}
        | {
            "report_confirm_many": ticked,
            "report_pass_many": ticked,
            "clinic_create": DATA["clinic_create"] | {"units": [unit["unit"]]},
            "urgent_create": DATA["urgent_create"] | {"lists": [annual_list.pk]},
            "adjustment_create": {
                "annual_list": annual_list.pk,
                "document": "淄高新发改〔2023〕19号",
                "effective_on": "2023-08-01",
            },
            "adjustment_roll": {
                "annual_list": annual_list.pk,
                "document": "淄高新发改〔2024〕1号",
                "effective_on": "2024-01-01",
            },
            "permit_create": {
                "kind": PermitKind.objects.first().pk,
                "number": "备案1号",
                "issued_on": "2023-10-10",
                "validity": "kind",
            },
            "chain_place": DATA["chain_place"] | {"segment": ChainSegment.objects.first().pk},
            "score_create": {"period": "2023-H1", "scheme": scheme.pk},
            "publication_seal": {"name": "2023年8月月报", "as_of": "2023-08-31"},
            "score_adjust": DATA["score_adjust"] | {"item": scheme.items.get(weight=0).pk},
            "score_appeal": DATA["score_appeal"] | {"item": scheme.items.get(weight=100).pk},
            "plan_edit": {f"row{draft_row}-day_kind": "working", f"row{draft_row}-due": "2024-05-31"},
            "datechange_decide": {
                "requests": [scene.arguments["datechange_decide"]["pk"]],
                "action": "approve",
            },
        }
    )


def answers(client, scene, person: str, method: str, names: Iterable[str]) -> dict[str, str]:
    """The cells of addresses for one person; what a request wrote is taken back before the next."""
    found = {}
    client.raise_request_exception = False
    data = posted(scene)
    user = scene.people[person]
    if user:
        client.force_login(user)
    signed_in = deepcopy(client.cookies)
    for name in names:
        before = AuditRecord.objects.count()
        with transaction.atomic():
            response = getattr(client, method)(scene.address(name), data.get(name, {}))
            found[name] = cell(response)
            if refuses(found[name]):
                assert AuditRecord.objects.count() == before, f"{name}: refused, yet something was written"
            if response.streaming:
                b"".join(
                    response
                )  # read to its end a file closes itself; close() would end the connection too
            transaction.set_rollback(True)
        client.cookies = deepcopy(signed_in)
    return found


def test_the_matrix_names_every_address():
    assert not unnamed_addresses()
    assert set(parsed(GET)) == set(parsed(POST)) == set(url_names())
    assert all(len(row) == len(COLUMNS) for table in (GET, POST) for row in parsed(table).values())


def matrix_says(table: str, person: str) -> dict[str, str]:
    column = COLUMNS.index(person)
    return {name: row[column] for name, row in parsed(table).items()}


@pytest.mark.parametrize("person", turns(COLUMNS, ("reporter",)))
def test_each_address_opens_for_each_role_as_the_matrix_says(client, scene, person):
    assert answers(client, scene, person, "get", url_names()) == matrix_says(GET, person)


@pytest.mark.parametrize("person", COLUMNS)
def test_what_does_not_open_for_a_role_is_refused_as_the_matrix_says(client, scene, person):
    """The quick half of further turns of the walk above: no page is drawn."""
    refused = {name: says for name, says in matrix_says(GET, person).items() if refuses(says)}
    assert len(refused) > 50  # what is only sent, at least
    assert answers(client, scene, person, "get", refused) == refused


@pytest.mark.parametrize("person", turns(COLUMNS, ("office", "reporter", "stranger", "anonymous")))
def test_each_address_takes_what_each_role_sends_as_the_matrix_says(client, scene, person):
    assert answers(client, scene, person, "post", url_names()) == matrix_says(POST, person)


def test_confirming_in_bulk_confirms_nothing_for_anybody_but_the_office(client, scene):
    report = ProgressReport.objects.get()
    ticked = {"report": [report.pk]}
    for person, user in scene.people.items():
        if user and person != "office":
            client.force_login(user)
            client.post(reverse("report_confirm_many"), ticked)
            report.refresh_from_db()
            assert report.state == ReportState.SUBMITTED, person
    client.force_login(scene.people["office"])
    client.post(reverse("report_confirm_many"), ticked)
    report.refresh_from_db()
    assert report.state == ReportState.CONFIRMED


ADMIN_VERBS = [("changelist", False), ("add", False), ("change", True), ("history", True), ("delete", True)]


@pytest.mark.parametrize("person", turns(COLUMNS, ("anonymous", "reporter")))
def test_the_admin_opens_for_office_and_administrator_only(client, scene, person):
    """Lists open for both; what each may enter and correct is tested with the admin itself. Nobody deletes."""
    client.raise_request_exception = False
    if scene.people[person]:
        client.force_login(scene.people[person])
    wrong = {}
    for name, verb, address in admin_addresses():
        answer = client.get(address)
        found = (
            "login" if answer.status_code == 302 and "/login/" in answer["Location"] else answer.status_code
        )
        if person not in {"office", "admin"}:
            expected = {"login"}
        elif verb == "delete" or "axes" in name or (verb == "verb" and person == "admin"):
            expected = {403}  # the sign-in log is the superuser's; what happens to a project is the office's
        else:
            expected = {200} if verb in {"changelist", "change", "history", "verb"} else {200, 403}
        if found not in expected:
            wrong[name] = found
    assert wrong == {}


def admin_addresses() -> list[tuple[str, str, str]]:
    """(name, verb, address) of every admin page of every registered table; row pages where the scene has a row."""
    found = []
    for model in admin.site._registry:
        row = model._default_manager.first()
        for verb, needs_row in ADMIN_VERBS:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}"
            if needs_row and row is None:
                continue
            found.append((name, verb, reverse(name, args=[row.pk] if needs_row else [])))
    row = Project.objects.get()
    found += [
        (f"verb {verb}", "verb", reverse("admin:projects_project_verb", args=[row.pk, verb]))
        for verb in ("handover", "state", "facts")
    ]
    unit = reverse("admin:projects_unit_verb", args=[row.lead_department_id])
    return [*found, ("verb rename", "verb", unit), ("admin:index", "changelist", reverse("admin:index"))]


def test_every_kind_of_admin_page_is_asked():
    verbs = {name.rsplit("_", 1)[-1] for name in admin_names()}
    known = {verb for verb, _row in ADMIN_VERBS} | {"verb"}
    # pages of the admin itself; a password is set by whoever may edit the account
    own = {"index", "login", "logout", "autocomplete", "jsi18n", "site", "list", "done"}
    assert verbs - known - own == set()


def admin_names() -> list[str]:
    return [pattern.name for pattern in _flat(admin.site.urls[0]) if pattern.name]


def _flat(patterns):
    for item in patterns:
        if hasattr(item, "url_patterns"):
            yield from _flat(item.url_patterns)
        else:
            yield item
