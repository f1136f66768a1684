"""What is written around the reviews: checks, opinions, plans, records of site visits, objections and answers."""

from __future__ import annotations

from datetime import date

from zhiheng.rules.clocks import chinese_date
from zhiheng.simulation.cast.chance import Chance

_SIDES: dict[str, tuple[str, ...]] = {
    "completeness": ("申报表各项填写齐全，证实性材料与目录一致。", "材料齐全，缺页已按要求补齐。"),
    "truth": ("抽查原始凭证，与申报内容一致。", "核对证书原件和统计报表，内容属实。"),
    "accuracy": ("主要数据与年度报表核对一致。", "数据口径清楚，计算无误。"),
    "legality": ("依法设立，许可资质在有效期内。", "查询登记和处罚信息，未发现违法违规情形。"),
    "standing": ("主体资格符合申报条件。", "登记信息核对无误，符合申报范围。"),
    "channel": ("由所在地推荐单位推荐，渠道符合规定。", "按属地归口推荐。"),
    "procedure": ("公示、征求意见和同意推荐程序齐全。", "推荐程序完整，公示期满无异议。"),
    "form": ("材料格式、签章符合要求。", "装订、目录和签章规范。"),
    "credit": ("未列入经营异常名录和严重违法失信名单。", "信用记录查询结果良好。"),
}
_STEPS: dict[str, tuple[str, ...]] = {
    "opening": ("组长介绍评审目的、依据、日程和纪律，各方到会签到。", "召开首次会议，宣读公正性和保密承诺，确认日程安排。"),
    "verification": ("查看主要现场和关键工序，抽查记录二十余份。", "核查生产服务现场、实验室和信息系统，与材料所述基本一致。"),
    "group_review": ("分三个小组对照条款查阅文件、询问过程负责人。", "按领导战略、资源过程、测量结果分组评审，汇总问题清单。"),
    "interviews_by_level": ("分别与高层、中层和一线员工座谈，了解战略和文化的传达情况。", "分三个层次座谈，共二十余人参加。"),
    "candidate_report": ("候选人汇报主要业绩和体会，专家提问并作记录。", "听取汇报三十分钟，就成果应用提问。"),
    "interviews": ("与同事、服务对象座谈，了解工作表现和带动作用。", "召开座谈会，到会代表对候选人评价较好。"),
    "achievements": ("查阅证书、成果报告和应用证明原件，业绩属实。", "到成果应用现场核实，数据与材料一致。"),
    "consensus": ("专家组逐条合议，形成一致的评审意见。", "对照评分指南合议打分，记录分歧及处理情况。"),
    "exchange_with_head": ("就主要优势和改进机会与主要负责人交换意见。", "与主要负责人交换意见，对方表示认可。"),
    "exchange_with_person": ("与申报个人交流，反馈主要优点和努力方向。", "与申报个人座谈，听取对评审工作的意见。"),
    "closing": ("召开末次会议，通报评审总体情况和后续安排。", "末次会议宣布现场评审结束，重申纪律要求。"),
}
_STRATEGY = ("符合我省制造强省和质量强省建设方向", "有利于带动本地产业链提升质量", "与京津冀协同发展要求契合", "具有行业引领和标杆示范作用")
_OBJECTIONS = (
    "反映该申报对象部分业绩数据与公开资料不一致，请予核实。",
    "反映该申报对象近年有顾客投诉未妥善处理，请予调查。",
    "反映该申报对象所列成果的完成单位排序有误，请予核实。",
)


def side_note(code: str, rng: Chance) -> str:
    """What an examiner writes on one side of a check that was passed."""
    return rng.choice(_SIDES.get(code, ("经审查，符合要求。",)))


def recommendation_opinion(regulator: str, name: str, rng: Chance) -> str:
    """The signed opinion of a recommending unit."""
    ending = rng.choice(("同意推荐。", "符合申报条件，同意推荐。", "业绩突出，同意推荐。"))
    return f"经{regulator}审核，{name}申报材料完整、真实、准确、合法，公示期满无异议，{ending}"


def department_opinion(rng: Chance) -> str:
    """A department that has nothing against an applicant."""
    return rng.choice(("无不良意见。", "经核查，未发现影响申报的情形。", "同意，无其他意见。"))


def visit_plan(name: str, first: date, last: date, rng: Chance) -> str:
    """A panel's work plan."""
    focus = rng.choice(("关键过程控制和结果数据的核实", "战略部署与绩效测量的一致性", "顾客与市场结果的真实性", "改进与创新成果的应用"))
    span = chinese_date(first) if first == last else f"{chinese_date(first)}至{chinese_date(last)}"
    return f"{span}对{name}开展现场评审，重点关注{focus}。组长负责总体安排，组员按分工查证，每日汇总情况并合议。"


def step_note(code: str, rng: Chance) -> str:
    """The record of one step of a visit."""
    return rng.choice(_STEPS.get(code, ("按计划完成，情况良好。",)))


def site_opinion(rng: Chance) -> str:
    """A panel's opinion on its visits, with an eye on strategy, policy, industry and region (四(五)3)."""
    first, second = rng.sample(_STRATEGY, 2)
    return f"本组所评对象现场情况与材料基本相符，{first}，{second}。建议结合得分综合考虑。"


def evaluation(rng: Chance) -> tuple[str, str]:
    """How an expert did on a panel: the rating (`good` or `fair`) and a sentence."""
    if rng.randint(1, 4) == 1:
        return "fair", rng.choice(("能够按时完成评审任务。", "评审认真，评语可更具体。"))
    return "good", rng.choice(("准备充分，判断有据，遵守纪律。", "熟悉标准，客观公正，按时完成任务。", "专业能力强，善于沟通，评语详实。"))


def objection(rng: Chance) -> str:
    """What someone writes against an entry on public notice."""
    return rng.choice(_OBJECTIONS)


def objection_answer(*, upheld: bool) -> str:
    """The office's answer to an objection."""
    if upheld:
        return "经调查，所反映的问题属实，已按规定程序处理。感谢您对评审工作的监督。"
    return "经调查，所反映的问题与事实不符或不影响申报资格，有关证明材料已存档备查。感谢您对评审工作的监督。"
