"""Acts on the seats of a drawn panel: who answers, who leaves, who follows by the next link of the chain, who leads (F1, G1, K7)."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

from django.db.models import Q

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import draw as lot
from zhiheng.rules.compose import panel_title
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.draw_record import frozen_from_json
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import given
from zhiheng.rules.recusal import Round, found_conflicts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.chain import link
from zhiheng.stages.panel.composing import STAGES
from zhiheng.stages.panel.drawing import invitation, plain_code
from zhiheng.stages.panel.lotteries import short_of
from zhiheng.stages.panel.models import Conflict, Expert, Panel, Seat
from zhiheng.stages.qualification.selectors import commissioned

NOBODY = "可抽取的专家中已无人可以补足本组，请补充专家库后重新抽取"


@act(
    "panel.replace",
    "替换专家",
    duty=["F1", "G1", "K7"],
    article="七(七)",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
    foretold=False,
)
def replace(acting: Acting, panel: Panel, *, out: Expert, reason: str) -> Outcome:
    """Vacate a seat for a reason, or take one that was vacated, and draw who follows: nobody chooses the successor.

    What the outgoing expert handed in stands until it is voided; the successor owes a sheet only where none stands.
    """
    name, article, duty = selectors.round_of(panel.cycle)
    if panel.round != name:
        return Outcome(no("该专家组的评审轮次已经结束，不能替换专家", article=article, duty=duty))
    seat = panel.seats.filter(Q(vacated_at=None) | Q(successor=None), expert=out).first()
    if seat is None or not reason.strip():
        return Outcome(no("请选择在组专家并写明替换事由", article=article, duty=duty))
    if seat.vacated_at is None:
        _vacate(seat, reason.strip())
    followed = _follow(seat, "panel.replace")
    if followed is None:
        return Outcome(no(NOBODY, article=article, duty=duty))
    new, payload = followed
    tell = [To(f"person:{new.expert.person.code}", "受聘评审通知", invitation(panel.cycle, new.due))]
    text = f"{out.code} 退出，在 {len(payload['among'])} 名可以递补的专家中抽中 {new.expert.code}"
    return Outcome(yes(text, duty=duty), {**payload, "reason": seat.reason}, value=new.expert, tell=tell)


def _vacate(seat: Seat, reason: str) -> None:
    seat.vacated_at, seat.reason = clock.now(), reason
    seat.save(update_fields=["vacated_at", "reason"])


def _follow(seat: Seat, by: str) -> tuple[Seat, dict[str, Any]] | None:
    """Draw and seat the successor by the next link; None when nobody can make the panel whole: no link is used then."""
    line = _Line(seat.panel)
    among = line.successors()
    if not among:
        return None
    draft = seat.panel.draw
    draft.links_used += 1
    draft.save(update_fields=["links_used"])
    used = link(draft.chain_root, draft.links_used)
    digest = given(line.params.draw_digest, "sha256")
    place = lot.drawn_place([*draft.sources, used], 0, len(among), digest)
    assert place.value is not None
    expert = Expert.objects.select_related("person").get(code=among[place.value - 1])
    led = seat.leader
    due = selectors.answer_due(seat.panel.cycle)
    new = Seat.objects.create(panel=seat.panel, expert=expert, succeeds=seat, due=due, seated_at=clock.now(), seated_by=by)
    leader = line.led_by()
    if led and given(line.params.leader_by, "drawn") == "drawn":
        able = sorted(code for code in (*line.staying, expert.code) if line.leads(code))
        if able:
            chosen = lot.drawn_place([*draft.sources, used], 1, len(able), digest)
            assert chosen.value is not None
            leader = able[chosen.value - 1]
            seat.panel.seats.filter(vacated_at=None, expert__code=leader).update(leader=True)
    payload = {
        "panel": seat.panel.code,
        "round": seat.panel.round,
        "out": seat.expert.code,
        "in": expert.code,
        "among": among,
        "link": used,
        "number": draft.links_used,
        "led_by": leader,
        "waived": list(line.waived),
    }
    return new, payload


class _Line:
    """Who may follow on a panel: what was frozen, who stays, and who of the pool may still sit here today."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.params = panel, rules_of(panel.cycle).parameters
        draft, self.plain = panel.draw, plain_code(panel)
        frozen = frozen_from_json(draft.frozen)
        self.known = {one.code: one for one in lot.candidates(frozen)}
        self.spec = next(spec for spec in frozen.panels if spec.code == self.plain)
        lottery = selectors.published(draft)
        assert lottery is not None
        self.short, self.weights = short_of(lottery.made), frozen.weights
        #: Wanted kinds that nobody can be found for any more.
        self.waived: tuple[str, ...] = ()
        seats = list(panel.seats.select_related("expert"))
        self.staying = [seat.expert.code for seat in seats if seat.vacated_at is None]
        self.sat = {seat.expert.code for seat in seats}
        busy = Seat.objects.filter(panel__draw=draft, vacated_at=None)
        self.busy = Counter(busy.values_list("expert__code", flat=True))

    def leads(self, code: str) -> bool:
        """Whether the expert is qualified to lead here."""
        return "leader" in self.known[code].panels[self.plain]

    def led_by(self) -> str:
        """Who leads now; "" nobody."""
        return self.panel.seats.filter(leader=True, vacated_at=None).values_list("expert__code", flat=True).first() or ""

    def successors(self) -> list[str]:
        """The codes, ascending, of those by whom the panel can be made whole again; wanted kinds are waived, as few by weight as can be."""
        free = [one for code, one in self.known.items() if self._free(code)]
        barred = self._barred([one.code for one in free])
        free = [one for one in free if one.code not in barred]
        missing, staying = self.spec.size - len(self.staying), [self.known[code] for code in self.staying]
        weight = {lot.family(kind): self.weights[kind] for kind, least in self.spec.least.items() if least and kind in self.weights}
        ways = [sorts for many in range(len(weight) + 1) for sorts in combinations(sorted(weight), many)]
        for self.waived in sorted(ways, key=lambda sorts: (sum(weight[one] for one in sorts), sorts)):
            gone = {(self.plain, kind): least for kind, least in self.spec.least.items() if lot.family(kind) in self.waived}
            short = {**self.short, **gone}
            if found := lot.successors(self.spec, staying, missing, free, short):
                return [one.code for one in found]
        return []

    def _free(self, code: str) -> bool:
        one = self.known[code]
        return self.plain in one.panels and code not in self.sat and self.busy[code] < one.seats

    def _barred(self, codes: list[str]) -> set[str]:
        """Who of them left the library or must stand aside by what is known today."""
        today = {e.code: e for e in facts.pool(self.panel.cycle)}
        unfit = {
            e.code
            for e in Expert.objects.filter(code__in=codes).prefetch_related("absences")
            if selectors.unfit(e, clock.today(), self.params)
        }
        rows = list(self.panel.entries.select_related("party__employer", "party__person"))
        known = facts.entries(rows, facts.scorers(rows) if self.panel.round == "site" else None)
        name: Round = "site" if self.panel.round == "site" else "material"
        day = clock.today()
        return {
            code
            for code in codes
            if code in unfit
            or code not in today
            or any(conflict for entry in known for conflict in found_conflicts(today[code], entry, self.params, day, name))
        }


