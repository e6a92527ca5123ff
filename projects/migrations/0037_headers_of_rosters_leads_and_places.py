"""Headers of the sheets 领导名册, 单位名册, 签约在谈, 项目位置 and of 上年同期; a header the office has mapped itself stays."""

from django.db import migrations

HEADERS = {
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
}


def add_aliases(apps, schema_editor):
    alias = apps.get_model("projects", "HeaderAlias")
    alias.objects.bulk_create(
        (
            alias(header=header, field=field)
            for field, headers in HEADERS.items()
            for header in headers.split()
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0036_rosters_places_and_last_year")]

    operations = [migrations.RunPython(add_aliases, migrations.RunPython.noop)]
