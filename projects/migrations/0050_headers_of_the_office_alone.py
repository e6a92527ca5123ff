"""Keep in 表头对照 what the office added; the headers that the product knows stand with its columns now."""

from django.db import migrations

from .reference.headers import ALIASES

LATER = {
    "official_name": "姓名 领导姓名",
    "unit_name": "单位名称",
    "unit_kind": "类别 单位类别 单位类型",
    "contact": "联系人",
    "phone": "办公电话 联系电话 电话",
    "mobile": "手机 手机号 手机号码 移动电话",
    "investor": "投资方 投资方名称",
    "origin": "资金来源地 资金来源",
    "lead_stage": "项目状态 招商阶段",
    "agreed_investment": "约定总投资 约定投资额 协议总投资 协议投资额 意向投资额",
    "lead_on": "洽谈/签约时间 签约/洽谈时间 签约时间 洽谈时间",
    "longitude": "经度 东经",
    "latitude": "纬度 北纬",
    "indicator_last_year": "上年同期 去年同期 上年同期数",
    "figure_as_of": "数据截至",
}


def shipped():
    """(header, field) of every row that earlier migrations wrote."""
    for known in (ALIASES, LATER):
        for field, headers in known.items():
            for header in headers.split():
                yield header, field


def leave_the_offices_own(apps, schema_editor):
    alias = apps.get_model("projects", "HeaderAlias")
    known = set(shipped())
    gone = [pk for pk, *row in alias.objects.values_list("pk", "header", "field") if tuple(row) in known]
    for start in range(0, len(gone), 500):
        alias.objects.filter(pk__in=gone[start : start + 500]).delete()


def write_them_again(apps, schema_editor):
    alias = apps.get_model("projects", "HeaderAlias")
    alias.objects.bulk_create(
        (alias(header=header, field=field) for header, field in shipped()), ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0049_words_of_a_report")]

    operations = [migrations.RunPython(leave_the_offices_own, write_them_again)]
