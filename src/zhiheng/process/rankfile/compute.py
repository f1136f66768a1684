"""From entries and marks to scores, ranking, thresholds and the candidate list: all of it by the rules, exact (F2, F3, H1–H3, Q2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from zhiheng.foundation.documents.records import Problem
from zhiheng.process.rankfile.form import SURVEY
from zhiheng.process.rankfile.reading import Book, Listed
from zhiheng.rules.final import final_score
from zhiheng.rules.marks import Marks
from zhiheng.rules.pack import Award, Pack, Parameters
from zhiheng.rules.ranking import Candidates, Standing, candidates
from zhiheng.rules.scoring import aggregate, material_total, needs_consensus, panel_stats, section_points, spread, total
from zhiheng.rules.thresholds import passes

_ROUND_TITLES = {"material": "材料评审", "site": "现场评审"}


@dataclass(slots=True)
class Line:
    """What came out for one entry, in points, exact. outcome: chosen, tied, full, below_final, below_material, waiting or passed."""

    listed: Listed
    material: Fraction
    site: Fraction | None = None
    final: Fraction | None = None
    place: int | None = None
    outcome: str = "waiting"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """How one expert marked in one round, over all entries: shown beside the ranking, never used in it (Q26)."""

    expert: str
    round: str
    award: str
    sheets: int
    mean: Fraction
    low: Fraction
    high: Fraction


@dataclass(slots=True)
class Ranking:
    """The result. stage: "material" where the workbook holds no site visits, else "final"; lines: award by award, best first;
    warnings: what must be dealt with before the result may be used; notes: what is good to know (places left empty)."""

    stage: str
    lines: list[Line] = field(default_factory=list)
    chosen: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    experts: list[ExpertLine] = field(default_factory=list)


def compute(book: Book, pack: Pack) -> tuple[Ranking, list[Problem]]:
    """The ranking of a book without faults, and what is still missing for it."""
    stage = "final" if any(round_ == "site" for _, round_ in book.sheets) or any(r == "site" for _, r in book.agreed) else "material"
    result, problems = Ranking(stage), []
    standings: list[Standing] = []
    for listed in book.entries.values():
        line, standing, faults = _line(listed, book, pack.parameters, stage, result.warnings)
        problems += faults
        if line is not None:
            result.lines.append(line)
        if standing is not None:
            standings.append(standing)
    if problems:
        return result, problems
    if stage == "final":
        # A workbook may hold one award only; a pooled quota belongs to all.
        held = [award for award in pack.awards if pack.parameters.quota_pooled.value or of_award(result.lines, award)]
        decided = candidates(standings, held, pack.parameters)
        assert decided.value is not None  # entries are unique and of known awards by now
        _settle(result, decided.value)
        result.warnings += [reason.text for reason in decided.warnings]
        result.notes += [reason.text for reason in decided.reasons if reason.code == "candidate.vacancy"]
    _sort(result, pack)
    result.experts = _experts(book)
    return result, []


def _line(
    listed: Listed, book: Book, params: Parameters, stage: str, warnings: list[str]
) -> tuple[Line | None, Standing | None, list[Problem]]:
    """One entry's scores; its standing when it is to be ranked; what is missing."""
    material = _score(listed, "material", book, params, warnings)
    if material is None:
        return None, None, [listed.record.problem("", f"“{listed.code}”没有材料评审评分", "请补齐评分表，或从名单中删去")]
    award, decimals = listed.award, params.shown_decimals.value
    points, marks = material
    line = Line(listed, points)
    reached = passes(points, award.material_threshold, "材料评审得分", "F3", decimals=decimals)
    line.reason = reached.text()
    if not reached.ok:
        line.outcome = "below_material"
        if (listed.code, "site") in book.sheets:
            warnings.append(f"{listed.code}材料评审未达标，其现场评审评分未予采用")
        return line, None, []
    if stage == "material":
        line.outcome = "passed"
        return line, None, []
    site = _score(listed, "site", book, params, warnings)
    if site is None and award.weights.value.get("site", Fraction(0)) > 0:
        line.reason = "材料评审达标，尚无现场评审评分，暂不参加排序"
        warnings.append(f"{listed.code}{line.reason}")
        return line, None, []
    line.site = site[0] if site else None
    decision = final_score(award, points, line.site, listed.survey, listed.bonus)
    if decision.value is None:
        return line, None, [listed.record.problem(SURVEY if "满意度" in decision.text() else "", decision.text(), "请补齐后重新计算")]
    line.final = decision.value.total
    sections = section_points(site[1] if site else marks, listed.scheme)
    return line, Standing(listed.code, award.code, line.final, points, line.site, listed.survey, sections), []


def _score(listed: Listed, round_: str, book: Book, params: Parameters, warnings: list[str]) -> tuple[Fraction, Marks] | None:
    """The score of a round with the marks behind it; None without sheets. Sheets too far apart and not agreed on are a warning."""
    sheets = [marks for _, marks in sorted(book.sheets.get((listed.code, round_), {}).items())]
    agreed = book.agreed.get((listed.code, round_))
    whole = agreed is not None and len(agreed) == len(listed.scheme.items)
    if not sheets and not whole:
        return None
    method = "consensus" if whole else params.material_aggregation.value
    if method == "consensus" and not whole:
        warnings.append(f"{listed.code}{_ROUND_TITLES[round_]}须以合议结果为准，但合议得分未覆盖全部条款，未予计分")
        return None
    if len(sheets) > 1:
        apart = spread(sheets, listed.scheme, params)
        assert apart.value is not None
        open_items = set(apart.value.wide_items) - set(agreed or {})
        if needs_consensus(apart.value) and (open_items or agreed is None):
            warnings += [f"{listed.code}{_ROUND_TITLES[round_]}：{reason.text}" for reason in apart.warnings]
    marks = aggregate(sheets, listed.scheme, method, agreed)
    return material_total(sheets, listed.scheme, method, agreed), marks


def _settle(result: Ranking, found: Candidates) -> None:
    places = {ranked.standing.entry: ranked.place for ranked in found.ranked}
    codes = {"candidate.in": "chosen", "candidate.below": "below_final", "candidate.tied": "tied", "candidate.full": "full"}
    for line in result.lines:
        code = line.listed.code
        if code in places:
            line.place, line.reason = places[code], found.reasons[code].text
            line.outcome = codes[found.reasons[code].code]
    result.chosen = found.chosen


def _sort(result: Ranking, pack: Pack) -> None:
    """Award by award: the ranked by place, then the others by material score; equal ones by code."""
    order = {award.code: number for number, award in enumerate(pack.awards)}
    far = len(result.lines) + 1
    result.lines.sort(key=lambda line: (order[line.listed.award.code], line.place or far, -line.material, line.listed.code))


def _experts(book: Book) -> list[ExpertLine]:
    totals: dict[tuple[str, str, str], list[Fraction]] = {}
    for (code, round_), sheets in book.sheets.items():
        listed = book.entries[code]
        for expert, marks in sheets.items():
            totals.setdefault((_ROUND_TITLES[round_], listed.award.title, expert), []).append(total(marks, listed.scheme))
    lines = []
    for (round_, award, expert), values in sorted(totals.items()):
        stats = panel_stats(values)
        lines.append(ExpertLine(expert, round_, award, stats.entries, stats.mean, stats.low, stats.high))
    return lines


def of_award(lines: Iterable[Line], award: Award) -> list[Line]:
    """The lines of one award, in their order."""
    return [line for line in lines if line.listed.award.code == award.code]
