"""Acts of the material review (F2, F3, K7; Q2, Q18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, Refused, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import scoring
from zhiheng.rules.decision import Reason, decide, no, yes
from zhiheng.rules.lifecycle import FAIL, PASS, Role, Stage
from zhiheng.rules.thresholds import passes, shown
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict, Panel
from zhiheng.stages.panel.selectors import ROUND_OF, round_entries
from zhiheng.stages.qualification.selectors import commissioned
from zhiheng.stages.review import facts, selectors
from zhiheng.stages.review.models import Handover, Report, Result, Sheet
from zhiheng.stages.review.scoring import agree, missing_sheets, open_to, result, scheme_of, take_sheet, up_to_date, write_report

STAGE = [Stage.MATERIAL_REVIEW]
ARTICLE = "四(四)2"


@act("review.submit_sheet", "提交材料评审评分表", duty="F2", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE)
def submit_sheet(acting: Acting, entry: Entry, *, marks: Mapping[str, Any], comments: Mapping[str, Any] | None = None) -> Outcome:
    """Submit one's independent sheet; it is locked from then on."""
    return take_sheet(acting, entry, "material", "F2", marks, comments or {})


@act(
    "review.void_sheet",
    "作废评分表",
    duty="K7",
    article="七(七)",
    roles=[Role.OFFICE],
    stages=[Stage.MATERIAL_REVIEW, Stage.SHORTLIST, Stage.SITE_VISIT],
)
def void_sheet(acting: Acting, sheet: Sheet, *, reason: str) -> Outcome:
    """Void a sheet because a conflict of its expert stands; it stays on record, and the score is computed anew (Q18)."""
    if sheet.voided_at:
        return Outcome(no("该评分表已作废", article="七(七)", duty="K7"))
    if not reason.strip():
        return Outcome(no("请填写作废理由", article="七(七)", duty="K7"))
    if not Conflict.objects.filter(entry=sheet.entry, person=sheet.expert.person, status="standing").exists():
        return Outcome(no("仅在回避事项成立后方可作废评分表", article="七(七)", duty="K7"))
    sheet.voided_at, sheet.void_reason = clock.now(), reason
    sheet.save(update_fields=["voided_at", "void_reason"])
    payload = {"sheet_digest": sheet.digest, "entry": sheet.entry.code, "expert": sheet.expert.code, "round": sheet.round, "reason": reason}
    rows, tell = _score_again(sheet)
    payload |= payload_of(rows) if rows else {}
    return Outcome(yes("评分表已作废，原件留存", duty="K7"), payload, subject=f"entry:{sheet.entry.code}", value=rows, tell=tell)


def _score_again(sheet: Sheet) -> tuple[list[Result], list[To]]:
    """A material sheet voided after the hand-over: the score is computed at once from the sheets that remain, beside the earlier one.

    Within the round nothing is computed here: the successor's sheet comes first, and the agency computes all scores.
    """
    entry, found = sheet.entry, selectors.results(sheet.cycle, "material")
    if sheet.round != "material" or open_to(entry, "material") or entry.pk not in found:
        return [], []
    if not selectors.live_sheets(sheet.cycle, "material")[entry.pk]:
        raise Refused(no("该申报已无其他有效评分表，不能重新计算得分，请先研究处理", article="七(七)", duty="K7"))
    before, (after,) = found[entry.pk], compute(sheet.cycle, [entry])
    turned = before.passed != after.passed
    text = f"{entry.code} 材料评审得分由 {shown(before.total)} 分变为 {shown(after.total)} 分"
    return [after], [To("role:office", "得分重新计算", text + ("，达标情况改变，请依规定处理" if turned else ""))]


@act(
    "review.record_consensus",
    "记录材料评审合议结果",
    duty="F2",
    article=ARTICLE,
    roles=[Role.EXPERT, Role.AGENCY],
    stages=STAGE,
    scope=selectors.seated,
)
def record_consensus(acting: Acting, panel: Panel, *, entry: Entry, marks: Mapping[str, Any], reason: str) -> Outcome:
    """Record the marks agreed by the panel where the sheets lie too far apart (Q2)."""
    return agree(acting, panel, entry, "material", "F2", marks, reason)


@act("review.submit_report", "提交材料评审报告", duty="F2", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE, scope=selectors.seated)
def submit_report(acting: Acting, panel: Panel, *, entry: Entry, strengths: str, improvements: str, conclusion: str) -> Outcome:
    """Submit the panel's material review report on an entry."""
    return write_report(acting, panel, entry, "F2", {"strengths": strengths, "improvements": improvements, "conclusion": conclusion})


