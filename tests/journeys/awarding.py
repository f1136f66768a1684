"""The journey's end: nomination, committee, publicity, commendation, supervision (H–K); the dossier that proves it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.journeys.stage import CYCLE, ORGANIZATION, PERSON, Actor, letter

ENTRIES = (ORGANIZATION, PERSON)


def nominate(actor: Actor) -> None:
    """H1–H3: bonus verified, finals, candidates, report."""
    actor.become("office")
    actor.open("/desk/")
    path = actor.page.locator('.due a[href*="/nomination.check_bonus/"]').first.get_attribute("href") or ""
    claim = path.strip("/").split("/")[-1]
    actor.do("nomination.check_bonus", claim, verified="yes", note="经核对证书原件，在有效期内。")
    actor.do("nomination.compute_finals", CYCLE)
    actor.do("nomination.settle_candidates", CYCLE)
    actor.do("nomination.submit_report", CYCLE, report="综合评审工作报告：各项评审均已完成。")
    actor.do("cycle.advance", CYCLE)


def resolve(actor: Actor, members: int = 5) -> None:
    """I1, I2: a first meeting without quorum, a second with it; every vote on a member's own phone."""
    actor.become("office")
    people = actor.page.context.new_page()
    people.goto(f"{actor.address}/desk/do/committee.appoint/{CYCLE}/")
    names = people.locator('.act-form select[name="person"] option').all_inner_texts()
    people.close()
    actor.open("/demo/")
    chair = actor.page.locator('section[aria-labelledby="role-chair"] button strong').first.inner_text()
    for name in names[:members]:
        chosen = {"person": {"label": name}} | ({"chair": True} if name.startswith(chair) else {})
        actor.do("committee.appoint", CYCLE, todo=False, **chosen)
    voters = [name.partition("（")[0] for name in names if not name.startswith(chair)]
    _convene(actor)
    _sign_in(actor, "chair", "")
    for voter in voters[:2]:  # three of five: one short of ceil(2·5/3)
        _sign_in(actor, "member", voter)
    _room(actor, "chair")
    text = actor.page.locator("main").inner_text()
    assert "还差1人" in text.replace(" ", ""), text[:600]
    assert not actor.page.locator("#open-next").count()
    actor.page.locator("#adjourn").click()
    actor.page.locator("#text").fill("出席委员未达法定人数，择期再开。")
    actor.page.locator("form.asking button.btn-primary").click()
    actor.page.wait_for_load_state()
    actor.forward("workday")
    _convene(actor)
    _sign_in(actor, "chair", "")
    for voter in voters[: members - 1]:
        _sign_in(actor, "member", voter)
    for _candidate in ENTRIES:
        _room(actor, "chair")
        actor.page.locator("#open-next").click()
        actor.page.locator("form.asking button.btn-primary").click()
        actor.page.wait_for_load_state()
        _vote(actor, "chair", "")
        for voter in voters[: members - 1]:
            _vote(actor, "member", voter)
        _room(actor, "chair")
        actor.page.locator("#close-ballot").click()
        actor.page.locator("form.asking button.btn-primary").click()
        actor.page.wait_for_load_state()
    _room(actor, "chair")
    actor.page.locator("#resolve").click()
    actor.page.locator("#text").fill("会议审议了综合评审工作报告，逐一对授奖候选对象进行了无记名投票表决。")
    actor.page.locator("form.asking button.btn-primary").click()
    actor.page.wait_for_load_state()
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def _convene(actor: Actor) -> None:
    actor.become("chair")
    actor.open(f"/desk/committee/cycles/{CYCLE.partition(':')[2]}/convene/")
    actor.page.locator("form.asking button.btn-primary").click()
    actor.page.wait_for_load_state()


def _room(actor: Actor, role: str, word: str = "") -> None:
    """The newest meeting's room."""
    actor.become(role, word)
    actor.open(f"/desk/committee/cycles/{CYCLE.partition(':')[2]}/")
    actor.page.locator('main a[href*="/desk/committee/meetings/"]', has_text=re.compile("第.*次")).last.click()
    actor.page.wait_for_url("**/meetings/**")


