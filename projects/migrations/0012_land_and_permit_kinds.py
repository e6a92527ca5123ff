"""Kinds of permits with their validity, and a draft of the 48 items of 用地一件事, marked 待核 until the office has checked it.

The public text names only the counts (3 stages, 9 classes, 48 items); names, units, limits and order are a draft.
"""

from django.db import migrations

PERMIT_KINDS = [
    # name, validity in months (None: no end), lapses no more once started, days of notice, basis
    ("立项备案（赋码）", None, False, 30, "《企业投资项目核准和备案管理条例》"),
    ("建设项目用地预审", 36, True, 60, "《建设项目用地预审管理办法》：自批准之日起三年"),
    ("建设项目选址意见书", None, False, 30, "与用地预审合并办理，随预审"),
    ("建设用地规划许可证", None, False, 30, "《城乡规划法》"),
    ("环境影响评价批复", 60, True, 90, "《环境影响评价法》第二十四条：自批准之日起五年内开工"),
    ("固定资产投资项目节能审查意见", None, False, 30, "《固定资产投资项目节能审查办法》"),
    ("安全条件审查意见", None, False, 30, "《建设项目安全设施“三同时”监督管理办法》"),
    ("建设工程设计方案审查意见", None, False, 30, "《城乡规划法》"),
    ("建设工程规划许可证", 12, True, 30, "《山东省城乡规划条例》：取得之日起一年内开工，期限待核"),
    ("施工图设计文件审查合格书", None, False, 30, "《房屋建筑和市政基础设施工程施工图设计文件审查管理办法》"),
    ("建筑工程施工许可证", 3, True, 30, "《建筑法》第六十四条：领取之日起三个月内开工，可申请延期"),
    ("水土保持方案批复", None, False, 30, "《水土保持法》"),
    ("人防工程审查意见", None, False, 30, "《人民防空法》"),
    ("消防设计审查意见", None, False, 30, "《建设工程消防设计审查验收管理暂行规定》"),
    ("不动产权证书", None, False, 30, "《不动产登记暂行条例》"),
]
PLANNING, BUREAU, DISTRICT = "自然资源和规划部门", "自然资源部门", "属地镇（街道）"
APPROVALS, ECOLOGY, TAX = "行政审批服务部门", "生态环境部门", "税务部门"
# stage, class, items: name, unit, limit in working days, materials, items that come before
CATALOGUE = [
    ("approval", "规划选址与用地预审", [
        ("国土空间规划符合性核查", PLANNING, 3, "项目备案证明、拟选址范围矢量坐标", ()),
        ("永久基本农田和生态保护红线核查", PLANNING, 3, "拟选址范围矢量坐标", ()),
        ("勘测定界", "测绘单位", 10, "拟用地范围图、土地利用现状资料", ("国土空间规划符合性核查",)),
        ("压覆重要矿产资源查询", BUREAU, 5, "查询申请、勘测定界坐标", ("勘测定界",)),
        ("地质灾害危险性评估", "评估单位", 10, "评估委托书、项目设计资料", ("勘测定界",)),
        ("用地预审与选址意见书核发", APPROVALS, 10, "申请表、项目备案证明、勘测定界成果、规划和红线核查意见",
         ("国土空间规划符合性核查", "永久基本农田和生态保护红线核查", "勘测定界")),
    ]),
    ("approval", "土地征收", [
        ("征收土地预公告", DISTRICT, 10, "征收范围、征收目的、现状调查安排", ("勘测定界",)),
        ("土地现状调查结果确认", DISTRICT, 10, "权属、地类、面积和地上附着物调查表", ("征收土地预公告",)),
        ("社会稳定风险评估", DISTRICT, 15, "风险评估报告及备案材料", ("征收土地预公告",)),
        ("征地补偿安置方案公告", DISTRICT, 22, "补偿安置方案、公告照片、听证材料",
         ("土地现状调查结果确认", "社会稳定风险评估")),
        ("征地补偿登记", DISTRICT, 10, "不动产权属证明、补偿登记表", ("征地补偿安置方案公告",)),
        ("征地补偿安置协议签订", DISTRICT, 15, "补偿安置协议、村民代表会议记录", ("征地补偿登记",)),
        ("被征地农民社会保障审核", "人力资源社会保障部门", 5, "参保人员名册、社保费用预存凭证", ("征地补偿安置协议签订",)),
    ]),
    ("approval", "农用地转用报批", [
        ("新增建设用地计划指标落实", BUREAU, 10, "用地计划申请、项目备案证明", ("用地预审与选址意见书核发",)),
        ("耕地占补平衡指标落实", BUREAU, 10, "补充耕地方案、指标挂钩确认单", ("勘测定界",)),
        ("使用林地审核", "林业部门", 15, "使用林地申请表、可行性报告", ("勘测定界",)),
        ("农用地转用方案编制", BUREAU, 10, "勘测定界成果、占补平衡和计划指标文件",
         ("新增建设用地计划指标落实", "耕地占补平衡指标落实")),
        ("农用地转用和土地征收组卷上报", BUREAU, 10, "一书多方案、征地前期程序材料",
         ("农用地转用方案编制", "征地补偿安置协议签订", "被征地农民社会保障审核", "使用林地审核",
          "压覆重要矿产资源查询", "地质灾害危险性评估")),
        ("农用地转用和土地征收批复", "省、市人民政府", 20, "组卷材料", ("农用地转用和土地征收组卷上报",)),
        ("新增建设用地有偿使用费缴纳", "财政部门", 5, "批复文件、缴款通知", ("农用地转用和土地征收批复",)),
        ("征收土地公告", DISTRICT, 15, "批复文件、公告照片", ("农用地转用和土地征收批复",)),
        ("征地补偿费用足额支付", DISTRICT, 15, "补偿安置协议、支付凭证", ("征收土地公告",)),
    ]),
    ("supply", "收储与净地", [
        ("地上附着物清理", DISTRICT, None, "补偿协议、清理完成证明", ("征地补偿费用足额支付",)),
        ("土壤污染状况调查", ECOLOGY, 20, "调查报告、评审意见", ("征收土地公告",)),
        ("考古调查勘探", "文化和旅游部门", 20, "考古调查勘探申请、范围坐标", ("征收土地公告",)),
        ("土地收储入库", "土地储备机构", 5, "批复文件、权属注销材料", ("征地补偿费用足额支付",)),
        ("净地条件核实", BUREAU, 5, "净地证明、水电路通达情况说明",
         ("地上附着物清理", "土壤污染状况调查", "考古调查勘探", "土地收储入库")),
    ]),
    ("supply", "供地准备", [
        ("规划条件出具", PLANNING, 5, "用地范围图、控制性详细规划", ("用地预审与选址意见书核发",)),
        ("“标准地”控制性指标确定", "发展改革部门", 5, "投资强度、亩均税收、能耗等指标意见", ("规划条件出具",)),
        ("土地价格评估", "评估单位", 7, "评估委托书、规划条件", ("规划条件出具",)),
        ("出让起始价集体会审", BUREAU, 3, "评估报告、会审纪要", ("土地价格评估",)),
        ("供地方案编制", BUREAU, 5, "规划条件、净地核实意见、控制性指标",
         ("净地条件核实", "“标准地”控制性指标确定", "出让起始价集体会审")),
        ("供地方案批准", "市、区人民政府", 7, "供地方案、请示", ("供地方案编制",)),
    ]),
    ("supply", "招标拍卖挂牌出让", [
        ("出让公告发布", BUREAU, 20, "出让公告、出让文件", ("供地方案批准",)),
        ("竞买申请受理和资格审查", "公共资源交易机构", 10, "竞买申请书、保证金缴纳凭证", ("出让公告发布",)),
        ("挂牌竞价成交", "公共资源交易机构", 10, "报价单、竞价记录", ("竞买申请受理和资格审查",)),
        ("成交确认书签订", "公共资源交易机构", 1, "成交确认书", ("挂牌竞价成交",)),
        ("成交结果公示", BUREAU, 5, "成交结果", ("成交确认书签订",)),
    ]),
    ("supply", "合同与价款", [
        ("国有建设用地使用权出让合同签订", BUREAU, 10, "成交确认书、营业执照", ("成交确认书签订",)),
        ("“标准地”履约监管协议签订", "园区管理机构", 10, "成交确认书、控制性指标", ("成交确认书签订",)),
        ("土地出让价款缴纳", TAX, 20, "出让合同、缴款通知书", ("国有建设用地使用权出让合同签订",)),
        ("契税缴纳", TAX, 5, "出让合同、价款缴纳凭证", ("土地出让价款缴纳",)),
    ]),
    ("registration", "规划许可与交地", [
        ("建设用地规划许可证核发", APPROVALS, 5, "申请表、出让合同、项目备案证明",
         ("国有建设用地使用权出让合同签订",)),
        ("界址点放线", "测绘单位", 3, "宗地图、坐标成果", ("土地出让价款缴纳",)),
        ("土地交付", BUREAU, 5, "交地确认书、现场照片", ("界址点放线",)),
    ]),
    ("registration", "不动产登记", [
        ("权籍调查成果审核", "不动产登记机构", 5, "宗地图、权籍调查表", ("土地交付",)),
        ("国有建设用地使用权首次登记", "不动产登记机构", 3, "登记申请书、出让合同、价款和契税缴纳凭证、权籍调查成果",
         ("权籍调查成果审核", "契税缴纳")),
        ("不动产权证书颁发", "不动产登记机构", 1, "身份证明", ("国有建设用地使用权首次登记",)),
    ]),
]  # fmt: skip


