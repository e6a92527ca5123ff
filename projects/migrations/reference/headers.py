"""Headers met in sheets and the field each means: the starting dictionary of docs/rules.md §13, extended by the office."""

ALIASES = {
    "number": "序号 编号",
    "name": "项目名称 项目 工程名称 项目(工程)名称 项目名",
    "code": "项目代码 项目统一代码 在线平台项目代码 项目审批代码 投资项目统一代码",
    "developer": "建设单位 项目单位 项目法人 业主单位 项目业主 投资主体 实施主体 企业名称 建设主体",
    "nature": "建设性质",
    "category": "项目类别 建设类型 项目类型 建设阶段",
    "chain": "所属产业链 产业链",
    "description": "建设内容及规模 建设内容 主要建设内容 建设规模及内容 建设规模及主要内容 项目概况",
    "address": "建设地点 建设地址 项目地点",
    "total_investment": "总投资 总投资额 计划总投资 项目总投资 项目总投资金额 投资估算 概算总投资",
    "planned_investment": "年度计划投资 今年计划投资 年计划投资 年度投资计划 当年计划投资 年度计划投资金额 本年计划投资 年度计划完成投资",
    "invested_this_year": "本年累计完成投资 今年累计完成投资 本年度累计完成投资 年初至今累计完成投资额 年初至今累计完成投资"
    " 年度累计完成投资 累计完成年度投资 年度完成投资 年度完成情况投资 完成情况投资 今年以来累计完成投资",
    "invested_to_date": "自开工累计完成投资 自开始累积完成投资 自开始累计完成投资 截止目前累计完成投资 截至目前累计完成投资"
    " 开工至今累计完成投资 开工以来累计完成投资 自开工累计",
    "carry_over": "至上年底累计完成投资 以前年度累计完成投资 上年底累计完成投资 年初累计完成投资",
    "current_amount": "本月完成投资 当月完成投资 本期新增投资 本旬完成投资",
    "completion_rate": "投资完成率 完成年度百分比 完成比例 完成率 年度投资完成率",
    "planned_span": "建设起止年限 建设年限 建设周期 起止年份 建设起止时间 起止时间",
    "planned_start": "计划开工时间 拟开工时间 计划开工 预计开工时间 计划开工日期",
    "planned_completion": "计划竣工时间 拟竣工时间 计划竣工 预计竣工时间 计划竣工日期 计划完工时间",
    "started": "实际开工时间 实际开工日期 开工时间 开工日期",
    "started_flag": "开工状态 是否开工 开工情况",
    "completed": "竣工时间 竣工日期 实际竣工时间 完工时间",
    "in_production": "投产时间 投产日期 实际投产时间",
    "full_production": "达产时间 达产日期",
    "in_statistics": "是否纳统 入库状态 入统情况 是否入库 纳统情况 纳统时间",
    "physical_progress": "形象进度 本月进展 项目进展 当前形象进度 工程形象进度",
    "sponsor": "挂包领导 包联领导 包保领导 包保责任领导姓名 责任领导 联系领导 包靠领导 包抓领导 分包领导 包保责任领导",
    "sponsor_post": "职务 领导职务 挂包领导职务 包保责任领导职务",
    "lead_department": "推进部门 责任单位 牵头单位 牵头部门 主管部门 责任部门",
    "host_district": "属地保障 属地 属地单位 所在镇办 载体 隶属区域 属地镇办",
    "service_officer": "服务专员 项目专员 项目管家 首席服务员",
    "note": "备注",
    "milestone_stage": "阶段 推进阶段",
    "milestone_name": "节点名称 节点 工作节点 关键节点 节点内容",
    "due": "计划完成时间 计划完成日期 完成时限 计划时间",
    "achieved": "实际完成时间 实际完成日期 完成时间",
    "problem_category": "问题类别 问题类型",
    "problem_text": "问题描述 存在问题 存在问题及建议 难点卡点问题 困难问题 需协调解决事项 问题内容",
    "demand": "请求协调事项 协调建议 需协调事项",
    "raised": "提出时间 提出日期 反映时间",
    "problem_due": "计划解决时限 解决时限 办理时限 计划解决时间",
    "progress": "办理进展 进展情况 办理情况",
    "resolved_flag": "是否办结 是否解决 是否销号",
    "resolved": "办结时间 销号时间 解决时间",
    "indicator_name": "指标名称 指标",
    "indicator_unit": "单位 计量单位",
    "indicator_target": "年度任务 年度目标 全年任务 年度任务数 年度计划",
    "indicator_value": "累计完成 完成情况 完成数 本年累计完成",
    "city_total": "全市总量 全市总数",
    "figure_as_of": "数据截至",
}


def add_aliases(apps, schema_editor):
    alias = apps.get_model("projects", "HeaderAlias")
    alias.objects.bulk_create(
        alias(header=header, field=field) for field, headers in ALIASES.items() for header in headers.split()
    )