def waiting(cycle: Cycle) -> list[Reason]:
    """What the material review still waits for before its scores may be computed: sheets, consensus, reports."""
    params = rules_of(cycle).parameters
    sheets, agreed = selectors.live_sheets(cycle, "material"), selectors.consensuses(cycle, "material")
    outdated, recusals = selectors.outdated_consensuses(cycle, "material"), selectors.open_recusals(cycle, "material")
    reported = set(Report.objects.filter(entry__cycle=cycle, round="material").values_list("entry_id", flat=True))
    found = []
    for entry in round_entries(cycle, "material"):
        panel = selectors.panel_for(entry, "material")
        if panel is None:
            found.append(Reason(False, f"{entry.code} 尚未编入材料评审专家组", "四(四)1", "F1", "panel"))
            continue
        if missing := missing_sheets(panel, entry, "material"):
            found.append(Reason(False, f"{entry.code} 尚缺专家 {'、'.join(missing)} 的评分表", ARTICLE, "F2", "sheet"))
            continue
        wide = scoring.spread(facts.sheets(sheets[entry.pk]), scheme_of(entry), params)
        found += recusals.get(entry.pk, [])
        if entry.pk in outdated:
            found.append(Reason(False, f"{entry.code} 合议之后评分表有变化，须重新合议", ARTICLE, "F2", "consensus"))
        elif wide.value and scoring.needs_consensus(wide.value) and entry.pk not in agreed:
            found.append(Reason(False, f"{entry.code} {wide.text()}", ARTICLE, "F2", "consensus"))
        elif params.material_aggregation.value == "consensus" and entry.pk not in agreed:
            found.append(Reason(False, f"{entry.code} 尚未合议评分", ARTICLE, "F2", "consensus"))
        if entry.pk not in reported:
            found.append(Reason(False, f"{entry.code} 尚无材料评审报告", ARTICLE, "F2", "report"))
    return found


@act("review.score", "汇总材料评审得分", duty=["F2", "F3"], article="四(四)3", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def score(acting: Acting, cycle: Cycle) -> Outcome:
    """Compute every entry's material score and whether it reaches the threshold; earlier versions stay beside the new."""
    open_points = waiting(cycle)
    if open_points:
        return Outcome(decide(open_points))
    rows = compute(cycle, round_entries(cycle, "material"))
    if not rows:
        return Outcome(no("没有需要汇总的申报", article="四(四)3", duty="F3"))
    return Outcome(yes(f"已汇总 {len(rows)} 项材料评审得分", duty="F3"), payload_of(rows), value=rows)


def compute(cycle: Cycle, entries: list[Entry]) -> list[Result]:
    """Save new material results of these entries."""
    pack = rules_of(cycle)
    sheets, agreed = selectors.live_sheets(cycle, "material"), selectors.consensuses(cycle, "material")
    earlier = selectors.results(cycle, "material")
    rows = []
    for entry in entries:
        version = earlier[entry.pk].version + 1 if entry.pk in earlier else 1
        row = result(entry, "material", sheets[entry.pk], agreed.get(entry.pk), version, None)
        row.passed = passes(row.total, pack.award(entry.award).material_threshold, "材料评审得分", "F3").ok
        rows.append(row)
    return Result.objects.bulk_create(rows)


def payload_of(rows: list[Result]) -> dict[str, Any]:
    """What the journal keeps of computed results."""
    listed = [{"entry": r.entry.code, "version": r.version, "total": r.total, "passed": r.passed} for r in rows]
    return {"round": rows[0].round if rows else "", "results": listed}


@act("review.hand_over", "提交材料评审结果", duty="F3", article="四(四)3", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def hand_over(acting: Acting, cycle: Cycle, *, summary: str) -> Outcome:
    """Hand list, reports and scores to the office: who reached the threshold goes on, who did not ends here."""
    if Handover.objects.filter(cycle=cycle, round="material").exists():
        return Outcome(no("材料评审结果已经提交", article="四(四)3", duty="F3"))
    entries = round_entries(cycle, ROUND_OF[Stage.MATERIAL_REVIEW])
    found = selectors.results(cycle, "material")
    if left := [e.code for e in entries if e.pk not in found]:
        return Outcome(no(f"{left[0]} 等 {len(left)} 项尚未汇总得分", article="四(四)3", duty="F3"))
    if open_points := waiting(cycle):
        return Outcome(decide(open_points))
    sheets, agreed = selectors.live_sheets(cycle, "material"), selectors.consensuses(cycle, "material")
    if stale := [e.code for e in entries if not up_to_date(found[e.pk], sheets[e.pk], agreed.get(e.pk))]:
        return Outcome(no(f"{stale[0]} 等 {len(stale)} 项汇总之后评分有变化，请重新汇总得分", article="四(四)3", duty="F3"))
    if not summary.strip():
        return Outcome(no("请填写材料评审汇总情况", article="四(四)3", duty="F3"))
    Handover.objects.create(cycle=cycle, round="material", summary=summary, handed_at=clock.now())
    passed = [e for e in entries if found[e.pk].passed]
    failed = [e for e in entries if not found[e.pk].passed]
    payload = {
        "passed": moves.all_to(passed, PASS[Stage.MATERIAL_REVIEW]),
        "below": moves.all_to(failed, FAIL[Stage.MATERIAL_REVIEW]),
    }
    text = f"材料评审达标 {len(passed)} 项，未达标 {len(failed)} 项"
    return Outcome(yes(text, duty="F3"), payload, tell=[To("role:office", "收到材料评审结果", text)])
