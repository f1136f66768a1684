"""Acts of the site visits (G1–G5; Q16, Q28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.rules.clocks import chinese_date, handover
from zhiheng.rules.decision import decide, no, yes
from zhiheng.rules.lifecycle import PASS, EntryStatus, Role, Stage
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Expert, Panel
from zhiheng.stages.panel.selectors import ROUND_OF, barred_by_conflict, round_entries, seat_of
from zhiheng.stages.qualification.selectors import commissioned
from zhiheng.stages.review import scoring as shared
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.models import Handover, Report, Result, Sheet
from zhiheng.stages.review.services import payload_of
from zhiheng.stages.sitevisit import selectors
from zhiheng.stages.sitevisit.models import ExpertEvaluation, Papers, Visit, VisitStep

STAGE = [Stage.SITE_VISIT]
ARTICLE = "四(五)2"
RATINGS = dict(ExpertEvaluation.RATINGS)


def _leader(acting: Acting, entry: Entry) -> bool:
    seat = seat_of(acting, entry, "site")
    assert acting.person is not None  # an expert is a person
    return seat is not None and seat.leader and not barred_by_conflict(acting.person.pk, entry)


@act("sitevisit.plan", "编制现场评审工作计划", duty="G2", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE, scope=_leader)
def plan(acting: Acting, entry: Entry, *, text: str, start: date, end: date) -> Outcome:
    """The leader plans the visit before it begins."""
    if not shared.open_to(entry, "site"):
        return Outcome(no("该申报不在现场评审中", article=ARTICLE, duty="G2"))
    if end < start or start < clock.today():
        return Outcome(no("计划日期不正确：开始日期不得早于今日，结束日期不得早于开始日期", article=ARTICLE, duty="G2"))
    if not text.strip():
        return Outcome(no("请填写现场评审工作计划", article=ARTICLE, duty="G2"))
    if Visit.objects.filter(entry=entry, steps__isnull=False).exists():
        return Outcome(no("现场评审已经开始，计划不能再改", article=ARTICLE, duty="G2"))
    panel = reviews.panel_for(entry, "site")
    fields = {"panel": panel, "cycle": entry.cycle, "plan": text, "planned_from": start, "planned_until": end, "planned_at": clock.now()}
    visit, _ = Visit.objects.update_or_create(entry=entry, defaults=fields)
    tell = [To(f"person:{entry.owner.code}", "现场评审安排", f"{entry.code}：{chinese_date(start)}至{chinese_date(end)}")]
    return Outcome(yes("现场评审工作计划已编制", duty="G2"), {"from": start, "until": end}, value=visit, tell=tell)


@act("sitevisit.step", "记录现场评审步骤", duty="G2", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE, scope=selectors.leads_visit)
def step(acting: Acting, visit: Visit, *, code: str, note: str) -> Outcome:
    """Record one step done; they follow the order of the rules."""
    order = selectors.steps_for(visit.entry)
    done = set(visit.steps.values_list("code", flat=True))
    if code not in order or code in done:
        return Outcome(no("该步骤不在本次现场评审程序中或已经记录", article=ARTICLE, duty="G2"))
    if left := [c for c in order[: order.index(code)] if c not in done]:
        titles = {s.code: s.title for s in rules_of(visit.cycle).steps}
        return Outcome(no(f"请先完成“{titles[left[0]]}”", article=ARTICLE, duty="G2"))
    if clock.today() < visit.planned_from:
        return Outcome(no("尚未到计划的现场评审日期", article=ARTICLE, duty="G2"))
    if not note.strip():
        return Outcome(no("请填写该步骤的记录", article=ARTICLE, duty="G2"))
    VisitStep.objects.create(visit=visit, code=code, on=clock.today(), note=note)
    if code == order[-1]:
        visit.ended_on = clock.today()
        visit.save(update_fields=["ended_on"])
    return Outcome(yes("步骤已记录", duty="G2"), {"step": code, "on": clock.today()}, subject=f"entry:{visit.entry.code}")


@act("sitevisit.submit_sheet", "提交现场评审评分表", duty="G3", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE)
def submit_sheet(acting: Acting, entry: Entry, *, marks: Mapping[str, Any], comments: Mapping[str, Any] | None = None) -> Outcome:
    """Each member's own sheet, kept beside the consensus; only once the visit has begun."""
    if not VisitStep.objects.filter(visit__entry=entry).exists():
        return Outcome(no("现场评审尚未开始，不能评分", article=ARTICLE, duty="G3"))
    return shared.take_sheet(acting, entry, "site", "G3", marks, comments or {})


