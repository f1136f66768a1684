"""The journey's panels and scores: draws, sheets, consensus, reports, hand-over, shortlist and survey (F, G1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from stdnum.cn import ric

from tests.journeys.stage import CYCLE, ORGANIZATION, PERSON, YEAR, Actor, letter

#: What the witnesses commit to, in the first draw and in the second: no number serves twice.
NUMBERS = {"material": ("271828" * 4, "314159" * 4, "141421" * 4), "site": ("161803" * 4, "577215" * 4, "693147" * 4)}
WITNESSES = ("office", "agency", "inspector")
CODE = re.compile(r"ZJ\d+")
#: What each seat of a panel gives, in hundredths of the full marks; the organization's first expert lies too far from the others.
SHARES = {ORGANIZATION: (55, 80, 80, 80, 80), PERSON: (100, 100, 100, 100, 100)}
AGREED = {ORGANIZATION: 75, PERSON: 100}
GIVE = """(selects, share) => selects.forEach(one => {
  const values = [...one.options].map(option => option.value).filter(Boolean)
  const aim = share / 100 * Math.max(...values)
  one.value = values.reduce((best, value) => Math.abs(value - aim) < Math.abs(best - aim) ? value : best)
  for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, {bubbles: true}))
})"""
TEXTS = {
    "strengths": "质量战略清晰，关键过程受控，改进成果有数据证实。",
    "improvements": "供应链质量协同和数字化分析尚可加强。",
    "conclusion": "达到评价标准要求，专家组意见一致。",
}
ANSWERS = (("李秀兰", "satisfied"), ("张建军", "basically_satisfied"), ("赵敏", "unknown"))


@dataclass(frozen=True)
class Bench:
    """A panel as it was drawn: what it judges, by whom, and who leads it."""

    entries: tuple[str, ...]
    experts: tuple[str, ...]
    leader: str


def draw(actor: Actor, folder: Path, round_: str = "material") -> None:
    """F1, G1: freeze, three commitments, reveal; a number that was not committed to is refused."""
    actor.become("agency")
    actor.do("panel.freeze", CYCLE)
    actor.do("panel.publish_lottery", CYCLE, todo=False)  # no worker runs beside this server: the tickets are made by publishing them
    numbers = dict(zip(WITNESSES, NUMBERS[round_], strict=True))
    for role, number in numbers.items():
        actor.become(role)
        actor.do("panel.commit_seed", CYCLE, number=number)
    actor.become("office")
    actor.open(f"/desk/do/panel.reveal_seed/{CYCLE}/")
    actor.fill(number="9" * 24)
    actor.press(actor.page.locator('.act-form button[value="preview"]'))
    assert "揭示的种子与承诺不符" in actor.page.locator("main").inner_text()
    for role, number in numbers.items():
        actor.become(role)
        actor.do("panel.reveal_seed", CYCLE, number=number)
    actor.become("agency")
    actor.do("panel.draw", CYCLE, present="省质评办 王某\n纪检监督 李某")


def drawn(actor: Actor, number: int = -1) -> list[Bench]:
    """F1, G1, K7: the inspector draws once more with the same result; the panels of the last draw, or of that number."""
    actor.become("inspector")
    actor.open("/desk/journal/draws/")
    actor.press(actor.page.locator("main table a").nth(number))
    actor.press(actor.page.get_by_role("button", name="重演抽取"))
    assert actor.page.locator("main .tone-good").count()
    assert not actor.page.locator("main .tone-stop").count()
    found = []
    for one in actor.page.locator("main .draw-benches > li").all():
        entries = str(one.locator("> p").text_content())
        seats = [str(line.text_content()) for line in one.locator("> ul > li").all()]
        experts = [code for line in seats for code in CODE.findall(line)[:1]]
        leader = "".join(code for line in seats if "组长" in line for code in CODE.findall(line)[:1])
        found.append(Bench(tuple(entries.split("、")), tuple(experts), leader))
    return found


def score_materials(actor: Actor, folder: Path) -> None:
    """F2, F3: every expert's own sheet, a consensus where they lie too far apart, a report each, scores, hand-over."""
    for bench in drawn(actor):
        for code in bench.entries:
            score(actor, bench, code)
            agree(actor, code, must=code in ORGANIZATION)
            report(actor, code)
    actor.become("agency")
    actor.do("review.score", CYCLE)
    actor.do("review.hand_over", CYCLE, summary="各材料评审专家组已完成评审，得分及报告随附。")
    actor.become("office")
    actor.do("cycle.advance", CYCLE)