def _invited(acting: Acting, seat: Seat) -> bool:
    return acting.person is not None and seat.expert.person_id == acting.person.pk


@act(
    "panel.answer",
    "答复评审邀请",
    duty=["F1", "G1", "K7"],
    article="七(七)",
    roles=[Role.EXPERT],
    stages=STAGES,
    scope=_invited,
    foretold=False,
)
def answer(acting: Acting, seat: Seat, *, answer: str, reason: str = "", entry: Entry | None = None) -> Outcome:
    """Accept the invitation, decline it, or recuse oneself from an entry of the panel. Who leaves is followed at once by the next link.

    answer: "accepted", "declined" or "recused"; reason: required for the latter two; entry: with which there is a conflict.
    """
    panel = seat.panel
    name, article, duty = selectors.round_of(panel.cycle)
    if panel.round != name or seat.vacated_at:
        return Outcome(no("该邀请已经失效", article=article, duty=duty))
    if seat.answer:
        return Outcome(no("您已经答复；如情况有变，请申请回避或联系组织方", article=article, duty=duty))
    if answer not in ("accepted", "declined", "recused"):
        return Outcome(no("请选择接受、谢绝或者回避", article=article, duty=duty, code="answer"))
    if answer != "accepted" and not reason.strip():
        return Outcome(no("请写明理由", article=article, duty=duty, code="reason"))
    if answer == "recused" and (entry is None or not panel.entries.filter(pk=entry.pk).exists()):
        return Outcome(no("请选择需要回避的申报", article="七(七)", duty="K7", code="entry"))
    seat.answer, seat.answered_at = answer, clock.now()
    seat.save(update_fields=["answer", "answered_at"])
    payload: dict[str, Any] = {"panel": panel.code, "round": panel.round, "expert": seat.expert.code, "answer": answer}
    if answer == "accepted":
        return Outcome(yes("已接受邀请", duty=duty), payload)
    payload["reason"] = reason.strip()
    if answer == "recused" and entry is not None:
        _declare(acting, entry, reason.strip())
        payload["entry"] = entry.code
    _vacate(seat, f"{dict(Seat._meta.get_field('answer').choices or ())[answer]}：{reason.strip()}")
    tell = [To("role:agency", "专家未接受邀请", f"{panel_title(panel, rules_of(panel.cycle))}：{seat.expert.code}")]
    if followed := _follow(seat, "panel.answer"):
        new, drawn = followed
        payload |= {"replaced": [{**drawn, "reason": seat.reason}]}
        tell.append(To(f"person:{new.expert.person.code}", "受聘评审通知", invitation(panel.cycle, new.due)))
        said: Decision[None] = yes("已登记，递补的专家已抽取产生", duty=duty)
    else:
        said = yes("已登记，暂无可以递补的专家，由组织方另行办理", duty=duty)
    return Outcome(said, payload, tell=tell)


def _declare(acting: Acting, entry: Entry, grounds: str) -> None:
    """The expert's own word stands at once."""
    assert acting.person is not None
    known = Conflict.objects.filter(entry=entry, person=acting.person, status__in=["standing", "pending"]).first()
    conflict = known or Conflict(entry=entry, person=acting.person)
    conflict.kind, conflict.grounds, conflict.status, conflict.found_at = "declared", grounds, "standing", clock.now()
    conflict.save()


@act(
    "panel.name_leader",
    "确定评审专家组组长",
    duty="G1",
    article="四(五)1",
    roles=[Role.AGENCY, Role.OFFICE],
    stages=STAGES,
    scope=commissioned,
)
def name_leader(acting: Acting, panel: Panel, *, expert: Expert) -> Outcome:
    """Name a panel's leader among its members who are qualified to lead."""
    seat = panel.seats.filter(expert=expert, vacated_at=None).first()
    if seat is None or not expert.leader:
        return Outcome(no("组长须为本组在组专家且具备组长资格", article="四(五)1", duty="G1"))
    panel.seats.filter(vacated_at=None).update(leader=False)
    seat.leader = True
    seat.save(update_fields=["leader"])
    return Outcome(yes("组长已确定", duty="G1"), {"panel": panel.code, "round": panel.round, "leader": expert.code})
