"""The journey's committee: a meeting that is too small to vote, then one that votes (I)."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.stage import CYCLE, YEAR, Actor

YES, NO = "1", "2"


def committee(actor: Actor) -> list[str]:
    """The names of the committee, its chair's first."""
    actor.open("/demo/")
    return [
        str(name.text_content())
        for role in ("chair", "member")
        for name in actor.page.locator(f'section[aria-labelledby="role-{role}"] strong').all()
    ]


def fail(actor: Actor, folder: Path) -> None:
    """I1: one of three signs in, no ballot may be opened, the meeting is adjourned."""
    chair = committee(actor)[0]
    meeting = convene(actor, [chair])
    actor.follow(f"{meeting}open/", "/")
    assert "现在还不能办理" in actor.page.locator("main").inner_text()
    assert not actor.page.locator("form.asking").count()
    actor.open(meeting)
    assert "还差1人" in actor.page.locator(".quorum-text").inner_text()
    assert not actor.page.locator("#open-next").count()
    actor.press(actor.page.locator("#adjourn"))
    actor.page.locator("#text").fill("出席委员未达法定人数，择期再开。")
    sure(actor)
    actor.forward("workday")


def resolve(actor: Actor, folder: Path) -> None:
    """I1–I2: all sign in, a secret ballot on each candidate on the members' own pages (two of three are enough), the resolution."""
    names = committee(actor)
    meeting = convene(actor, names)
    for number in range(2):
        actor.become("chair", names[0])
        actor.follow(f"{meeting}open/", "/")
        sure(actor)
        for place, name in enumerate(names):
            vote(actor, meeting, name, chair=not place, choice=NO if place == 2 and not number else YES)
        actor.become("chair", names[0])
        actor.follow("/desk/committee/motions/", "/close/")
        sure(actor)
    actor.follow(f"{meeting}resolve/")
    actor.page.locator("#text").fill("会议审议了综合评审工作报告，逐一对授奖候选对象进行了无记名投票表决。")
    sure(actor)
    assert "形成授奖建议名单2项" in actor.page.locator("main").inner_text()
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def convene(actor: Actor, present: list[str]) -> str:
    """I1: the chair convenes all members; those present sign in. The address of the meeting's room."""
    actor.become("chair", present[0])
    actor.follow(f"/desk/committee/cycles/{YEAR}/convene/")
    sure(actor)
    meeting = actor.page.url.removeprefix(actor.address).split("?")[0]
    for place, name in enumerate(present):
        actor.become("member" if place else "chair", name)
        actor.follow(meeting)
        actor.press(actor.page.locator("#own form button"))
        actor.received()
    return meeting


def vote(actor: Actor, meeting: str, name: str, *, chair: bool, choice: str) -> None:
    """I2: a member's ballot on their own page: chosen, looked over, cast; nothing on the page tells afterwards what was chosen."""
    actor.become("chair" if chair else "member", name)
    actor.follow(meeting)
    actor.page.locator(f'.ballot [name="choice"][value="{choice}"]').check()
    actor.press(actor.page.locator(".ballot button.btn-primary"))
    actor.press(actor.page.locator(".ballot button.btn-primary"))
    said = actor.page.locator("#own").inner_text()
    assert "已投票" in said
    assert not [word for word in ("赞成", "反对", "弃权") if word in said]


def sure(actor: Actor) -> None:
    """The chair's word, asked for once more."""
    actor.press(actor.page.locator("form.asking button.btn-primary"))
    actor.received()
