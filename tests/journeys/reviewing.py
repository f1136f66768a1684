"""The journey's panels, sheets, shortlist and site visits (F, G)."""

from __future__ import annotations

import re
from pathlib import Path

from tests.journeys.stage import CYCLE, ORGANIZATION, PERSON, Actor, letter

NUMBERS = {"office": "271828", "agency": "314159", "inspector": "141421"}
ENTRIES = (ORGANIZATION, PERSON)


def draw(actor: Actor) -> None:
    """F1, G1: freeze, three commitments, reveal; a number that was not committed to is refused."""
    actor.become("agency")
    actor.do("panel.freeze", CYCLE)
    for role, number in NUMBERS.items():
        actor.become(role)
        actor.do("panel.commit_seed", CYCLE, number=number, again=number)
    actor.become("agency")
    seeds = {f"seed_{role}": number for role, number in NUMBERS.items()}
    actor.open(f"/desk/do/panel.draw/{CYCLE}/")
    actor.fill(**{**seeds, "seed_office": "000000"})
    actor.page.locator('.act-form button[value="preview"]').click()
    actor.page.locator('.act-form button[value="confirm"]').click()
    assert "揭示的种子与其承诺不符" in actor.page.locator("main").inner_text()
    actor.do("panel.draw", CYCLE, **seeds)


def score_materials(actor: Actor) -> None:
    """F2, F3: each drawn expert scores alone, the panel reports, the agency scores and hands over."""
    _score_all(actor, "60", "48")
    actor.become("agency")
    actor.do("review.score", CYCLE)
    actor.do("review.hand_over", CYCLE, summary="材料评审已完成，得分及报告随附。")
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def _score_all(actor: Actor, percentage: str, points: str) -> None:
    """Every expert with open sheets, found by signing in as each; then the reports that still wait."""
    for code in _experts(actor):
        actor.become("expert", code)
        for entry in _waiting(actor, "review"):
            sheet(actor, entry, percentage)
    for code in _experts(actor):
        actor.become("expert", code)
        for path in _report_links(actor):
            report(actor, path)


def _experts(actor: Actor) -> list[str]:
    """The codes of the experts of the library, those with most seats first."""
    actor.open("/demo/")
    texts = actor.page.locator('section[aria-labelledby="role-expert"] button').all_inner_texts()
    return [found[0] for text in texts if (found := re.search(r"ZJ\d{4}", text))]


def _waiting(actor: Actor, what: str) -> list[str]:
    """The entries whose pages of this kind wait on the home of whoever is signed in."""
    actor.open("/desk/")
    links = [link.get_attribute("href") or "" for link in actor.page.locator(".due a").all()]
    found = [re.fullmatch(rf"/desk/{what}/(\d[\w-]+)/", link) for link in links]
    return list(dict.fromkeys(one[1] for one in found if one))


def _report_links(actor: Actor) -> list[str]:
    actor.open("/desk/")
    links = [link.get_attribute("href") or "" for link in actor.page.locator(".due a").all()]
    return list(dict.fromkeys(link for link in links if link.endswith("/report/")))


def sheet(actor: Actor, entry: str, percentage: str) -> None:
    """One whole sheet: every item marked, looked over, locked."""
    actor.open(f"/desk/review/{entry}/")
    actor.page.evaluate(
        """share => document.querySelectorAll('select[name^="mark-"]').forEach(one => {
            const values = [...one.options].map(o => o.value).filter(v => v !== "");
            const most = Math.max(...values.map(Number));
            const wanted = most * share / 100;
            one.value = values.reduce((a, b) => Math.abs(Number(b) - wanted) < Math.abs(Number(a) - wanted) ? b : a);
            one.dispatchEvent(new Event("change", {bubbles: true}));
        })""",
        int(percentage),
    )
    actor.page.locator('button[name="step"][value="preview"]').first.click()
    actor.page.locator('button[name="step"][value="confirm"]').click()
    actor.page.wait_for_load_state()
    actor.acts.append("submit_sheet")


def report(actor: Actor, path: str) -> None:
    """The panel's report on an entry."""
    actor.open(path)
    for name, text in (("strengths", "过程管理系统完整。"), ("improvements", "测量分析可更深入。"), ("conclusion", "建议进入下一环节。")):
        actor.page.locator(f"#{name}").fill(text)
    actor.page.locator('button[name="step"][value="preview"]').click()
    actor.page.locator('button[name="step"][value="confirm"]').click()
    actor.page.wait_for_load_state()
    actor.acts.append("submit_report")


