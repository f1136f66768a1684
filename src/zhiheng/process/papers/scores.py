"""Score ranking sheets, review record sheets and expert evaluations (F3, G4, H1–H3). Internal: never public (Q32)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from zhiheng.foundation.documents.sheet import Cell, Column, Table, columns
from zhiheng.process.papers.frame import File, Frame, of_award
from zhiheng.process.rankfile.writing import score_columns, scores
from zhiheng.rules.compose import category_title, panel_title
from zhiheng.rules.lifecycle import STATUS_TITLES, EntryStatus
from zhiheng.rules.pack import Award
from zhiheng.rules.ranking import Candidates
from zhiheng.rules.ranking import candidates as choose
from zhiheng.rules.thresholds import passes, plain, shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination import facts as nomination_facts
from zhiheng.stages.nomination import selectors as nominations
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.models import Result, Sheet
from zhiheng.stages.sitevisit.models import ExpertEvaluation, Papers

_ROUNDS = {"material": "材料评审", "site": "现场评审"}
_INTERNAL = "本表为内部材料，不得公开。得分按精确值比较和排序；四舍五入后会达到分数线而实际未达到的，截去尾数并标注。"


def material(frame: Frame) -> list[File]:
    """The scores of the material review, best first, with what follows from each (F3)."""
    results = reviews.results(frame.cycle, "material")
    if not results:
        return []
    decimals = frame.pack.parameters.shown_decimals.value
    tables = []
    for award in frame.pack.awards:
        entries = sorted(of_award(_entries(frame, results), award), key=lambda e: (-results[e.pk].total, e.code))
        rows: list[list[Cell]] = []
        for entry in entries:
            found = results[entry.pk]
            line = award.material_threshold
            place = 1 + sum(results[other.pk].total > found.total for other in entries)
            why = passes(found.total, line, "材料评审得分", "F3", decimals=decimals).text()
            score = shown(found.total, decimals, line.value)
            rows.append([place, *_named(award, entry), score, plain(found.total), found.version, why])
        title = f"{frame.year}{frame.pack.award_name}材料评审得分排序表（{award.title}）"
        if rows:
            heads = columns(*_heads(award), "材料评审得分|score", "精确值|exact", "版本|integer", "理由")
            tables.append(Table(award.title, title, heads, rows, (_INTERNAL,)))
    last = max(result.computed_at for result in results.values())
    return [File("07-材料评审得分排序表.xlsx", frame.sheets("材料评审得分排序表", last, tables))]


def _heads(award: Award) -> list[str]:
    """The columns that name an entry; the category only where there are several."""
    return ["名次|integer", "申报编号", "名称", *(["类别"] if len(award.categories) > 1 else [])]


def _named(award: Award, entry: Entry) -> list[Cell]:
    """The cells that go with `_heads`, without the place."""
    return [entry.code, entry.name, *([category_title(award, entry.category)] if len(award.categories) > 1 else [])]


def _entries(frame: Frame, keys: Mapping[int, object]) -> list[Entry]:
    return list(frame.cycle.entries.filter(pk__in=list(keys)).order_by("code"))


def ranking(frame: Frame) -> list[File]:
    """The score ranking sheet of each award: the ranked by place, then those who did not come so far (H3)."""
    row, finals = nominations.candidates(frame.cycle), nominations.finals(frame.cycle)
    if row is None or not finals:
        return []
    found = _decided(frame, row, finals)
    results = reviews.results(frame.cycle, "material")
    tables = [_ranking(frame, award, found, finals, results, row.left_out) for award in frame.pack.awards]
    return [File("11-评审得分排序表.xlsx", frame.sheets("评审得分排序表", row.settled_at, [table for table in tables if table.rows]))]


def _decided(frame: Frame, row: CandidateList, finals: dict[int, Final]) -> Candidates | None:
    """The rule's own words, from the same facts as when the list was settled."""
    ranked = {place["entry"] for place in row.ranked}
    standing = [s for s in nomination_facts.standings(frame.cycle, finals) if s.entry in ranked]
    return choose(standing, frame.pack.awards, frame.pack.parameters, row.office_order).value


