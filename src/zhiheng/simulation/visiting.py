"""The play's site visits: second draw, plans, steps, sheets, consensus, papers, hand-over (G); and the tie it prepares."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import sitevisit
from zhiheng.rules import scoring
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.simulation.cast import agreed_marks, comments_for, papers, report_for
from zhiheng.simulation.reviewing import draw, mark, step_of
from zhiheng.simulation.world import World, workday
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import selectors as panels
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.review import facts
from zhiheng.stages.review import selectors as reviews
from zhiheng.stages.review.scoring import scheme_of
from zhiheng.stages.sitevisit.selectors import steps_for


def visit(world: World, cycle: Cycle) -> None:
    """All visits of a cycle, panel by panel over the same weeks, then consensus, papers and the agency's hand-over."""
    draw(world, cycle)
    world.pass_workdays(2)
    rows = panels.panels(cycle, "site")
    queue = {p.pk: list(p.entries.order_by("code")) for p in rows}
    leaders = {p.pk: p.seats.filter(leader=True, vacated_at=None).select_related("expert").get().expert.code for p in rows}
    total = sum(len(q) for q in queue.values())
    marks: dict[str, dict[str, str]] = {}
    done = 0
    for turn in range(max(len(q) for q in queue.values())):
        start = workday(clock.today() + timedelta(days=1))
        today = [(p, queue[p.pk][turn]) for p in rows if turn < len(queue[p.pk])]
        for panel, entry in today:
            text = papers.visit_plan(entry.name, start, start + timedelta(days=1), world.rng)
            world.do(sitevisit.plan, leaders[panel.pk], entry, text=text, start=start, end=start + timedelta(days=1))
        world.today(start)
        for panel, entry in today:
            marks[entry.code] = _visit_one(world, panel, entry, leaders[panel.pk])
            done += 1
            world.progress("现场评审", done, total)
    _prepare_tie(world, cycle, marks)
    for panel in rows:
        _hand_in(world, panel, queue[panel.pk], leaders[panel.pk], marks)
    world.pass_workdays(6)
    agency = world.cast.agency.code
    world.do(sitevisit.score, agency, cycle)
    world.do(sitevisit.hand_over, agency, cycle, summary="现场评审已全部结束，报告、记录表、排序表和评价表随附。")


def _visit_one(world: World, panel: Panel, entry: Entry, leader: str) -> dict[str, str]:
    record = entry.visit
    codes = steps_for(entry)
    for code in codes[:-1]:
        world.do(sitevisit.step, leader, record, code=code, note=papers.step_note(code, world.rng))
    scheme = scheme_of(entry)
    sheets = []
    for place, seat in enumerate(panel.seats.filter(vacated_at=None).select_related("expert").order_by("expert__code")):
        marks = mark(world, entry, seat.expert, scheme, place)
        world.do(sitevisit.submit_sheet, seat.expert.code, entry, marks=marks, comments=comments_for(scheme, world.rng))
        sheets.append(marks)
    world.do(sitevisit.step, leader, record, code=codes[-1], note=papers.step_note(codes[-1], world.rng))
    return agreed_marks(sheets, scheme, step_of(world, scheme))


def _prepare_tie(world: World, cycle: Cycle, marks: dict[str, dict[str, str]]) -> None:
    """Let panels agree a little higher or lower, so that exactly nine organizations stand above the twins."""
    if not world.twins or any(code not in marks for code in world.twins):
        return
    entries = {e.code: e for e in cycle.entries.filter(status=EntryStatus.SHORTLISTED.value, award="organization")}
    material = {e.entry.code: e.total for e in reviews.results(cycle, "material").values() if e.entry.code in entries}
    if len(entries) < 12 or set(world.twins) - set(entries):
        return

    def final(code: str) -> Fraction:
        scheme = scheme_of(entries[code])
        site = scoring.total(facts.marks(marks[code]), scheme)
        extra = 10 if entries[code].bonus_claims.exists() else 0
        return material[code] * Fraction(3, 10) + site * Fraction(7, 10) + extra

    line = final(world.twins[0])
    others = sorted((c for c in entries if c not in world.twins), key=lambda c: (-final(c), c))
    for place, code in enumerate(others):
        while place < 9 and final(code) <= line + 10:
            marks[code] = _shift(marks[code], 5)
        while place >= 9 and final(code) >= line:
            marks[code] = _shift(marks[code], -5)


def _shift(marks: dict[str, str], by: int) -> dict[str, str]:
    return {code: str(min(100, max(0, int(value) + by))) for code, value in marks.items()}


def _hand_in(world: World, panel: Panel, entries: list[Entry], leader: str, marks: dict[str, dict[str, str]]) -> None:
    for entry in entries:
        world.do(sitevisit.record_consensus, leader, panel, entry=entry, marks=marks[entry.code], reason="经全组合议，逐条形成一致意见")
        text = report_for(entry.name, scheme_of(entry), marks[entry.code], world.rng, on_site=True)
        details = {"strengths": text.strengths, "improvements": text.improvements, "conclusion": text.conclusion}
        world.do(sitevisit.submit_report, leader, panel, entry=entry, **details)
    seated = panel.seats.filter(vacated_at=None).order_by("expert__code").values_list("expert__code", flat=True)
    judged = [(code, *papers.evaluation(world.rng)) for code in seated]
    evaluations = [{"expert": code, "rating": rating, "text": text} for code, rating, text in judged]
    world.do(sitevisit.hand_in, leader, panel, opinion=papers.site_opinion(world.rng), evaluations=evaluations)
