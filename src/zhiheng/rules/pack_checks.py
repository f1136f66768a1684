"""Whether the parts of a pack agree with each other: sums, grids, references, dates (A1).

Each fault is the path of the part in the pack (keys and positions, as in the model) and a Chinese sentence; the loader turns paths
into files and lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from zhiheng.rules.lifecycle import Stage
from zhiheng.rules.pack import Award, Criteria, Guide, Pack, Parameters, Value
from zhiheng.rules.pack_texts import Fault, Path, documents, messages

_DUTY = re.compile(r"[A-L][0-9]{1,2}")


def faults(pack: Pack) -> list[Fault]:
    """Every disagreement inside a pack that is right part by part; empty when all agree."""
    found: list[Fault] = []
    for check in (
        _dates,
        _codes,
        _parameters,
        _criteria,
        _guides,
        _awards,
        _references,
        _line,
        _recommenders,
        _questions,
        documents,
        messages,
    ):
        found += check(pack)
    return found


def _dates(pack: Pack) -> Iterator[Fault]:
    if pack.effective < pack.law.effective:
        yield ("effective",), f"规则包生效日期{pack.effective}早于所依据规则的施行日期{pack.law.effective}"


def _repeated(path: Path, key: str, codes: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            yield (*path, index, key), f"{'名称' if key == 'name' else '代码'}“{code}”重复"
        seen.add(code)


def _codes(pack: Pack) -> Iterator[Fault]:
    """Codes are unique among their like."""
    book = pack.criteria
    for name in ("awards", "roles", "recommenders", "checks", "steps"):
        yield from _repeated((name,), "code", (part.code for part in getattr(pack, name)))
    yield from _repeated(("awards",), "short", (award.short for award in pack.awards))
    yield from _repeated(("documents",), "kind", (document.kind for document in pack.documents))
    yield from _repeated(("messages",), "kind", (message.kind for message in pack.messages))
    yield from _repeated(("questions",), "id", (question.id for question in pack.questions))
    for name in ("schemes", "guides", "concepts", "definitions", "requirements", "notes"):
        yield from _repeated(("criteria", name), "code", (part.code for part in getattr(book, name)))
    for a, award in enumerate(pack.awards):
        yield from _repeated(("awards", a, "categories"), "code", (part.code for part in award.categories))
        yield from _repeated(("awards", a, "conditions"), "code", (part.code for part in award.conditions))
        yield from _repeated(("awards", a, "bonus", "kinds"), "code", (part.code for part in award.bonus.kinds))


def _parameters(pack: Pack) -> Iterator[Fault]:
    p = pack.parameters
    for name in type(p).model_fields:
        given = getattr(p, name)
        if given is not None and isinstance(given.value, int) and given.value < 0:
            yield ("parameters", name, "value"), f"“{name}”不能为负数"
    for name in ("publicity_days", "material_panel_size", "site_panel_size", "material_panel_load", "site_panel_load"):
        if getattr(p, name).value == 0:
            yield ("parameters", name, "value"), f"“{name}”须大于0"
    for name in ("quorum", "majority"):
        share = getattr(p, name).value
        if not 0 < share <= 1:
            yield ("parameters", name, "value"), f"“{name}”应大于0且不超过1"
    if p.point_step.value <= 0:
        yield ("parameters", "point_step", "value"), "打分的步长须大于0"
    if not 1 <= p.percentage_step.value <= 100 or 100 % p.percentage_step.value:
        yield ("parameters", "percentage_step", "value"), f"百分比步长{p.percentage_step.value}不能整除100"
    if p.local_work_years.value > p.work_years.value:
        yield ("parameters", "local_work_years", "value"), "本地从事质量工作的年限不应超过从事质量工作的总年限"
    yield from _survey_weights(p)


def _survey_weights(p: Parameters) -> Iterator[Fault]:
    weights = p.survey_weights.value
    if missing := {"satisfied", "basically_satisfied", "dissatisfied", "unknown"} - weights.keys():
        yield ("parameters", "survey_weights", "value"), f"满意度系数缺少：{'、'.join(sorted(missing))}"
    for key, weight in weights.items():
        if weight is not None and not 0 <= weight <= 1:
            yield ("parameters", "survey_weights", "value", key), f"满意度系数“{key}”应在0与1之间"


def _criteria(pack: Pack) -> Iterator[Fault]:
    """Items make up their chapter, chapters the full mark; codes within a scheme are unique."""
    guides = {guide.code for guide in pack.criteria.guides}
    for s, scheme in enumerate(pack.criteria.schemes):
        path: Path = ("criteria", "schemes", s)
        yield from _repeated((*path, "sections"), "code", (section.code for section in scheme.sections))
        yield from _scheme_codes(path, scheme)
        total = sum((section.points for section in scheme.sections), Fraction(0))
        if total != scheme.full_mark:
            yield (*path, "full_mark"), f"各部分分值之和{total}与满分{scheme.full_mark}不符"
        for c, section in enumerate(scheme.sections):
            subtotal = sum((item.points for item in section.items), Fraction(0))
            if subtotal != section.points:
                yield (*path, "sections", c, "points"), f"“{section.title}”各条款分值之和{subtotal}与该部分分值{section.points}不符"
            for i, item in enumerate(section.items):
                at = (*path, "sections", c, "items", i)
                if item.points <= 0:
                    yield (*at, "points"), f"条款“{item.code}”的分值须大于0"
                if item.guide is not None and item.guide not in guides:
                    yield (*at, "guide"), f"没有名为“{item.guide}”的评分指南"
                step = pack.parameters.point_step.value
                if scheme.method == "points" and step > 0 and (item.points / step).denominator != 1:
                    yield (*at, "points"), f"条款“{item.code}”的分值不是打分步长{step}的整数倍"


def _scheme_codes(path: Path, scheme: Criteria) -> Iterator[Fault]:
    items: set[str] = set()
    clauses: set[str] = set()
    for c, section in enumerate(scheme.sections):
        for i, item in enumerate(section.items):
            at = (*path, "sections", c, "items", i)
            if item.code in items:
                yield (*at, "code"), f"代码“{item.code}”重复"
            items.add(item.code)
            for k, clause in enumerate(item.clauses):
                if clause.code in clauses:
                    yield (*at, "clauses", k, "code"), f"代码“{clause.code}”重复"
                clauses.add(clause.code)


def _guides(pack: Pack) -> Iterator[Fault]:
    """The bands of a guide take up the whole grid, each point once and in order, and speak of each element."""
    step = pack.parameters.percentage_step.value
    if step < 1 or 100 % step:
        return
    for g, guide in enumerate(pack.criteria.guides):
        yield from _guide(("criteria", "guides", g), guide, tuple(range(0, 101, step)))


def _guide(path: Path, guide: Guide, grid: tuple[int, ...]) -> Iterator[Fault]:
    seen: set[int] = set()
    last = -1
    for b, band in enumerate(guide.bands):
        for percentage in band.percentages:
            if percentage not in grid:
                yield (*path, "bands", b, "percentages"), f"{percentage}%不在评分格上"
            elif percentage in seen:
                yield (*path, "bands", b, "percentages"), f"{percentage}%在评分指南中出现不止一次"
            elif percentage < last:
                yield (*path, "bands", b, "percentages"), f"{percentage}%未按由低到高排列"
            seen.add(percentage)
            last = max(last, percentage)
        if set(band.elements) != set(guide.elements):
            yield (*path, "bands", b, "elements"), f"档次要素应为{'、'.join(guide.elements)}，实为{'、'.join(band.elements)}"
    if absent := [f"{percentage}%" for percentage in grid if percentage not in seen]:
        yield (*path, "bands"), f"评分指南未覆盖{'、'.join(absent)}"


def _awards(pack: Pack) -> Iterator[Fault]:
    for a, award in enumerate(pack.awards):
        yield from _award(("awards", a), award, {scheme.code: scheme for scheme in pack.criteria.schemes})


def _award(path: Path, award: Award, schemes: dict[str, Criteria]) -> Iterator[Fault]:
    weights = award.weights.value
    shares = sum(weights.values(), Fraction(0))
    if "material" not in weights or shares != 1 or any(weight < 0 for weight in weights.values()):
        yield (*path, "weights", "value"), f"材料评审与现场评审的权重之和应为1，实为{shares}"
    if award.material_threshold.value > award.full_mark:
        yield (*path, "material_threshold", "value"), f"材料评审分数线{award.material_threshold.value}超过满分{award.full_mark}"
    best = award.full_mark * shares + award.survey_full.value + award.bonus.points
    if award.final_threshold.value > best:
        yield (*path, "final_threshold", "value"), f"最终得分分数线{award.final_threshold.value}超过可能的最高分{best}"
    for name in ("material_threshold", "final_threshold", "survey_full", "quota", "prize"):
        if getattr(award, name).value < 0:
            yield (*path, name, "value"), f"“{name}”不能为负数"
    if award.bonus.points < 0:
        yield (*path, "bonus", "points"), "加分不能为负数"
    yield from _categories(path, award, schemes)
    yield from _tie_breakers(path, award, schemes)


def _categories(path: Path, award: Award, schemes: dict[str, Criteria]) -> Iterator[Fault]:
    categories = {category.code for category in award.categories}
    for c, category in enumerate(award.categories):
        at = (*path, "categories", c, "criteria")
        if category.criteria not in schemes:
            yield at, f"没有名为“{category.criteria}”的评价标准"
        elif schemes[category.criteria].full_mark != award.full_mark:
            yield at, f"评价标准“{category.criteria}”的满分与奖项满分{award.full_mark}不符"
    for k, condition in enumerate(award.conditions):
        for code in condition.applies_to:
            if code not in categories:
                yield (*path, "conditions", k, "applies_to"), f"没有名为“{code}”的类别"


def _tie_breakers(path: Path, award: Award, schemes: dict[str, Criteria]) -> Iterator[Fault]:
    """Each is `site`, `material`, `survey` or a section that every scheme of the award has."""
    judged = [schemes[category.criteria] for category in award.categories if category.criteria in schemes]
    for t, name in enumerate(award.tie_breakers.value):
        kind, _, code = name.partition(":")
        known = name in {"site", "material", "survey"} or (
            kind == "section" and all(code in {section.code for section in scheme.sections} for scheme in judged)
        )
        if not known:
            yield (*path, "tie_breakers", "value", t), f"无法识别的并列比较项“{name}”"
        elif name == "survey" and award.survey_full.value == 0:
            yield (*path, "tie_breakers", "value", t), "未设公众满意度测评，不能以其比较并列者"
        elif name == "site" and not award.weights.value.get("site", Fraction(0)):
            yield (*path, "tie_breakers", "value", t), "现场评审不计分，不能以其比较并列者"


def _references(pack: Pack) -> Iterator[Fault]:
    """Checks stand at stages of the line, steps belong to awards, a site weight needs a site visit."""
    awards = {award.code for award in pack.awards}
    for c, check in enumerate(pack.checks):
        if check.stage not in pack.line:
            yield ("checks", c, "stage"), f"评审程序中没有“{check.stage}”阶段"
    for s, step in enumerate(pack.steps):
        for code in step.awards:
            if code not in awards:
                yield ("steps", s, "awards"), f"没有名为“{code}”的奖项"
        if Stage.SITE_VISIT not in pack.line:
            yield ("steps", s), "评审程序中没有现场评审阶段，不应列出现场评审步骤"
    for a, award in enumerate(pack.awards):
        if award.weights.value.get("site", Fraction(0)) and Stage.SITE_VISIT not in pack.line:
            yield ("awards", a, "weights", "value"), "评审程序中没有现场评审阶段，现场评审不应占权重"
        if award.survey_full.value and Stage.SHORTLIST not in pack.line:
            yield ("awards", a, "survey_full", "value"), "评审程序中没有入围公示阶段，不能进行公众满意度测评"


def _line(pack: Pack) -> Iterator[Fault]:
    """Stages in the order of the enumeration, each once, with the ones without which no award can be run; duty IDs well formed."""
    order = list(Stage)
    for s, (rule, before) in enumerate(zip(pack.stages[1:], pack.stages, strict=False), start=1):
        if rule.code == before.code or rule.code in {earlier.code for earlier in pack.stages[:s]}:
            yield ("stages", s, "code"), f"阶段“{rule.code}”重复"
        elif order.index(rule.code) < order.index(before.code):
            yield ("stages", s, "code"), f"阶段“{rule.code}”不应在“{before.code}”之后"
    needed = (Stage.CALL, Stage.APPLICATION, Stage.MATERIAL_REVIEW, Stage.NOMINATION, Stage.COMMENDATION)
    for stage in needed:
        if stage not in pack.line:
            yield ("stages",), f"缺少必经阶段“{stage}”"
    for s, rule in enumerate(pack.stages):
        for d, duty in enumerate(rule.duties):
            if not _DUTY.fullmatch(duty):
                yield ("stages", s, "duties", d), f"职责编号“{duty}”写法不对，应如“D4”"


def _recommenders(pack: Pack) -> Iterator[Fault]:
    yield from _repeated(("recommenders",), "name", (unit.name for unit in pack.recommenders))
    seen: set[str] = set()
    for r, unit in enumerate(pack.recommenders):
        if unit.gbt2260 and not re.fullmatch(r"[1-9][0-9]{5}", unit.gbt2260):
            yield ("recommenders", r, "gbt2260"), f"行政区划代码“{unit.gbt2260}”应为六位数字，没有代码的不填"
        elif unit.gbt2260 and unit.gbt2260 in seen:
            yield ("recommenders", r, "gbt2260"), f"行政区划代码“{unit.gbt2260}”重复"
        seen.add(unit.gbt2260)


def _questions(pack: Pack) -> Iterator[Fault]:
    """Questions and parameters name each other."""
    asked: dict[str, set[str]] = {}
    for q, question in enumerate(pack.questions):
        paths = question.parameter.split()
        asked[question.id] = set(paths)
        for path in paths if paths != ["fixed"] else []:
            if not _exists(pack, path):
                yield ("questions", q, "parameter"), f"没有名为“{path}”的参数"
    for place, name, value in _values(pack):
        if value.question and value.question not in asked:
            yield (*place, "question"), f"没有编号为“{value.question}”的问题"
        elif value.question and name not in asked[value.question]:
            yield (*place, "question"), f"问题“{value.question}”未指向参数“{name}”"


def _exists(pack: Pack, path: str) -> bool:
    match path.split("."):
        case ["parameters", name]:
            return name in Parameters.model_fields
        case ["awards", code, name]:
            return code in {award.code for award in pack.awards} and name in Award.model_fields
    return False


def _values(pack: Pack) -> Iterator[tuple[Path, str, Value[object]]]:
    """Every parameter with its place and its path as questions write it."""
    for name in Parameters.model_fields:
        if (value := getattr(pack.parameters, name)) is not None:
            yield ("parameters", name), f"parameters.{name}", value
    for a, award in enumerate(pack.awards):
        for name in Award.model_fields:
            part = getattr(award, name)
            if isinstance(part, Value):
                yield ("awards", a, name), f"awards.{award.code}.{name}", part