@act(
    "sitevisit.record_consensus",
    "记录现场评审合议评分",
    duty="G3",
    article=ARTICLE,
    roles=[Role.EXPERT],
    stages=STAGE,
    scope=selectors.leads,
)
def record_consensus(acting: Acting, panel: Panel, *, entry: Entry, marks: Mapping[str, Any], reason: str) -> Outcome:
    """The panel's agreed marks, item by item, recorded by the leader."""
    return shared.agree(acting, panel, entry, "site", "G3", marks, reason)


@act("sitevisit.submit_report", "提交现场评审报告", duty="G3", article=ARTICLE, roles=[Role.EXPERT], stages=STAGE, scope=selectors.leads)
def submit_report(acting: Acting, panel: Panel, *, entry: Entry, strengths: str, improvements: str, conclusion: str) -> Outcome:
    """The site-visit report on an entry."""
    texts = {"strengths": strengths, "improvements": improvements, "conclusion": conclusion}
    return shared.write_report(acting, panel, entry, "G3", texts)


@act("sitevisit.hand_in", "提交现场评审材料", duty="G4", article="四(五)3", roles=[Role.EXPERT], stages=STAGE, scope=selectors.leads)
def hand_in(acting: Acting, panel: Panel, *, opinion: str, evaluations: Sequence[Mapping[str, str]]) -> Outcome:
    """The panel hands in its opinion with the record, ranking and expert evaluation sheets; regional preference is text only (Q27)."""
    if Papers.objects.filter(panel=panel).exists():
        return Outcome(no("本组材料已经提交", article="四(五)3", duty="G4"))
    entries = list(panel.entries.order_by("code"))
    reported = set(Report.objects.filter(entry__in=entries, round="site").values_list("entry_id", flat=True))
    agreed = reviews.consensuses(panel.cycle, "site")
    entries = [e for e in entries if e.status != EntryStatus.WITHDRAWN.value]
    ended = set(Visit.objects.filter(entry__in=entries, ended_on__isnull=False).values_list("entry_id", flat=True))
    if left := [e.code for e in entries if e.pk not in ended]:
        return Outcome(no(f"{left[0]} 现场评审尚未结束", article="四(五)3", duty="G4"))
    if left := [e.code for e in entries if e.pk not in reported or e.pk not in agreed]:
        return Outcome(no(f"{left[0]} 尚无合议评分或现场评审报告", article="四(五)3", duty="G4"))
    seated = set(panel.seats.filter(vacated_at=None).values_list("expert__code", flat=True))
    judged = [e.get("expert", "") for e in evaluations]
    if not opinion.strip() or set(judged) != seated or len(judged) != len(seated):
        return Outcome(no("请填写现场评审意见，并对本组每名专家作出评价", article="四(五)3", duty="G4"))
    if any(e.get("rating") not in RATINGS for e in evaluations):
        return Outcome(no(f"专家评价应为{'、'.join(RATINGS.values())}之一", article="四(五)3", duty="G4"))
    totals = {e.code: shared.result(e, "site", [], agreed[e.pk], 0, None).total for e in entries}
    ranking = [{"entry": c, "total": str(totals[c])} for c in sorted(totals, key=lambda c: (-totals[c], c))]
    sheets = Sheet.objects.filter(panel=panel, voided_at=None).select_related("expert", "entry").order_by("entry__code", "expert__code")
    record = [{"entry": s.entry.code, "expert": s.expert.code, "total": str(s.total), "digest": s.digest} for s in sheets]
    papers = Papers.objects.create(panel=panel, cycle=panel.cycle, opinion=opinion, record=record, ranking=ranking, handed_at=clock.now())
    experts = {e.code: e for e in Expert.objects.filter(code__in=seated)}
    ExpertEvaluation.objects.bulk_create(
        ExpertEvaluation(papers=papers, expert=experts[e["expert"]], rating=e["rating"], text=e.get("text", "")) for e in evaluations
    )
    payload = {"panel": panel.code, "ranking": ranking, "evaluations": {e["expert"]: e["rating"] for e in evaluations}}
    return Outcome(yes("现场评审材料已提交", duty="G4"), payload, value=papers, tell=[To("role:agency", "收到现场评审材料", panel.code)])