def score(actor: Actor, bench: Bench, code: str) -> None:
    """F2, G3: each expert of a panel marks an entry by themselves; the sheet is locked."""
    for expert, share in zip(bench.experts, SHARES[f"entry:{code}"], strict=False):
        actor.become("expert", expert)
        actor.follow(f"/desk/review/{code}/")
        give(actor, share)
        actor.page.locator('[name^="strengths-"]').first.fill("制度健全，执行有据。")
        actor.settle()
        assert "已提交并锁定" in actor.page.locator("main").inner_text()


def give(actor: Actor, share: int) -> None:
    """Choose for every item the mark next to this share of its full marks."""
    selects = actor.page.locator('main select[name^="mark-"]')
    assert selects.count()
    selects.evaluate_all(GIVE, share)


def agree(actor: Actor, code: str, *, must: bool) -> None:
    """F2, G3, Q2: who sits on the panel records the consensus; in the material review only where the sheets lie too far apart."""
    if not must:
        assert not actor.waiting("/desk/review/panels/", f"/{code}/")
        return
    actor.follow("/desk/review/panels/", f"/{code}/")
    give(actor, AGREED[f"entry:{code}"])
    actor.page.locator("#reason").fill("逐条核对佐证材料后形成一致意见。")
    actor.settle()


def report(actor: Actor, code: str) -> None:
    """F2, G3: the panel's report on an entry."""
    actor.follow("/desk/review/panels/", f"/{code}/report/")
    for field, text in TEXTS.items():
        actor.page.locator(f"#{field}").fill(text)
    actor.settle()


def shortlist(actor: Actor, folder: Path) -> None:
    """F4–F6: the authority's letter, the chair's approval, publicity and survey at one time, the list, the notification."""
    actor.become("office")
    actor.do("shortlist.authority_opinion", CYCLE, **letter(folder, "省表彰奖励主管部门", "冀表函〔2026〕12号", actor.today()))
    assert "主任" in actor.refused("shortlist.publish", CYCLE)
    actor.become("chair")
    actor.do("shortlist.approve", CYCLE)
    actor.become("office")
    actor.do("shortlist.publish", CYCLE)
    notice = actor.notice()
    actor.do("survey.open", CYCLE)
    survey(actor)
    actor.become("office")
    assert "公示期" in actor.refused("publicity.close", notice)
    actor.forward("deadline")  # the survey ends with the publicity
    actor.do("survey.close", CYCLE)
    actor.do("publicity.close", notice)
    actor.do("shortlist.settle", CYCLE)
    few = actor.subject("survey.decide_few")
    actor.do("survey.decide_few", few, points="17.5", reason="有效样本不足，参照上届平均水平研究确定。")
    actor.do("shortlist.notify", CYCLE)
    actor.do("cycle.advance", CYCLE)


def survey(actor: Actor) -> None:
    """F5: the public rates the individuals, one identity once; a second rating of the same identity is thanked for and not counted."""
    for number, (name, choice) in enumerate((*ANSWERS, ANSWERS[0])):
        actor.page.context.clear_cookies()
        actor.open("/")
        actor.press(actor.page.get_by_role("link", name="参与测评"))
        actor.page.locator(f'main [name="choice-{PERSON.removeprefix("entry:")}"][value="{choice}"]').check()
        actor.page.locator("#name").fill(name)
        actor.page.locator("#number").fill(citizen(number % len(ANSWERS)))
        actor.page.locator("#mobile").fill(f"1380000{number:04d}")
        actor.press(actor.page.get_by_role("button", name="提交评价"))
        assert actor.page.url.endswith(f"/survey/{YEAR}/thanks/")


def citizen(number: int) -> str:
    """An ID number that could be somebody's."""
    body = f"13010219900307{number:03d}"
    return body + ric.calc_check_digit(f"{body}0")
