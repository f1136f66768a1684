"""The journey's last months and what follows: nomination, publicity, commendation, supervision (H, J, K)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.journeys import reviewing, voting
from tests.journeys.applying import ORG, WHO
from tests.journeys.stage import CYCLE, ORGANIZATION, PERSON, Actor, letter


def nominate(actor: Actor, folder: Path) -> None:
    """H1–H3, I1: bonus verified, final scores, candidates, the report; the committee's members are entered."""
    actor.become("office")
    actor.do("nomination.check_bonus", actor.subject("nomination.check_bonus"), verified="yes", note="经核对原件属实。")
    actor.do("nomination.compute_finals", CYCLE)
    actor.do("nomination.settle_candidates", CYCLE)
    actor.do("nomination.submit_report", CYCLE, report="材料评审、现场评审、公众满意度测评和加分核实均已完成，现提出授奖候选名单。")
    names = voting.committee(actor)
    actor.become("office")
    for place, name in enumerate(names):
        person = actor.choice("committee.appoint", CYCLE, "person", name)
        actor.do("committee.appoint", CYCLE, person=person, chair=[] if place else [True])
    actor.do("cycle.advance", CYCLE)


def publish(actor: Actor, folder: Path) -> None:
    """J1: the proposed winners before the public, not for less than its days; the result confirmed."""
    actor.become("office")
    actor.do("commendation.publish", CYCLE)
    notice = actor.notice()
    assert "公示期" in actor.refused("publicity.close", notice)
    actor.forward("deadline")
    actor.become("office")
    actor.do("publicity.close", notice)
    actor.do("commendation.confirm", CYCLE)
    actor.do("cycle.advance", CYCLE)


def commend(actor: Actor, folder: Path) -> None:
    """J2–J5, K6: the government's letter, the award with its certificates, feedback, money."""
    actor.become("office")
    assert "批准" in actor.refused("commendation.award", CYCLE)
    actor.do("commendation.approve", CYCLE, **letter(folder, "河北省人民政府", "冀政字〔2026〕61号", actor.today()))
    actor.do("commendation.award", CYCLE)
    for entry in (ORGANIZATION, PERSON):
        actor.do("commendation.pay", entry, on=actor.today(), note="转账")
    actor.do("commendation.release_feedback", CYCLE)
    actor.do("cycle.advance", CYCLE)


def follow_up(actor: Actor, folder: Path) -> None:
    """J4, J6, K3–K5: use of the money, promotion, a change, a revisit, misuse; an award taken back for what happened after it."""
    actor.forward("workday")
    day = actor.today()
    actor.become("applicant", ORG["name"])
    for purpose, amount in (("improvement", "200000"), ("training", "300000")):
        actor.do("commendation.report_use", ORGANIZATION, purpose=purpose, amount=amount, text="用于关键工序质量攻关。")
    actor.do("commendation.promote", ORGANIZATION, todo=False, kind="visit", text="接待同行业观摩学习。", on=day)
    actor.do("supervision.report_change", ORGANIZATION, todo=False, kind="structure", text="新设质量与数字化中心。")
    actor.become("recommender", "石家庄")
    details: dict[str, Any] = {
        "departments": "市发展改革委",
        "text": "经营正常，质量管理体系运行有效。",
        "advice": "继续推广现场改善做法。",
    }
    actor.do("supervision.revisit", ORGANIZATION, on=day, **details)
    actor.become("office")
    actor.do("supervision.report_misuse", ORGANIZATION, todo=False, content="产品外包装印有“省政府质量奖产品”字样。")
    actor.do("supervision.handle_misuse", actor.subject("supervision.handle_misuse"), outcome="已责令整改并收回包装，通报批评。")
    head = letter(folder, "河北省应急管理厅", "冀应急函〔2026〕2号", day)
    actor.do("supervision.verify_event", PERSON, todo=False, text="发生较大以上生产安全责任事故。", event_on=day, **head)
    actor.become("chair")
    event = actor.subject("supervision.agree_revocation")
    actor.do("supervision.agree_revocation", event)
    actor.become("office")
    actor.do("supervision.revoke_event", event)
    actor.do("supervision.recover", PERSON, amount="20000", certificate=True)


def look_back(actor: Actor, folder: Path) -> None:
    """J3, J5, K6, L1: winners read their own report, anyone checks a certificate, and nothing is left waiting for anybody."""
    states = {ORGANIZATION: "证书真实有效", PERSON: "该证书对应的奖励已被取消，证书无效"}
    for entry, who in ((ORGANIZATION, ORG), (PERSON, WHO)):
        actor.become("applicant", who["name"])
        assert not actor.page.locator(".due-title").count()
        actor.open(f"/desk/entries/{entry.removeprefix('entry:')}/")
        read = actor.page.locator("main").inner_text()
        assert reviewing.TEXTS["strengths"] in read
        number = re.search(r"ZLJ-\d+-[A-Z]\d+", read)
        assert number
        actor.page.context.clear_cookies()
        actor.open("/certificates/")
        actor.page.locator("main #number").fill(number[0])
        actor.press(actor.page.locator("main form.check button"))
        assert actor.page.locator("#result").inner_text() == states[entry]
    for role in ("recommender", "agency", "chair", "member", "expert", "inspector", "office"):
        actor.become(role)
        assert actor.page.locator(".due-title").all_inner_texts() == (["建立评审周期"] if role == "office" else []), role
