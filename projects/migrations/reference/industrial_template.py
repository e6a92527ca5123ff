"""The default plan template of docs/rules.md §7: an industrial project from 签约 to 投产, with limits and dependencies."""

LOCAL = "缺省值，请按当地办事指南核定"
WORKS = "缺省工期，请按合同工期核定"
# name, stage, days, kind, who answers, key node, predecessors, basis of the limit
STEPS = [
    ("签约", "preparatory", 0, "working", "lead_department", True, [], ""),
    ("备案（赋码）", "preparatory", 1, "working", "lead_department", False, ["签约"], "告知性备案，即来即办"),
    ("规划选址", "preparatory", 5, "working", "lead_department", False, ["备案（赋码）"], "区行政审批承诺时限"),
    ("用地预审", "preparatory", 10, "working", "lead_department", False, ["备案（赋码）"], "区行政审批承诺时限"),
    ("供地", "preparatory", 30, "calendar", "host_district", True, ["规划选址", "用地预审"],
     "招拍挂出让：公告20日、挂牌10日"),
    ("用地规划许可", "preparatory", 5, "working", "lead_department", False, ["供地"], "区行政审批承诺时限"),
    ("环评", "preparatory", 30, "working", "lead_department", False, ["用地规划许可"], "环评报告表（书）审批时限"),
    ("能评", "preparatory", 20, "working", "lead_department", False, ["用地规划许可"], LOCAL),
    ("安评", "preparatory", 20, "working", "lead_department", False, ["用地规划许可"], LOCAL),
    ("方案审查", "preparatory", 7, "working", "lead_department", False, ["环评", "能评", "安评"],
     "区行政审批承诺时限"),
    ("工程规划许可", "preparatory", 7, "working", "lead_department", False, ["方案审查"], "区行政审批承诺时限"),
    ("施工图审查", "preparatory", 7, "working", "lead_department", False, ["工程规划许可"], "区行政审批承诺时限"),
    ("施工许可", "preparatory", 3, "working", "lead_department", True, ["施工图审查"], "区行政审批承诺时限"),
    ("开工（桩基）", "construction", 15, "calendar", "lead_department", True, ["施工许可"], WORKS),
    ("基础完工", "construction", 60, "calendar", "lead_department", False, ["开工（桩基）"], WORKS),
    ("主体封顶", "construction", 120, "calendar", "lead_department", True, ["基础完工"], WORKS),
    ("厂房竣工", "completion", 90, "calendar", "lead_department", True, ["主体封顶"], WORKS),
    ("设备安装", "completion", 60, "calendar", "lead_department", False, ["厂房竣工"], WORKS),
    ("联合验收", "completion", 10, "working", "lead_department", False, ["设备安装"], LOCAL),
    ("试生产", "completion", 90, "calendar", "lead_department", False, ["联合验收"], WORKS),
    ("投产", "completion", 0, "calendar", "lead_department", True, ["试生产"], ""),
]  # fmt: skip


def add_template(apps, schema_editor):
    step_model = apps.get_model("projects", "TemplateStep")
    template = apps.get_model("projects", "PlanTemplate").objects.create(
        name="工业项目", note="新建、扩建类工业项目，自签约至投产。", position=10
    )
    by_name = {}
    for place, (name, stage, days, kind, answers, is_key, before, basis) in enumerate(STEPS, 1):
        by_name[name] = step = step_model.objects.create(
            template=template,
            position=place * 10,  # room to put a step between
            stage=stage,
            name=name,
            duration=days,
            day_kind=kind,
            answers=answers,
            is_key=is_key,
            basis=basis,
        )
        step.predecessors.set([by_name[one] for one in before])