def add_permit_kinds(apps, schema_editor):
    kind = apps.get_model("projects", "PermitKind")
    kind.objects.bulk_create(
        kind(
            name=name,
            validity_months=months,
            lapses_unless_started=until_start,
            remind_days=days,
            basis=basis,
            position=number * 10,
        )
        for number, (name, months, until_start, days, basis) in enumerate(PERMIT_KINDS, 1)
    )


def add_catalogue(apps, schema_editor):
    land_class, item = apps.get_model("projects", "LandClass"), apps.get_model("projects", "LandItem")
    made, before = {}, {}
    for number, (stage, class_name, rows) in enumerate(CATALOGUE, 1):
        of_class = land_class.objects.create(stage=stage, name=class_name, position=number)
        for name, unit_name, limit, materials, predecessors in rows:
            made[name] = item.objects.create(
                land_class=of_class,
                position=len(made) + 1,
                name=name,
                unit_name=unit_name,
                limit_days=limit,
                materials=materials,
            )
            before[name] = predecessors
    for name, predecessors in before.items():
        made[name].predecessors.set(made[other] for other in predecessors)


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_industrial_template")]

    operations = [
        migrations.RunPython(add_permit_kinds, migrations.RunPython.noop),
        migrations.RunPython(add_catalogue, migrations.RunPython.noop),
    ]
