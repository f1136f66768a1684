"""The journey's site visits: second draw, plans, steps, sheets, consensus, papers, hand-over (G)."""

from __future__ import annotations

from pathlib import Path

from tests.journeys import reviewing
from tests.journeys.reviewing import Bench
from tests.journeys.stage import CYCLE, Actor


def draw(actor: Actor, folder: Path) -> None:
    """G1: experts are drawn a second time."""
    reviewing.draw(actor, folder, "site")


def visit(actor: Actor, folder: Path) -> None:
    """G1–G5: nobody visits whose materials they judged; plans, steps, sheets, consensus, reports, papers, scores, hand-over."""
    before = {code: bench.experts for bench in reviewing.drawn(actor, 0) for code in bench.entries}
    benches = reviewing.drawn(actor)
    for bench in benches:
        for code in bench.entries:
            assert not set(before[code]) & set(bench.experts), f"{code} is visited by who judged its materials"
            plan(actor, bench, code)
    actor.forward("workday")
    for bench in benches:
        for code in bench.entries:
            steps(actor, bench, code)
        hand_in(actor, bench)
    actor.become("agency")
    actor.do("sitevisit.score", CYCLE)
    actor.do("sitevisit.hand_over", CYCLE, summary="现场评审已全部结束，报告、记录表、排序表和评价表随附。")
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def plan(actor: Actor, bench: Bench, code: str) -> None:
    """G2: the plan, told to the applicant; before its first step nobody can hand in a sheet."""
    actor.become("expert", bench.leader)
    actor.follow(f"/desk/review/{code}/visit/")
    actor.page.locator("#start").fill(actor.later(1))
    actor.page.locator("#end").fill(actor.later(4))
    actor.page.locator("#text").fill("首次会议、查阅资料、现场查看、座谈、内部评议、末次会议。")
    actor.press(actor.page.locator('button[name="step"][value="plan"]'))
    actor.received()
    actor.press(actor.page.get_by_role("link", name="我的评分表"))
    assert "现场评审尚未开始" in actor.page.locator("main .say-warn").inner_text()


def steps(actor: Actor, bench: Bench, code: str) -> None:
    """G2, G3: the steps in their order; the sheets before the last, consensus and report after it."""
    path = f"/desk/review/{code}/visit/"
    actor.become("expert", bench.leader)
    actor.follow(path)
    for _step in range(actor.page.locator("ol.steps > li").count() - 1):
        record(actor)
    reviewing.score(actor, bench, code)
    actor.become("expert", bench.leader)
    actor.follow(path)
    record(actor)
    assert not actor.page.locator("#note").count(), "no step is left"
    reviewing.agree(actor, code, must=True)
    reviewing.report(actor, code)


def record(actor: Actor) -> None:
    """G2: the step that is next."""
    actor.page.locator("#note").fill("按计划进行，情况已记录。")
    actor.press(actor.page.locator('button[name="step"][value="record"]'))
    actor.received()


def hand_in(actor: Actor, bench: Bench) -> None:
    """G4: the leader hands in the opinion and the evaluation of each expert; ranking and record are the system's."""
    actor.become("expert", bench.leader)
    actor.follow("/desk/review/panels/", "/papers/")
    actor.page.locator("#opinion").fill("现场情况与申报材料相符，建议按得分提名。")
    for expert in bench.experts:
        actor.page.locator(f'[name="rating-{expert}"]').first.check()
    actor.settle()
