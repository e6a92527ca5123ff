"""Background work: the Celery app and the whole timetable (时间表), in Asia/Shanghai.

Every task is a sweep over what stands in the database and may run twice, so a message lost or doubled
costs a minute, never a notice. No result backend: work that a person waits for has a row of its own.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zibo_projects.settings")

MINUTE = crontab()

TIMETABLE = {
    # 预警扫描; the task itself passes over days that are no working days
    "scan_alerts": {"task": "projects.tasks.scan_alerts", "schedule": crontab(hour=8, minute=30)},
    # 记录亮灯: before anybody works, so that a closed period is kept as it stood
    "record_lights": {"task": "projects.tasks.record_lights", "schedule": crontab(hour=0, minute=30)},
    # 逾期周报; the task itself moves a Monday that is a holiday to the next working day
    "weekly_report": {"task": "projects.tasks.weekly_report", "schedule": crontab(hour=8, minute=0)},
    # 旬报催报; the task itself knows the days before the end of a ten-day period
    "remind_reports_due": {
        "task": "projects.tasks.remind_reports_due",
        "schedule": crontab(hour=8, minute=30),
    },
    # 豁免到期提醒
    "remind_exemptions_ending": {
        "task": "projects.tasks.remind_exemptions_ending",
        "schedule": crontab(hour=8, minute=30),
    },
    # 待发消息: the outbox
    "deliver_notices": {"task": "projects.tasks.deliver_notices", "schedule": MINUTE},
    # 未完成的导入: batches whose worker died
    "resume_jobs": {"task": "projects.tasks.resume_jobs", "schedule": MINUTE},
    # 心跳: shows /healthz that beat and a worker are alive
    "heartbeat": {"task": "projects.tasks.heartbeat", "schedule": MINUTE, "options": {"expires": 55}},
}

LONGEST_TASK_SECONDS = 15 * 60

app = Celery("zibo_projects")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    timezone="Asia/Shanghai",
    enable_utc=True,
    beat_schedule=TIMETABLE,
    beat_max_loop_interval=30,
    task_ignore_result=True,
    result_backend=None,
    # a killed worker's task goes back to the queue …
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    task_time_limit=LONGEST_TASK_SECONDS,
    task_soft_time_limit=LONGEST_TASK_SECONDS - 30,
    # … and comes back after this long, never while it may still be running
    broker_transport_options={
        "visibility_timeout": LONGEST_TASK_SECONDS + 5 * 60,
        "unacked_restore_interval": 10,
        "socket_keepalive": True,
    },
    broker_connection_retry_on_startup=True,
    task_serializer="json",
    accept_content=["json"],
    worker_hijack_root_logger=False,
    task_default_queue="zibo",
)
app.autodiscover_tasks()
