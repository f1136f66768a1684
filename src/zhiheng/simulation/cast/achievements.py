"""Sentences on what organizations have achieved, by kind (主要业绩, 较上次申报的提高)."""

from __future__ import annotations

from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.trades import Trade

_COMMON = (
    "自{since}年起导入卓越绩效模式，设立首席质量官，质量管理体系覆盖全部业务过程。",
    "近三年顾客满意度由{low}%提高到{high}%，连续三年未发生质量安全事故。",
    "推行“{method}”管理方法，全员提出改进建议{suggestions}条，采纳率{rate}%。",
    "累计开展质量管理小组活动{circles}项，其中{prizes}项获省级及以上成果奖。",
    "建立质量成本核算和关键绩效指标看板，管理评审提出的改进事项按期完成率{high}%。",
    "坚持每年发布质量诚信报告和社会责任报告，累计投入公益资金{fund}万元。",
)
_BY_KIND: dict[str, tuple[str, ...]] = {
    "manufacturing": (
        "主导产品{offer}一次交验合格率达{high}%，国内市场占有率居同行业前{place}位。",
        "主持或参与制修订国家标准、行业标准{standards}项，拥有有效发明专利{patents}件。",
        "建成省级企业技术中心，研发经费占营业收入的{research}%，新产品产值率{rate}%。",
        "建成{offer}数字化车间，产品研制周期缩短{cut}%，单位产品综合能耗下降{small}%。",
        "{offer}出口{countries}个国家和地区，近三年顾客投诉率下降{cut}%。",
    ),
    "construction": (
        "近三年竣工{offer}{projects}项，工程质量一次验收合格率100%，创省级及以上优质工程{prizes}项。",
        "形成省级工法{standards}项，装配式和信息模型技术应用覆盖{rate}%的在建项目。",
        "推行样板引路和实测实量，工程实体质量合格率由{low}%提高到{high}%。",
    ),
    "service": (
        "围绕{offer}建立服务标准{standards}项，服务承诺兑现率达{high}%。",
        "开通全天候服务热线，诉求办结平均用时缩短{cut}%，一次解决率{high}%。",
        "承担国家或省级服务业标准化试点{place}项，服务网点增至{projects}个。",
    ),
    "farm": (
        "建设标准化{offer}基地{projects}个，产品抽检合格率连续三年为100%。",
        "带动周边农户{households}户，户均年增收{income}元。",
        "建立从田间到餐桌的全程追溯体系，认证绿色食品、有机产品{standards}个。",
    ),
    "hospital": (
        "健全三级质量控制网络，甲级病案率达{high}%，患者满意度连续三年高于{low}%。",
        "推行临床路径管理病种{projects}个，平均住院日缩短{cut}%。",
        "建设省级重点专科{place}个，年均服务基层巡诊{circles}次。",
    ),
    "school": (
        "建立教学质量监测与改进体系，毕业生对口就业率达{high}%，用人单位满意度{rate}%以上。",
        "建设省级特色专业{place}个，师生获国家和省级竞赛奖项{patents}项。",
        "与{projects}家单位共建实训基地，年均培训社会学员{households}人次。",
    ),
    "institute": (
        "承担国家和省级科研项目{standards}项，成果转化合同额{fund}万元。",
        "为{households}家企业提供{offer}服务，服务满意率{high}%。",
        "牵头制修订国家、行业和地方标准{standards}项，培养质量专业人才{suggestions}名。",
    ),
}
_METHODS = ("三环四控", "五心五零", "双零双百", "六步闭环", "一图三表", "四全五化", "精益星火", "日清月结")
_IMPROVEMENTS = (
    "较上次申报，营业收入年均增长{small}%，顾客满意度提高{points}个百分点，新增有效发明专利{place}件。",
    "针对上次评审提出的战略部署与过程绩效测量不足，完善了目标分解和考核机制，关键过程指标达成率提高{cut}%。",
    "对照上次评审反馈逐项整改，质量损失率下降{cut}%，员工流失率降至{small}%以下，主要指标连续三年向好。",
)


def figures(rng: Chance, year: int, offer: str) -> dict[str, object]:
    """The numbers that fill the sentences, plausible each by itself."""
    low = rng.randint(86, 92)
    return {
        "offer": offer,
        "since": year - rng.randint(5, 14),
        "low": low,
        "high": low + rng.randint(4, 7),
        "method": rng.choice(_METHODS),
        "suggestions": rng.randint(8, 60) * 20,
        "rate": rng.randint(35, 85),
        "circles": rng.randint(12, 160),
        "prizes": rng.randint(2, 9),
        "fund": rng.randint(6, 90) * 10,
        "place": rng.randint(2, 5),
        "standards": rng.randint(3, 28),
        "patents": rng.randint(6, 90),
        "research": f"{rng.randint(3, 8)}.{rng.randint(1, 9)}",
        "cut": rng.randint(11, 38),
        "small": rng.randint(4, 12),
        "countries": rng.randint(6, 48),
        "projects": rng.randint(6, 60),
        "households": rng.randint(12, 180) * 10,
        "income": rng.randint(12, 60) * 100,
        "points": rng.randint(2, 5),
    }


def achievements(rng: Chance, trade: Trade, year: int) -> tuple[str, ...]:
    """Three to five sentences: what the kind is proud of first, then what all have in common."""
    numbers = figures(rng, year, rng.choice(trade.offers))
    own = rng.sample(_BY_KIND[trade.kind], rng.randint(2, min(3, len(_BY_KIND[trade.kind]))))
    common = rng.sample(_COMMON, rng.randint(1, 2))
    return tuple(sentence.format(**numbers) for sentence in own + common)


def improvement(rng: Chance, year: int) -> str:
    """What became better since an earlier application that won nothing (B5)."""
    return rng.choice(_IMPROVEMENTS).format(**figures(rng, year, ""))


def main_business(rng: Chance, trade: Trade) -> str:
    """One sentence on the line of work."""
    first, second = rng.sample(trade.offers, 2)
    if trade.kind == "manufacturing":
        return f"主要从事{first}、{second}的研发、生产和销售。"
    if trade.kind == "farm":
        return f"主要从事{first}、{second}，实行基地加农户的产业化经营。"
    if trade.kind == "construction":
        return f"主要承担{first}、{second}的施工和总承包业务。"
    return f"主要提供{first}、{second}等服务。"
