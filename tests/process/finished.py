"""A small finished cycle as records, so that each document can be read against figures known beforehand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from zhiheng.foundation.clock import at
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.packs.services import store
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.draw_record import Frozen, PanelSpec, frozen_to_json
from zhiheng.rules.lifecycle import EntryStatus, Stage
from zhiheng.rules.pack import Pack
from zhiheng.rules.recusal import EntryFacts, ExpertFacts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.call.models import Plan
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine
from zhiheng.stages.committee.models import Attendance, Meeting, Member, Motion, Resolution
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.panel.models import Draw, Expert, Lottery, Panel, Seat
from zhiheng.stages.qualification.models import Qualification
from zhiheng.stages.review.models import Result, Sheet
from zhiheng.stages.sitevisit.models import ExpertEvaluation, Papers

E = EntryStatus
#: code, name, award, category, status, material, site, survey, bonus — as exact text.
ENTRIES: list[tuple[str, str, str, str, EntryStatus, str, str | None, str | None, str]] = [
    ("2024-Z-0001", "石门装备有限公司", "organization", "organization", E.AWARDED, "600", "640", None, "10"),
    ("2024-Z-0002", "=燕赵药业公司", "organization", "organization", E.NOT_PROPOSED, "540", "560", None, "0"),
    ("2024-Z-0003", "滹沱食品有限公司", "organization", "organization", E.NOT_NOMINATED, "505", "1713/3", None, "0"),
    ("2024-Z-0004", "白洋淀文旅公司", "organization", "organization", E.BELOW_MATERIAL, "5999/12", None, None, "0"),
    ("2024-Z-0005", "赵州桥梁公司", "organization", "organization", E.NOT_NOMINATED, "590", "700", None, "0"),
    ("2024-G-0001", "王匠", "individual", "front_line", E.REVOKED, "70", "75", "12.5", "2"),
]


def finished(pack: Pack) -> Cycle:
    """The cycle with everything in it."""
    cycle = Cycle.objects.create(
        code="2024",
        year=2024,
        title="2024年度河北省政府质量奖",
        pack=store(pack),
        stage=Stage.SUPERVISION.value,
        deadline=at(date(2024, 4, 30), 18),
    )
    office = Unit.objects.create(code="office", kind="office", name="河北省政府质量奖评审委员会办公室")
    city = Unit.objects.create(code="sjz", kind="recommender", name="石家庄市市场监督管理局", city="石家庄市")
    approval = Letter.objects.create(
        issuer="协调小组办公室", number="冀评组办函〔2024〕3号", dated=date(2024, 2, 20), purpose="call.approve_plan"
    )
    Plan.objects.create(
        cycle=cycle, text="方案", opens_on=date(2024, 3, 1), deadline=at(date(2024, 4, 30), 18), drafted_at=at(date(2024, 2, 1)),
        approved_at=at(date(2024, 2, 21)), approval=approval, issued_at=at(date(2024, 2, 26)),
    )  # fmt: skip
    entries = {row[0]: _entry(cycle, city, row) for row in ENTRIES}
    _notice(cycle, city, "city_publicity", "关于2024年度河北省政府质量奖拟推荐名单的公示", entries.values(), date(2024, 5, 6))
    _notice(cycle, office, "accepted_list", "关于2024年度河北省政府质量奖受理名单的公示", entries.values(), date(2024, 6, 3))
    _panels(cycle, entries)
    _scores(cycle, entries)
    _committee(cycle, entries)
    _awards(cycle, [entries["2024-Z-0001"], entries["2024-G-0001"]])
    return cycle


def _entry(cycle: Cycle, city: Unit, row: tuple[Any, ...]) -> Entry:
    code, name, award, category, status = row[:5]
    person = award == "individual"
    employer = Party.objects.create(identity="uscc:E", kind="organization", name="石门装备有限公司（集团）") if person else None
    party = Party.objects.create(
        identity=f"x:{code}", kind="person" if person else "organization", name=name, employer=employer, city="石家庄市"
    )
    entry = Entry.objects.create(
        code=code, cycle=cycle, party=party, owner=Person.objects.create(name=f"经办{code}"), recommender=city, award=award, category=category,
        status=status.value, name=name, form={"achievements": f"{name}的主要业绩"},
    )  # fmt: skip
    Qualification.objects.create(entry=entry, checked_at=at(date(2024, 5, 31)), passed=True)
    return entry


def _notice(cycle: Cycle, unit: Unit, kind: str, title: str, entries: Any, day: date) -> None:
    awards = {"organization": "组织奖", "individual": "个人奖"}
    items = [
        {
            "code": e.code,
            "name": e.name,
            "award": awards[e.award],
            "recommender": e.recommender.name,
            "achievements": e.form["achievements"],
        }
        for e in sorted(entries, key=lambda e: e.name, reverse=True)
    ]
    body = f"各有关单位：\n现将名单予以公示。\n（名单见附表）\n{unit.name}\n{day.year}年{day.month}月{day.day}日"
    Notice.objects.create(
        code=f"GS{kind}", cycle=cycle, kind=kind, title=title, body=body, items=items, unit=unit, days=5, posted_at=at(day),
        ends_on=date(day.year, day.month, day.day + 7), digest="", journal_head="",
    )  # fmt: skip


def _panels(cycle: Cycle, entries: dict[str, Entry]) -> None:
    experts = [
        Expert.objects.create(
            code=f"ZJ{n:03d}",
            person=Person.objects.create(name=f"专家{'甲乙丙丁'[n - 1]}"),
            employer=f"第{n}研究院",
            leader=n == 1,
            status="active",
        )
        for n in (1, 2, 3, 4)
    ]
    pool = [
        ExpertFacts(
            e.code, "", e.employer, (), frozenset({"26"}), frozenset({"organization"}), "", frozenset(), frozenset(), (), e.leader, 0, True
        )
        for e in experts
    ]
    judged = EntryFacts("2024-Z-0001", "organization", "organization", "石门装备", "26", "石家庄市", frozenset(), frozenset())
    spec = PanelSpec("organization-organization-01", 3, (judged,), frozenset({"26"}), frozenset(), {"leader": 1, "field": 1})
    for round_, day in (("material", date(2024, 6, 17)), ("site", date(2024, 8, 5))):
        frozen = Frozen(round_, 1, day, 1, True, {"field": 10}, tuple(pool), (spec,), ())
        draw = Draw.objects.create(
            cycle=cycle, round=round_, frozen=frozen_to_json(frozen), pool_digest="ab" * 32, frozen_at=at(day, 8), ticket=7, drawn_at=at(day),
            seed_commitments={"office": "ef" * 32, "agency": "0a" * 32}, seeds={"office": "47" * 10, "agency": "11" * 10},
            sources=["11" * 10, "47" * 10], present=["赵见证，纪检监督"], links_used=1,
        )  # fmt: skip
        even = {"minimum": "0.750000000", "gini": "0.000000000", "geometric_mean": "0.750000000"}
        content = {
            "tickets": [[[0, 1, 2]]] * 4, "panels": [spec.code], "experts": [e.code for e in experts], "notes": [], "short": [],
            "chances": {e.code: 3 for e in experts}, "evenness": {"tickets": even, "plain": even, "exact": even},
        }  # fmt: skip
        Lottery.objects.create(draw=draw, content=content, ready=4, digest="cd" * 32, published_at=at(day, 9))
        panel = Panel.objects.create(code=spec.code, cycle=cycle, round=round_, award="organization", category="organization", draw=draw)
        panel.entries.set([e for e in entries.values() if e.award == "organization"])
        seats = [Seat.objects.create(panel=panel, expert=expert, leader=expert.leader) for expert in experts[:3]]
        seats[2].vacated_at, seats[2].reason = at(day, 10), "与申报单位有利害关系"
        seats[2].save()
        Seat.objects.create(panel=panel, expert=experts[3], succeeds=seats[2])
        if round_ == "site":
            _handed(panel, experts, entries)


def _handed(panel: Panel, experts: list[Expert], entries: dict[str, Entry]) -> None:
    entry = entries["2024-Z-0001"]
    when = at(date(2024, 8, 30))
    for n, expert in enumerate(experts[:3]):
        voided = {"voided_at": when, "void_reason": "回避"} if n == 2 else {}
        Sheet.objects.create(
            panel=panel,
            entry=entry,
            expert=expert,
            round="site",
            marks={},
            total=Fraction(640),
            digest=f"{n}" * 64,
            submitted_at=when,
            **voided,
        )
    papers = Papers.objects.create(
        panel=panel, cycle=panel.cycle, opinion="建议优先", record=[], ranking=[{"entry": entry.code, "total": "640"}], handed_at=when
    )
    ExpertEvaluation.objects.create(papers=papers, expert=experts[0], rating="good", text="认真负责")


def _scores(cycle: Cycle, entries: dict[str, Entry]) -> None:
    when, ranked, chosen = at(date(2024, 9, 20)), [], []
    weights = (Fraction(3, 10), Fraction(7, 10))
    for code, _, award, *_, material, site, survey, bonus in ENTRIES:
        entry = entries[code]
        sections = {"7": "200"} if award == "organization" else {"performance": "28"}
        for round_, total in (("material", material), ("site", site)):
            if total is not None:
                Result.objects.create(
                    entry=entry, round=round_, version=1, marks={}, sections=sections, total=Fraction(total), sheets=[], method="mean",
                    computed_at=at(date(2024, 7, 1)),
                )  # fmt: skip
        if site is not None:
            total = weights[0] * Fraction(material) + weights[1] * Fraction(site) + Fraction(survey or 0) + Fraction(bonus)
            parts = {
                "material": Fraction(material),
                "site": Fraction(site),
                "survey": survey and Fraction(survey),
                "bonus": Fraction(bonus),
            }
            Final.objects.create(entry=entry, version=1, total=total, computed_at=when, **parts)
            ranked.append({"entry": code, "award": award, "total": str(total), "tied": False})
    lost = {"2024-Z-0005": "列入经营异常名录（《细则》三（一）5）"}
    ranked = [row for row in ranked if row["entry"] not in lost]
    for award, line in (("organization", 550), ("individual", 85)):
        own = sorted((row for row in ranked if row["award"] == award), key=lambda row: -Fraction(str(row["total"])))
        for place, row in enumerate(own, 1):
            row["place"] = place
            chosen += [row["entry"]] if Fraction(str(row["total"])) >= line else []
    CandidateList.objects.create(cycle=cycle, version=1, chosen=chosen, ranked=ranked, left_out=lost, settled_at=when, submitted_at=when)


def _committee(cycle: Cycle, entries: dict[str, Entry]) -> None:
    members = [
        Member.objects.create(cycle=cycle, person=Person.objects.create(name=f"委员{n}"), seat=n, chair=n == 1) for n in range(1, 26)
    ]
    failed = Meeting.objects.create(
        code="HY2024-1", cycle=cycle, members=25, held_on=date(2024, 10, 8), status="failed", minutes="出席人数不足，另行召集"
    )
    meeting = Meeting.objects.create(
        code="HY2024-2", cycle=cycle, members=25, held_on=date(2024, 10, 15), status="closed", minutes="审议通过。"
    )
    for which, number in ((failed, 16), (meeting, 17)):
        for member in members[:number]:
            Attendance.objects.create(meeting=which, member=member, at=at(which.held_on))
    for number, (code, votes) in enumerate(
        (("2024-Z-0001", (12, 3, 1, 0)), ("2024-Z-0002", (11, 4, 1, 1)), ("2024-G-0001", (17, 0, 0, 0))), 1
    ):
        recused = [17] if number == 1 else []
        names = ("yes", "no", "abstain", "missing")
        tally = dict(zip(names, votes, strict=True)) | {"attending": sum(votes), "needed": 11 if recused else 12, "passed": votes[0] >= 12}
        Motion.objects.create(
            code=f"HY2024-2-{number:02d}", meeting=meeting, cycle=cycle, entry=entries[code], present=17, secret=True, recused=recused,
            entitled=[m.seat for m in members[:17] if m.seat not in recused], opened_at=at(meeting.held_on), closed_at=at(meeting.held_on, 10),
            tally=tally, passed=tally["passed"],
        )  # fmt: skip
    Resolution.objects.create(
        cycle=cycle,
        meeting=meeting,
        kind="proposal",
        entries=["2024-Z-0001", "2024-G-0001"],
        text="审议通过。",
        resolved_at=at(meeting.held_on, 11),
    )


def _awards(cycle: Cycle, won: list[Entry]) -> None:
    Approval.objects.create(cycle=cycle, entries=[e.code for e in won], approved_on=date(2024, 11, 20))
    for entry, number, prize, revoked in ((won[0], "ZLJ-2024-Z01", 500_000, None), (won[1], "ZLJ-2024-G01", 20_000, date(2026, 2, 1))):
        Certificate.objects.create(number=number, entry=entry, cycle=cycle, issued_on=date(2024, 12, 2), revoked_on=revoked)
        LedgerLine.objects.create(entry=entry, kind="awarded", amount=prize, on=date(2024, 12, 2), note="省财政统一安排")
    LedgerLine.objects.create(entry=won[1], kind="paid", amount=20_000, on=date(2024, 12, 20))
    LedgerLine.objects.create(entry=won[1], kind="recall", amount=20_000, on=date(2026, 2, 1))
    LedgerLine.objects.create(entry=won[1], kind="recovered", amount=5_000, on=date(2026, 2, 20))