def _sign_in(actor: Actor, role: str, word: str) -> None:
    _room(actor, role, word)
    actor.page.locator('form[action$="/sign-in/"] button').click()
    actor.page.wait_for_load_state()


def _vote(actor: Actor, role: str, word: str) -> None:
    _room(actor, role, word)
    actor.page.locator('form.ballot input[name="choice"][value="1"]').check()
    actor.page.locator("form.ballot button").click()
    actor.page.locator("form.ballot button.btn-primary").click()
    actor.page.wait_for_load_state()
    actor.acts.append("committee.cast")


def publish(actor: Actor) -> None:
    """J1, J2: the proposed winners are published; nothing stands against them."""
    actor.do("commendation.publish", CYCLE)
    notice = actor.notice()
    actor.forward("deadline")
    actor.become("office")
    actor.do("publicity.close", notice)
    actor.do("commendation.confirm", CYCLE)
    actor.do("cycle.advance", CYCLE)


def commend(actor: Actor, folder: Path) -> None:
    """J2, J3: the government approves; certificates, prize money, feedback."""
    assert "须经省政府批准后方可表彰" in actor.refused("commendation.award", CYCLE)
    actor.do("commendation.approve", CYCLE, **letter(folder, "河北省人民政府", "冀政字〔2026〕61号", actor.today()))
    actor.do("commendation.award", CYCLE)
    actor.do("commendation.pay", ORGANIZATION, on=actor.today())
    actor.do("commendation.pay", PERSON, on=actor.today())
    actor.do("commendation.release_feedback", CYCLE)
    actor.do("cycle.advance", CYCLE)


def follow_up(actor: Actor) -> None:
    """J4, J6, K4–K6: use of the money, promotion, a change, a revisit; anyone may check the certificate."""
    actor.forward("workday")
    actor.become("applicant", "任质衡")
    actor.do("commendation.report_use", ORGANIZATION, purpose="improvement", amount="200000", text="用于关键工序质量攻关。")
    actor.do("commendation.promote", ORGANIZATION, todo=False, kind="visit", text="接待同行业观摩学习。", on=actor.today())
    actor.do("supervision.report_change", ORGANIZATION, todo=False, kind="structure", text="新设质量与数字化中心。")
    actor.open(f"/desk/entries/{ORGANIZATION.partition(':')[2]}/")
    assert "ZLJ-2026-Z01" in actor.page.locator("main").inner_text()
    actor.become("recommender", "石家庄")
    actor.do("supervision.revisit", ORGANIZATION, on=actor.today(), departments="市发展改革委", text="质量管理体系运行有效。", todo=False)
    actor.open("/certificates/?number=ZLJ-2026-Z01")
    assert "河北衡测装备有限公司" in actor.page.locator("main").inner_text()


def prove(actor: Actor, folder: Path) -> None:
    """L3: the inspector verifies the journal in the browser and takes the dossier; its own script finds nothing wrong."""
    actor.become("inspector")
    actor.open("/desk/journal/verify/")
    actor.page.locator('main form button[type="submit"], main form button').first.click()
    actor.page.wait_for_load_state()
    assert "未发现" in actor.page.locator("main").inner_text() or "完整" in actor.page.locator("main").inner_text()
    actor.become("office")
    file = take_dossier(actor, folder)
    with zipfile.ZipFile(file) as bundle:
        bundle.extractall(folder / "dossier")
    script = next((folder / "dossier").rglob("verify.py"))
    done = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def take_dossier(actor: Actor, folder: Path) -> Path:
    """The dossier as the cycle's page hands it out."""
    actor.open("/desk/cycles/2026/files/")
    with actor.page.expect_download(timeout=60_000) as waiting:
        actor.page.locator("form", has_text="卷宗").locator("button").first.click()
    file = folder / "dossier.zip"
    waiting.value.save_as(file)
    return file