@act("sitevisit.score", "汇总现场评审得分", duty="G3", article="四(五)4", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def score(acting: Acting, cycle: Cycle) -> Outcome:
    """Compute every visited entry's site score from the panel's consensus."""
    if open_points := selectors.waiting(cycle):
        return Outcome(decide(open_points))
    sheets, agreed = reviews.live_sheets(cycle, "site"), reviews.consensuses(cycle, "site")
    earlier = reviews.results(cycle, "site")
    rows = []
    for entry in round_entries(cycle, "site"):
        version = earlier[entry.pk].version + 1 if entry.pk in earlier else 1
        rows.append(shared.result(entry, "site", sheets[entry.pk], agreed[entry.pk], version, None))
    Result.objects.bulk_create(rows)
    return Outcome(yes(f"已汇总 {len(rows)} 项现场评审得分", duty="G3"), payload_of(rows), value=rows)


@act("sitevisit.hand_over", "提交现场评审汇总", duty="G5", article="四(五)4", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def hand_over(acting: Acting, cycle: Cycle, *, summary: str) -> Outcome:
    """Hand summary and materials to the office within the working days from the last closing meeting; late is flagged (Q28)."""
    if Handover.objects.filter(cycle=cycle, round="site").exists():
        return Outcome(no("现场评审汇总已经提交", article="四(五)4", duty="G5"))
    entries = round_entries(cycle, ROUND_OF[Stage.SITE_VISIT])
    scored = reviews.results(cycle, "site")
    ends = [d for d in Visit.objects.filter(cycle=cycle, entry__in=entries).values_list("ended_on", flat=True) if d]
    if not entries or any(e.pk not in scored for e in entries) or len(ends) < len(entries):
        return Outcome(no("尚有现场评审未结束或未汇总得分，不能提交汇总", article="四(五)4", duty="G5"))
    if open_points := selectors.waiting(cycle):
        return Outcome(decide(open_points))
    sheets, agreed = reviews.live_sheets(cycle, "site"), reviews.consensuses(cycle, "site")
    if stale := [e.code for e in entries if not shared.up_to_date(scored[e.pk], sheets[e.pk], agreed[e.pk])]:
        return Outcome(no(f"{stale[0]} 等 {len(stale)} 项汇总之后评分有变化，请重新汇总得分", article="四(五)4", duty="G5"))
    if not summary.strip():
        return Outcome(no("请填写现场评审汇总情况", article="四(五)4", duty="G5"))
    due = handover(max(ends), rules_of(cycle).parameters.handover_days.value, clock.today(), calendar())
    if not due.ok:
        return Outcome(due)
    late = bool(due.warnings)
    Handover.objects.create(cycle=cycle, round="site", summary=summary, handed_at=clock.now(), due_on=due.value, overdue=late)
    payload = {"last_visit": max(ends), "due": due.value, "overdue": late, "visited": moves.all_to(entries, PASS[Stage.SITE_VISIT])}
    return Outcome(due, payload, tell=[To("role:office", "收到现场评审汇总", cycle.title)])