def shortlist(actor: Actor, folder: Path) -> None:
    """F4–F6: authority, chair, publicity, survey, list, notification."""
    actor.become("office")
    head = letter(folder, "省表彰奖励主管部门", "冀表函〔2026〕12号", actor.today())
    actor.do("shortlist.authority_opinion", CYCLE, **head)
    actor.become("chair")
    actor.do("shortlist.approve", CYCLE)
    actor.become("office")
    actor.do("shortlist.publish", CYCLE)
    notice = actor.notice()
    actor.do("survey.open", CYCLE)
    actor.forward("deadline", 2)  # the survey ends with the day, the publicity may be closed the next morning
    actor.become("office")
    actor.do("publicity.close", notice)
    actor.do("survey.close", CYCLE)
    actor.do("shortlist.settle", CYCLE)
    actor.open("/desk/")
    path = actor.page.locator('.due a[href*="/survey.decide_few/"]').first.get_attribute("href") or ""
    poll = path.strip("/").split("/")[-1]
    actor.do("survey.decide_few", poll, points="17.5", reason="有效样本不足，参照上届平均水平研究确定。")
    actor.do("shortlist.notify", CYCLE)
    actor.do("cycle.advance", CYCLE)


def visit(actor: Actor) -> None:
    """G1–G5: the leader plans, the steps follow, all score, the panel agrees and hands in."""
    draw(actor)
    experts = _experts(actor)
    leaders = []
    for code in experts:
        actor.become("expert", code)
        for entry in _visits(actor):
            leaders.append((code, entry))
            plan(actor, entry)
    actor.forward("workday")
    for code, entry in leaders:
        actor.become("expert", code)
        steps(actor, entry, last=False)
    for code in experts:
        actor.become("expert", code)
        for entry in _waiting(actor, "review"):
            sheet(actor, entry, "70")
    for code, entry in leaders:
        actor.become("expert", code)
        steps(actor, entry, last=True)
        agree(actor)
        for path in _report_links(actor):
            report(actor, path)
        hand_in(actor)
    actor.become("agency")
    actor.do("sitevisit.score", CYCLE)
    actor.do("sitevisit.hand_over", CYCLE, summary="现场评审已结束，材料随附。")
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def _visits(actor: Actor) -> list[str]:
    actor.open("/desk/")
    links = [link.get_attribute("href") or "" for link in actor.page.locator(".due a").all()]
    found = [re.fullmatch(r"/desk/review/(\d[\w-]+)/visit/", link) for link in links]
    return list(dict.fromkeys(one[1] for one in found if one))


def plan(actor: Actor, entry: str) -> None:
    """The plan of a visit, for the next two days."""
    actor.open(f"/desk/review/{entry}/visit/")
    actor.page.locator("#start").fill(actor.today())
    actor.page.locator("#end").fill(actor.today())
    actor.page.locator("#text").fill("首次会议、现场核查、访谈、合议、末次会议。")
    actor.page.locator('button[value="plan"]').click()
    actor.page.wait_for_load_state()
    actor.acts.append("sitevisit.plan")


def steps(actor: Actor, entry: str, *, last: bool) -> None:
    """The steps in their order; the closing meeting waits until the sheets are in."""
    while True:
        actor.open(f"/desk/review/{entry}/visit/")
        button = actor.page.locator('button[value="record"]')
        if not button.count() or (not last and "末次会议" in button.first.inner_text()):
            return
        actor.page.locator("#note").fill("按计划完成。")
        button.first.click()
        actor.page.wait_for_load_state()
        actor.acts.append("sitevisit.step")


def agree(actor: Actor) -> None:
    """The panel's agreed marks, as they lie filled in where all agree."""
    actor.open("/desk/")
    links = [link.get_attribute("href") or "" for link in actor.page.locator(".due a").all()]
    for path in dict.fromkeys(link for link in links if re.fullmatch(r"/desk/review/panels/\d+/\d[\w-]+/", link)):
        actor.open(path)
        actor.page.locator("#reason").fill("经全组合议，逐条形成一致意见。")
        actor.page.locator('button[name="step"][value="preview"]').click()
        actor.page.locator('button[name="step"][value="confirm"]').click()
        actor.page.wait_for_load_state()
        actor.acts.append("sitevisit.record_consensus")


def hand_in(actor: Actor) -> None:
    """Opinion and the evaluation of each expert."""
    actor.open("/desk/")
    path = actor.page.locator('.due a[href$="/papers/"]').first.get_attribute("href") or ""
    actor.open(path)
    actor.page.locator("#opinion").fill("同意现场评审结论。")
    for group in actor.page.locator(".ratings").all():
        group.locator("input").first.check()
    actor.page.locator('button[name="step"][value="preview"]').click()
    actor.page.locator('button[name="step"][value="confirm"]').click()
    actor.page.wait_for_load_state()
    actor.acts.append("sitevisit.hand_in")
