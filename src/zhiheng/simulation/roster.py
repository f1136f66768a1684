"""The play's experts beside their draws: the rest of their records, the yearly confirmation, and what waits in a demo's library (F1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Person
from zhiheng.process.register import library, panel
from zhiheng.rules.fitness import confirm_by
from zhiheng.simulation.cast.model import ExpertCast
from zhiheng.simulation.world import World
from zhiheng.stages.panel import facts
from zhiheng.stages.panel.models import Expert, Panel

SECTIONS = 7
LANGUAGES: tuple[list[str], ...] = (["英语"], ["英语"], [], ["日语"], ["英语", "德语"], [])
AHEAD = timedelta(days=120)  # a confirmation that would lapse within a round is renewed before it
BANKS = ("中国银行石家庄裕华支行", "中国建设银行保定东风路支行", "中国工商银行唐山新华道支行")


def particulars(number: int, expert: ExpertCast, groups: dict[str, str], year: int) -> dict[str, Any]:
    """What a record holds beside what the draw always knew; from the number alone, so that nobody's chance changes."""
    lead, since = expert.leader, year - 1 - number % 3
    papers = [] if number % 4 == 0 else [_paper("lead" if lead else "assessor", number, since)]
    sections = sorted({1 + number % SECTIONS, 1 + (number * 3 + 2) % SECTIONS})
    return {
        "kind": "industry" if number % 4 == 0 else "assessor",
        "credit_code": expert.employer_code,
        "group_code": groups.get(expert.employer_code, ""),
        "main_industries": [expert.industries[number % len(expert.industries)]],
        "criteria": [f"organization:{n}" for n in sections] if "organization" in expert.categories else [],
        "qualifications": papers + ([_paper("auditor", number + 500, since)] if number % 5 == 0 else []),
        "training": [{"course": "卓越绩效评审员继续教育", "on": f"{year - 1}-{1 + number % 9:02d}-1{number % 9}"}] if papers else [],
        "languages": LANGUAGES[number % len(LANGUAGES)],
        "term_from": date(year, 1, 1),
        "term_until": date(year + 6, 12, 31),
    }


def _paper(kind: str, number: int, since: int) -> dict[str, str]:
    return {"kind": kind, "number": f"HB{since}-{number:04d}", "issued": f"{since}-05-01", "until": f"{since + 9}-04-30"}


def settle(world: World, number: int, expert: Expert) -> None:
    """What an expert notes once they are in the library: some their account, some when they are away."""
    who = Acting(world.people[expert.code].role, expert.person)
    if number % 3 == 0:
        digits = f"6217{number:04d}{world.cast.year}{number * 7919 % 10_000_000:07d}"
        world.do(library.set_bank, who, expert, bank=BANKS[number % len(BANKS)], holder=expert.person.name, number=digits)
    if number % 9 == 0:
        first = date(world.cast.year + 1, 1, 12)
        world.do(library.set_absences, who, expert, periods=[(first, first + timedelta(days=9), "出国交流")])


def confirm(world: World) -> None:
    """Whoever's confirmation is over, or would be before a round ends, confirms."""
    for expert in Expert.objects.filter(status="active").select_related("person").prefetch_related("absences").order_by("code"):
        by = confirm_by(facts.standing(expert), world.pack.parameters)
        if by is not None and by < clock.today() + AHEAD and expert.code in world.people:
            world.do(library.confirm_profile, expert.code, expert)


def leave_something(world: World, finished: Cycle) -> None:
    """A library in use: appraisals of the finished cycle, changes that wait, somebody proposed, somebody suspended."""
    agency = world.cast.agency.code
    panels = list(Panel.objects.filter(cycle=finished).order_by("round", "code"))
    for place, one in enumerate(panels):
        for seat in one.seats.filter(vacated_at=None).select_related("expert").order_by("expert__code"):
            rating, text = ("good", "评语具体，依据充分。") if (seat.pk + place) % 3 else ("fair", "")
            if Expert.objects.filter(pk=seat.expert_id, sheets__panel=one).exists():
                world.do(library.appraise, agency, one, expert=seat.expert, rating=rating, text=text)
    free = Expert.objects.filter(status="active", seats=None).select_related("person").order_by("-code")
    for expert, change in zip(free[:3], ({"title": "研究员", "leader": True}, {"city": "保定市"}, None), strict=False):
        if change is not None:
            grounds = "职务和资格有变化，证书已寄送省质评办" if "leader" in change else "工作地点变动"
            world.do(library.update_profile, expert.code, expert, grounds=grounds, **change)
        else:
            world.do(panel.suspend_expert, "office", expert, remove=False, reason="本人申请，借调外省工作一年")
    person = Person.objects.create(name="苏砚清", contact="031100000000")
    world.do(
        panel.register_expert, agency, person=person, code=f"ZJ{len(world.cast.experts) + 1:04d}", title="高级工程师",
        employer="河北滦南质量研究院", industries=["34", "35"], main_industries=["34"], categories=["organization"], city="唐山市",
    )  # fmt: skip
