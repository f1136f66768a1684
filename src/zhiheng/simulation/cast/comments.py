"""What experts write beside their marks, and the report of a review, from small pools of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from zhiheng.rules.pack import Criteria, Item, Section
from zhiheng.simulation.cast.chance import Chance

_STRONG = (
    "方法系统，与组织实际结合紧密，能够提供连续三年的实施证据",
    "目标、方法和结果前后呼应，已形成定期评价和改进的机制",
    "特色做法鲜明，部门之间协同较好，具有推广价值",
    "数据翔实，趋势良好，关键指标优于行业平均水平",
    "职责清楚、流程完备，展开到各层次和主要过程",
)
_WEAK = (
    "与竞争对手和标杆的对比数据不足，建议补充并用于目标设定",
    "部分方法展开不充分，建议明确责任部门和完成时限",
    "改进成果的分享和固化不够，建议形成标准并纳入培训",
    "测量频次偏低，建议缩短周期并加强分析结果的应用",
    "指标分解到班组的深度不够，建议完善层层承接的机制",
)
_STRONG_PERSON = (
    "业绩真实具体，证明材料完整，贡献可以量化",
    "方法有特色，在实践中多次验证并得到推广",
    "示范带动作用明显，同行认可度高",
    "勤于钻研，能够针对实际问题提出有效办法",
)
_WEAK_PERSON = (
    "成果推广范围有待扩大，建议总结提炼形成教材或标准",
    "部分成果的个人贡献表述不够清晰，建议补充佐证",
    "近年成果的量化对比不足，建议补充前后数据",
    "在行业层面的交流分享偏少，建议加强",
)
_REASONS = (
    "专家组就分歧条款逐条查证材料、交换意见，对照评分指南取得一致。",
    "分歧主要来自对实施证据充分程度的判断，经共同核对附件后取得一致意见。",
    "经组长主持合议，重新核对相关数据和对比信息，按评分指南确定本条款得分。",
)


@dataclass(frozen=True, slots=True)
class ReportText:
    """The three parts of a review report."""

    strengths: str
    improvements: str
    conclusion: str


def comments_for(scheme: Criteria, rng: Chance) -> dict[str, dict[str, str]]:
    """One remark a section, on one of its scored items: item code → {strengths, improvements}."""
    strong, weak = _pools(scheme)
    found = {}
    for section in scheme.sections:
        item = rng.choice(section.items)
        found[item.code] = {"strengths": f"“{item.title}”{rng.choice(strong)}。", "improvements": f"“{item.title}”{rng.choice(weak)}。"}
    return found


def report_for(name: str, scheme: Criteria, marks: Mapping[str, str], rng: Chance, *, on_site: bool = False) -> ReportText:
    """The report on an entry: the items that it does best and worst in `marks` (exact marks as text), and a conclusion."""
    strong, weak = _pools(scheme)
    ranked = sorted(scheme.items, key=lambda item: (-_share(item, scheme, marks), item.code))
    count = min(3, (len(ranked) + 1) // 2)
    seen = "经现场核实，" if on_site else ""
    best = [f"{number}．“{item.title}”：{seen}{text}。" for number, (item, text) in _numbered(ranked[:count], strong, rng)]
    worst = [f"{number}．“{item.title}”：{text}。" for number, (item, text) in _numbered(ranked[::-1][:count], weak, rng)]
    basis = "现场评审情况与申报材料基本相符" if on_site else "申报材料完整，证据能够支持所述业绩"
    strongest = max(scheme.sections, key=lambda section: _section_share(section, scheme, marks))
    conclusion = f"{name}{basis}，“{strongest.title}”部分表现较为突出，得分依据评价标准逐条给出，专家组意见一致。"
    return ReportText("\n".join(best), "\n".join(worst), conclusion)


def consensus_reason(rng: Chance) -> str:
    """Why a panel agreed on other marks than the mean."""
    return rng.choice(_REASONS)


def _pools(scheme: Criteria) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (_STRONG, _WEAK) if scheme.method == "percentage" else (_STRONG_PERSON, _WEAK_PERSON)


def _numbered(items: list[Item], pool: tuple[str, ...], rng: Chance) -> list[tuple[int, tuple[Item, str]]]:
    """Items with a different sentence each, numbered from 1."""
    return list(enumerate(zip(items, rng.sample(pool, len(items)), strict=True), 1))


def _share(item: Item, scheme: Criteria, marks: Mapping[str, str]) -> Fraction:
    """An item's mark as a share of its full mark."""
    return Fraction(marks[item.code]) / (100 if scheme.method == "percentage" else item.points)


def _section_share(section: Section, scheme: Criteria, marks: Mapping[str, str]) -> Fraction:
    """A section's points as a share of its full points."""
    return sum((_share(item, scheme, marks) * item.points for item in section.items), Fraction(0)) / section.points