def _ranking(
    frame: Frame,
    award: Award,
    found: Candidates | None,
    finals: dict[int, Final],
    results: dict[int, Result],
    left_out: Mapping[str, str],
) -> Table:
    places = {ranked.standing.entry: ranked.place for ranked in found.ranked} if found else {}
    decimals = frame.pack.parameters.shown_decimals.value
    entries = of_award(_entries(frame, results), award)
    far = len(entries) + 1
    entries.sort(key=lambda entry: (places.get(entry.code, far), -results[entry.pk].total, entry.code))
    rows: list[list[Cell]] = []
    for entry in entries:
        final = finals.get(entry.pk)
        parts = (final.site, final.survey, final.bonus, final.total) if final else (None, None, None, None)
        cells = scores(award, decimals, final.material if final else results[entry.pk].total, *parts)
        if found and entry.code in found.reasons:
            why = found.reasons[entry.code].text
        elif final:
            why = f"已不符合申报条件，不列入排序：{left_out[entry.code]}" if entry.code in left_out else "未列入排序"
        else:
            reached = passes(results[entry.pk].total, award.material_threshold, "材料评审得分", "F3", decimals=decimals)
            why = STATUS_TITLES[EntryStatus(entry.status)] if reached.ok else reached.text()
        rows.append([places.get(entry.code), *_named(award, entry), *cells, why])
    heads = (*columns(*_heads(award)), *(Column(*part) for part in score_columns(award)), Column("理由"))
    weights = "，".join(f"{_ROUNDS[key]}占{plain(share * 100)}%" for key, share in award.weights.value.items())
    title = f"{frame.year}{frame.pack.award_name}评审得分排序表（{award.title}）"
    return Table(award.title, title, heads, rows, (f"{weights}。{_INTERNAL}",))


def records(frame: Frame) -> list[File]:
    """What the site-visit panels handed in: record sheet, ranking sheet and expert evaluations (G4)."""
    papers = list(Papers.objects.filter(cycle=frame.cycle).select_related("panel").order_by("panel__code"))
    if not papers:
        return []
    names = dict(frame.cycle.entries.values_list("code", "name"))
    decimals = frame.pack.parameters.shown_decimals.value
    record, ranked = [], []
    for handed in papers:
        title = panel_title(handed.panel, frame.pack)
        line = {e.code: frame.pack.award(handed.panel.award).full_mark for e in handed.panel.entries.all()}
        record += _record(handed, title, names, decimals)
        for place, row in enumerate(handed.ranking, 1):
            total = Fraction(row["total"])
            share = plain(line[row["entry"]]) if row["entry"] in line else ""
            ranked.append([title, place, row["entry"], names.get(row["entry"], ""), shown(total, decimals), plain(total), share])
    tables = [
        Table("评审记录表", "评审记录表", _RECORD, record, (_INTERNAL,)),
        Table("评审得分排序表", "现场评审得分排序表（各组）", _RANKED, ranked, (_INTERNAL,)),
        Table("专家评价表", "评审专家评价表", _EVALUATED, _evaluated(frame), (_INTERNAL,)),
        Table("现场评审意见", "现场评审意见", _OPINION, [[panel_title(p.panel, frame.pack), p.opinion] for p in papers]),
    ]
    last = max(handed.handed_at for handed in papers)
    return [File("10-现场评审记录.xlsx", frame.sheets("现场评审记录", last, tables))]


_RECORD = columns("专家组", "申报编号", "名称", "专家编号", "独立评分|score", "状态", "评分表摘要（SHA-256）")
_RANKED = columns("专家组", "组内名次|integer", "申报编号", "名称", "现场评审得分|score", "精确值|exact", "满分|exact")
_EVALUATED = columns("专家组", "专家编号", "姓名", "评价", "说明")
_OPINION = columns("专家组", "现场评审意见")


def _record(handed: Papers, title: str, names: Mapping[str, str], decimals: int) -> list[list[Cell]]:
    """Every sheet of the panel, voided ones included: they stay on record."""
    rows: list[list[Cell]] = []
    sheets = Sheet.objects.filter(panel=handed.panel).select_related("entry", "expert").order_by("entry__code", "expert__code", "pk")
    for sheet in sheets:
        state = f"已作废：{sheet.void_reason}" if sheet.voided_at else "有效"
        code, score = sheet.entry.code, shown(sheet.total, decimals)
        rows.append([title, code, names[code], sheet.expert.code, score, state, sheet.digest])
    return rows


def _evaluated(frame: Frame) -> list[list[Cell]]:
    found = ExpertEvaluation.objects.filter(papers__cycle=frame.cycle).select_related("papers__panel", "expert__person")
    return [
        [panel_title(row.papers.panel, frame.pack), row.expert.code, row.expert.person.name, row.get_rating_display(), row.text]
        for row in found.order_by("papers__panel__code", "expert__code")
    ]
