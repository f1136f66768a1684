"""The journey of an objection that is found true: lodged by a citizen, investigated, answered, its entry cancelled (J2, L2, K1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.journeys.stage import Actor, paper

CYCLE = "cycle:2024"
FINDINGS = "经调查，其主要业绩材料存在虚假数据。"
ANSWER = "经调查，您反映的情况属实，已按规定提请取消其授奖建议名单资格。"


@dataclass(frozen=True)
class Ticket:
    """What an objector takes home: the number and the code to look it up by; and whom they objected to."""

    number: str
    code: str
    entry: str
    name: str


def set_up() -> None:
    """Run inside the server's own settings: a cycle whose proposed winners, two persons, are about to be published."""
    from tests.stages.playing import played
    from zhiheng.foundation import clock
    from zhiheng.foundation.cycles.models import DemoClock
    from zhiheng.rules.lifecycle import Stage

    played(Stage.PUBLICITY, orgs=4, persons=3, experts=24)
    DemoClock.objects.create(now=clock.now())


def lodge(actor: Actor, notice: str, folder: Path) -> Ticket:
    """J2: a citizen objects to the first of a published list, by name and with proof."""
    actor.page.context.clear_cookies()
    actor.open(f"/notices/{notice.removeprefix('notice:')}/")
    actor.press(actor.page.get_by_role("link", name="在线提出异议"))
    option = actor.page.locator("#entry optgroup option").first
    entry, name = str(option.get_attribute("value")), str(option.text_content()).partition("（")[0]
    actor.page.locator("#entry").select_option(entry)
    actor.page.locator("#content").fill("所报质量指标与统计部门数据不符，依据见附件。")
    actor.page.locator("#name").fill("王建国")
    actor.page.locator("#contact").fill("13800009999")
    actor.page.locator("#proof").set_input_files(paper(folder, "统计数据"))
    actor.press(actor.page.get_by_role("button", name="下一步：核对"))
    assert actor.page.get_by_role("heading", level=2).first.inner_text() == "将作为正式异议受理"
    actor.press(actor.page.get_by_role("button", name="确认提交"))
    number, code = actor.page.locator(".ticket dd").all_inner_texts()
    return Ticket(number, code, entry, name)


def look_up(actor: Actor, ticket: Ticket) -> str:
    """J2: what the public page says to who has the number and the code."""
    actor.page.context.clear_cookies()
    actor.open("/objections/")
    actor.page.locator("#number").fill(ticket.number)
    actor.page.locator("#code").fill(ticket.code)
    actor.press(actor.page.get_by_role("button", name="查询"))
    return actor.page.locator(".result").inner_text()


def uphold(actor: Actor, notice: str) -> None:
    """J2: the office investigates and answers; before that the publicity cannot end."""
    actor.forward("deadline")
    actor.become("office")
    assert "异议" in actor.refused("publicity.close", notice)
    objection = actor.subject("publicity.investigate")
    actor.do("publicity.investigate", objection, findings=FINDINGS)
    actor.do("publicity.answer", objection, upheld="yes", text=ANSWER)
    actor.do("publicity.close", notice)


def cancel(actor: Actor, ticket: Ticket) -> None:
    """J2, K1: not confirmed before the committee's chair has cancelled the entry; then the rest is, and the false materials are on record."""
    entry = f"entry:{ticket.entry}"
    assert ticket.entry in actor.refused("commendation.confirm", CYCLE)
    actor.become("chair")
    actor.do("commendation.cancel", entry, report="经调查异议属实，提请取消其授奖建议名单资格。")
    actor.become("office")
    actor.do("supervision.find_false", entry, todo=False, text=FINDINGS)
    actor.do("commendation.confirm", CYCLE)
    actor.do("cycle.advance", CYCLE)
