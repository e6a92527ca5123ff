"""The columns that sheets have (列): one entry a column, for reading, comparing, writing, the template and the help.

A column is recognised by its headers: those named here, and those that the office adds (`HeaderAlias`). What a header
means beyond the words listed is worked out in `meaning`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .kinds import INDICATORS, INVESTMENT, LEADS, LEDGER, MILESTONES, OFFICIALS, PLACES, PROBLEMS, UNITS

KEEP = "keep"  # the answer that a column is none of ours: it is kept under its own header
REFERRING = (LEDGER, MILESTONES, INVESTMENT, PROBLEMS, PLACES)  # sheets that name projects on record
Read = Callable[[Any, str], Any]  # (RowReader, field)


def text(limit: int = 0) -> Read:
    """Read as text; a longer one than `limit` is refused."""
    return lambda reader, name: reader.text(name, limit)


def amount(reader: Any, name: str) -> None:
    """Read as an amount in the unit of the header, the sheet or the cell."""
    reader.amount(name, reader.sheet.unit or "万元")


@dataclass(frozen=True)
class Written:
    """How the ledger's own layout writes a column (写出): its head and the group above, width, value of a row.

    `{year}` and `{last}` stand for the plan year and the year before; `key` names the value in the row that the
    workbook draws.
    """

    head: str
    key: str = ""
    group: str = ""
    width: int = 12


@dataclass(frozen=True)
class Field:
    """One column (列): what it is called, the headers met, how a cell is read, what it sets, which figure it touches.

    `read` is for plain cells; those that are read together (people, classes, dates) stand in `ledger`. `sets` names
    the attribute of the project that a ledger's cell sets as it is; `hint` tells the office how to fill it in.
    """

    name: str
    label: str
    headers: str = ""
    kinds: tuple[str, ...] = (LEDGER,)
    read: Read | None = None
    sets: str = ""
    figure: str = ""
    written: Written | None = None
    hint: str = ""
    tells_ledger: bool = False

    def all_headers(self) -> Iterator[str]:
        yield self.label
        yield from self.headers.split()


PLAN, DONE, SIX = "{year}年计划", "{year}年完成情况", "六个一"
FIGURE_DAY = "数据截至"
KEPT_GROUP = "其他列"  # over the columns that our own layout keeps from other offices' sheets

# the order is the order of the ledger's own layout
FIELDS: tuple[Field, ...] = (
    Field("number", "序号", "编号 序", written=Written("序号", "number", width=6), hint="整数；可不填"),
    Field(
        "name",
        "项目名称",
        "项目 工程名称 项目(工程)名称 项目名 重点项目名称 建设项目名称 重大项目名称 工程项目名称 工程(项目)名称 子项目名称",
        kinds=(*REFERRING, LEADS),
        written=Written("项目名称", "name", width=28),
        hint="120字以内；前面的☆、※不计",
    ),
    Field(
        "code",
        "项目代码",
        "项目统一代码 在线平台项目代码 项目审批代码 投资项目统一代码 投资项目代码 统一代码 项目赋码 国家统一代码 备案代码",
        kinds=REFERRING,
        tells_ledger=True,
        written=Written("项目代码", "code", width=25),
        hint="在线平台项目代码，如 2103-370371-04-02-100074；还没有就留空",
    ),
    Field(
        "developer",
        "建设单位",
        "项目单位 项目法人 业主单位 项目业主 投资主体 实施主体 企业名称 建设主体 项目法人单位 项目业主单位 业主 建设(实施)单位"
        " 实施单位 投资单位 项目建设单位 建设(投资)单位 投资企业 建设业主 法人单位 申报单位 项目承担单位 项目主体",
        kinds=REFERRING,
        tells_ledger=True,
        sets="developer",
        read=text(120),
        written=Written("建设单位", "developer", width=20),
        hint="全称，120字以内",
    ),
    Field(
        "nature",
        "建设性质",
        tells_ledger=True,
        sets="nature",
        written=Written("建设性质", "nature", width=9),
        hint="新建、扩建、改建、技术改造",
    ),
    Field(
        "category",
        "项目类别",
        "建设类型 项目类型 建设阶段 年度类别 建设类别 开工类型 项目性质",
        tells_ledger=True,
        figure="开工率",
        written=Written("项目类别", "category", width=9),
        hint="新开工、续建、前期；其他说法（如预备、收尾）会提问",
    ),
    Field(
        "chain",
        "所属产业链",
        "产业链 产业链条",
        kinds=(LEDGER, LEADS),
        read=text(60),
        written=Written("所属产业链", "chain"),
        hint="产业链名称",
    ),
    Field(
        "description",
        "建设内容及规模",
        "建设内容 主要建设内容 建设规模及内容 建设规模及主要内容 项目概况 建设规模 主要建设内容及规模 建设规模与内容 项目建设内容"
        " 建设内容和规模 建设内容(规模) 项目内容 建设主要内容 工程规模 建设内容与规模 建设规模和内容 主要建设规模及内容 项目简介",
        read=text(),
        tells_ledger=True,
        sets="description",
        written=Written("建设内容及规模", "description", width=30),
        hint="文字",
    ),
    Field(
        "address",
        "建设地点",
        "建设地址 项目地点 项目地址 建设位置 项目位置 建设区域 实施地点",
        kinds=(LEDGER, PLACES),
        read=text(160),
        sets="address",
    ),
    Field(
        "total_investment",
        "总投资",
        "总投资额 计划总投资 项目总投资 项目总投资金额 投资估算 概算总投资 概算投资 估算投资 投资总额 估算总投资 投资概算 总概算"
        " 投资规模 预计总投资 总投资规模 工程总投资 项目投资总额 项目投资额 拟投资总额 项目计划总投资 总投资金额 批复总投资 总投资概算"
        " 总投资估算 项目概算 核定总投资 建设总投资 计划投资总额 投资总规模",
        kinds=(LEDGER, LEADS),
        read=amount,
        sets="total_investment",
        figure="总投资",
        tells_ledger=True,
        written=Written("总投资", "total"),
        hint="金额；单位写在表头或表角，也可逐格写“1.2亿元”",
    ),
    Field(
        "carry_over",
        "至上年底累计完成投资",
        "以前年度累计完成投资 上年底累计完成投资 年初累计完成投资 上年末累计完成投资 以前年度完成投资 历年完成投资 截至上年底完成投资"
        " 至上年底完成投资",
        read=amount,
        figure="自开工累计完成投资",
        tells_ledger=True,
        written=Written("至{last}年底累计完成投资", "carry_over"),
        hint="金额；年份写在表头，如 至2022年底",
    ),
    Field(
        "planned_investment",
        "年度计划投资",
        "今年计划投资 年计划投资 年度投资计划 当年计划投资 年度计划投资金额 本年计划投资 年度计划完成投资 年度投资目标 年度投资任务"
        " 本年度计划投资 计划年度投资 年度计划投资额 当年投资计划 年度预计投资 年度拟完成投资 年度目标投资 全年计划投资 全年投资计划"
        " 年度任务投资 年度工作计划投资 年度投资",
        kinds=(LEDGER, INVESTMENT),
        read=amount,
        figure="投资完成率",
        tells_ledger=True,
        written=Written("投资", "planned_investment", PLAN),
        hint="金额；指本年度",
    ),
    Field(
        "planned_start",
        "计划开工时间",
        "拟开工时间 计划开工 预计开工时间 计划开工日期 拟开工日期 计划开工年月 开工计划",
        tells_ledger=True,
        figure="开工率",
        written=Written("计划开工时间", "planned_start", PLAN),
        hint="2023-05-24、2023年6月、2023年三季度、6月底前都可以；还没有日期就写原话",
    ),
    Field(
        "planned_completion",
        "计划竣工时间",
        "拟竣工时间 计划竣工 预计竣工时间 计划竣工日期 计划完工时间 拟建成时间 计划建成时间 预计建成时间 计划完工日期 预计完工时间"
        " 拟竣工日期 计划竣工投产时间 预计竣工投产时间 计划建成投产时间",
        tells_ledger=True,
        figure="竣工率",
        written=Written("计划竣工时间", "planned_completion", PLAN),
        hint="写法同计划开工时间",
    ),
    Field(
        "planned_span",
        "建设起止年限",
        "建设年限 建设周期 起止年份 建设起止时间 起止时间 建设期限 起止年限 建设起止年份 建设工期 计划建设年限 建设期 建设时间 建设起止年月"
        " 建设时限 计划建设工期 项目建设周期 项目建设年限 计划起止时间 计划工期 计划开竣工时间 开竣工时间",
        tells_ledger=True,
        figure="开工率",
    ),
    Field(
        "invested_this_year",
        "本年累计完成投资",
        "今年累计完成投资 本年度累计完成投资 年初至今累计完成投资额 年初至今累计完成投资 年度累计完成投资 累计完成年度投资 年度完成投资"
        " 年度完成情况投资 完成情况投资 今年以来累计完成投资 本年完成投资 完成年度投资 本年度完成投资 今年完成投资 当年完成投资"
        " 当年累计完成投资 年内累计完成投资 年初以来完成投资 年初以来累计完成投资 今年以来完成投资 年度实际完成投资 本年实际完成投资"
        " 年度投资完成额 年度完成投资额 全年完成投资 年度投资完成 年度累计完成",
        kinds=(LEDGER, INDICATORS),
        read=amount,
        figure="投资完成率",
        tells_ledger=True,
        written=Written("本年累计完成投资", "invested", DONE, width=17),
        hint="金额；从1月1日累计，不是本月数",
    ),
    Field(
        "figure_as_of",
        FIGURE_DAY,
        figure="投资完成率",
        written=Written(FIGURE_DAY, "counts_from_on", DONE),
        hint="这一行金额的日子；与表头的截至日期相同可不填",
    ),
    Field(
        "invested_to_date",
        "自开工累计完成投资",
        "自开始累积完成投资 自开始累计完成投资 截止目前累计完成投资 截至目前累计完成投资 开工至今累计完成投资 开工以来累计完成投资"
        " 自开工累计 自开工以来累计完成投资 自开工至今累计完成投资 开工累计完成投资 项目累计完成投资 开建以来累计完成投资 累计完成总投资",
        read=amount,
        figure="自开工累计完成投资",
    ),
    Field(
        "current_amount",
        "本月完成投资",
        "当月完成投资 本期新增投资 本旬完成投资 当期完成投资 本季度完成投资 本周完成投资",
    ),
    Field(
        "completion_rate",
        "投资完成率",
        "完成年度百分比 完成比例 完成率 年度投资完成率 年度计划完成率 投资完成比例 完成进度",
    ),
    Field(
        "started",
        "实际开工时间",
        "实际开工日期 开工时间 开工日期 实际开工 开工年月",
        figure="开工率",
        tells_ledger=True,
        written=Written("实际开工时间", "started_on", DONE),
        hint="已发生的日期；还没开工写“未开工”",
    ),
    Field("started_flag", "是否开工", "开工状态 开工情况", figure="开工率"),
    Field(
        "completed",
        "竣工时间",
        "竣工日期 实际竣工时间 完工时间 实际完工时间 完工日期 实际竣工日期 建成时间 竣工投产时间",
        figure="竣工率",
        written=Written("竣工时间", "completed_on", DONE),
        hint="已发生的日期",
    ),
    Field(
        "in_production",
        "投产时间",
        "投产日期 实际投产时间 实际投产日期",
        figure="投产率",
        written=Written("投产时间", "in_production_on", DONE),
        hint="已发生的日期",
    ),
    Field("full_production", "达产时间", "达产日期 实际达产时间", figure="投产率"),
    Field(
        "in_statistics",
        "是否纳统",
        "入库状态 入统情况 是否入库 纳统情况 纳统时间 是否入统 入库情况 是否已纳统 入统时间 入库时间 入库日期 入库纳统时间 纳入统计库时间",
        figure="纳统率",
        written=Written("是否纳统", "in_statistics", DONE, width=7),
        hint="是、否，或纳统日期",
    ),
    Field(
        "physical_progress",
        "形象进度",
        "本月进展 项目进展 当前形象进度 工程形象进度 目前进展 工程进展 项目进度 建设进展 项目形象进度 当前进展 工程进度 目前形象进度"
        " 项目进展情况 建设进度 形象进度情况 工程建设进展 目前进展情况 最新进展 工程进展情况 项目推进情况 项目建设进展 目前进度"
        " 建设进展情况 推进情况 项目建设进展情况 完成形象进度 现状形象进度",
        written=Written("形象进度", "physical_progress", DONE, width=18),
        hint="到了哪一步，200字以内；不是目标",
    ),
    Field(
        "sponsor",
        "挂包领导",
        "包联领导 包保领导 包保责任领导姓名 责任领导 联系领导 包靠领导 包抓领导 分包领导 包保责任领导 挂钩领导 挂点领导 挂联领导 县级领导"
        " 市级领导 区级领导 牵头领导 挂钩联系领导 包挂领导 包案领导 领办领导 联系县级领导 包联县级领导 包干领导",
        tells_ledger=True,
        written=Written("挂包领导", "sponsor", SIX, width=10),
        hint="一位；多位时在牵头的后面写“（牵头）”",
    ),
    Field(
        "sponsor_post",
        "职务",
        "领导职务 挂包领导职务 包保责任领导职务 包联领导职务",
        kinds=(LEDGER, OFFICIALS),
        read=text(60),
        written=Written("职务", "sponsor_post", SIX, width=16),
        hint="挂包领导的职务",
    ),
    Field(
        "lead_department",
        "推进部门",
        "责任单位 牵头单位 牵头部门 主管部门 责任部门 牵头责任单位 牵头责任部门 行业主管部门 推进单位 包联单位 责任主管部门 主管单位"
        " 推进责任单位 市级责任单位 区级责任单位 推进责任部门 行业部门 项目主管部门 包联部门 包保单位",
        kinds=(LEDGER, MILESTONES, PROBLEMS, LEADS),
        tells_ledger=True,
        written=Written("推进部门", "lead_department", SIX, width=30),
        hint="一个单位；多个时在牵头的后面写“（牵头）”，其余为协办",
    ),
    Field(
        "helpers",
        "协办单位",
        "配合单位 配合部门 协办部门 协同单位 协助单位 协同部门 配合责任单位 责任配合单位 会办单位",
    ),
    Field(
        "host_district",
        "属地保障",
        "属地 属地单位 所在镇办 载体 隶属区域 属地镇办 所属镇办 所属区县 所在区县 所属园区 所在园区 属地责任单位 所属乡镇 所在乡镇 镇街"
        " 所属街道 所在镇街 属地政府 属地镇街 县区 区县 县(市、区) 县市区 所属县区",
        tells_ledger=True,
        written=Written("属地保障", "host_district", SIX),
        hint="镇、街道或园区，一个",
    ),
    Field("service_officer", "服务专员", "项目专员 项目管家 首席服务员"),
    Field("note", "备注", kinds=(LEDGER, MILESTONES), hint="文字", written=Written("备注", "备注")),
    # other sheets
    Field("milestone_stage", "阶段", "推进阶段", (MILESTONES,)),
    Field("milestone_name", "节点名称", "节点 工作节点 关键节点 节点内容", (MILESTONES,)),
    Field("due", "计划完成时间", "计划完成日期 完成时限 计划时间", (MILESTONES, LEDGER)),
    Field("achieved", "实际完成时间", "实际完成日期 完成时间", (MILESTONES,)),
    Field("problem_category", "问题类别", "问题类型", (PROBLEMS,)),
    Field(
        "problem_text",
        "问题描述",
        "存在问题 存在问题及建议 难点卡点问题 困难问题 需协调解决事项 问题内容 存在的问题 存在困难及问题 存在的主要问题 存在主要问题",
        (PROBLEMS, LEDGER),
    ),
    Field("demand", "请求协调事项", "协调建议 需协调事项", (PROBLEMS,)),
    Field("raised", "提出时间", "提出日期 反映时间", (PROBLEMS,)),
    Field("problem_due", "计划解决时限", "解决时限 办理时限 计划解决时间", (PROBLEMS,)),
    Field("progress", "办理进展", "进展情况 办理情况", (PROBLEMS, LEADS)),
    Field("resolved_flag", "是否办结", "是否解决 是否销号", (PROBLEMS,)),
    Field("resolved", "办结时间", "销号时间 解决时间", (PROBLEMS,)),
    Field("indicator_name", "指标名称", "指标", (INDICATORS,)),
    Field("indicator_unit", "单位", "计量单位", (INDICATORS,)),
    Field("indicator_target", "年度任务", "年度目标 全年任务 年度任务数 年度计划", (INDICATORS,)),
    Field("indicator_value", "累计完成", "完成情况 完成数 本年累计完成", (INDICATORS,)),
    Field("indicator_last_year", "上年同期", "去年同期 上年同期数", (INDICATORS,)),
    Field("city_total", "全市总量", "全市总数", (INDICATORS,)),
    Field("official_name", "姓名", "领导姓名", (OFFICIALS,)),
    Field("unit_name", "单位名称", "", (UNITS,)),
    Field("unit_kind", "单位类别", "类别 单位类型", (UNITS,)),
    Field("contact", "联系人", "", (UNITS,)),
    Field("phone", "办公电话", "联系电话 电话", (OFFICIALS, UNITS)),
    Field("mobile", "手机", "手机号 手机号码 移动电话", (OFFICIALS,)),
    Field("investor", "投资方", "投资方名称", (LEADS,)),
    Field("origin", "资金来源地", "资金来源", (LEADS,)),
    Field("lead_stage", "项目状态", "招商阶段", (LEADS,)),
    Field("agreed_investment", "约定总投资", "约定投资额 协议总投资 协议投资额 意向投资额", (LEADS,)),
    Field("lead_on", "洽谈/签约时间", "签约/洽谈时间 签约时间 洽谈时间", (LEADS,)),
    Field("longitude", "经度", "东经", (PLACES,)),
    Field("latitude", "纬度", "北纬", (PLACES,)),
)
BY_NAME = {field.name: field for field in FIELDS}
UNUSED = frozenset({"current_amount", "completion_rate"})  # checked or differences: a second one is no loss
AMOUNTS = ("total_investment", "carry_over", "planned_investment", "invested_this_year", "invested_to_date")
LEDGER_FIELDS = frozenset(field.name for field in FIELDS if field.tells_ledger)


def label_of(name: str) -> str:
    """What a field is called on screens and in messages; never its English name."""
    if name == KEEP:
        return "按其他列保留"
    return BY_NAME[name].label if name in BY_NAME else name
