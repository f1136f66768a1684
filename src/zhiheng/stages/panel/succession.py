"""Acts on the seats of a drawn panel: who leaves is followed by the next lawful ticket; who leads (F1, G1, K7)."""

from __future__ import annotations

from collections import Counter

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules import draw as lot
from zhiheng.rules.decision import no, yes
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.recusal import ExpertFacts, Round, employer_key, found_conflicts
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.models import Expert, Panel, Seat
from zhiheng.stages.qualification.selectors import commissioned

STAGES = [Stage.MATERIAL_REVIEW, Stage.SITE_VISIT]


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
    """Vacate a seat for a reason and seat the next lawful ticket of the panel's own draw: nobody chooses the successor.

    What the outgoing expert handed in stands until it is voided; the successor owes a sheet only where none stands.
    A panel that is led goes on being led: by the successor of its leader, or the first qualified ticket among those who stay.
    """
    name, article, duty = selectors.round_of(panel.cycle)
    if panel.round != name:
        return Outcome(no("该专家组的评审轮次已经结束，不能替换专家", article=article, duty=duty))
    seat = panel.seats.filter(expert=out, vacated_at=None).first()
    if seat is None or not reason.strip():
        return Outcome(no("请选择在组专家并写明替换事由", article=article, duty=duty))
    line = _Line(panel, seat)
    successor = line.successor()
    if successor is None:
        return Outcome(no("本组抽签名单中已无符合条件的专家，请补充专家库后重新抽取", article=article, duty=duty))
    led = seat.leader
    seat.vacated_at, seat.reason = clock.now(), reason
    seat.save(update_fields=["vacated_at", "reason"])
    new = Seat.objects.create(panel=panel, expert=successor, leader=led and successor.leader, succeeds=seat)
    if led and not new.leader:
        first = line.order[0]  # successor() left somebody qualified
        panel.seats.filter(expert__code=first, vacated_at=None).update(leader=True)
    leader = panel.seats.filter(leader=True, vacated_at=None).values_list("expert__code", flat=True).first() or ""
    payload = {"panel": panel.code, "round": panel.round, "out": out.code, "in": successor.code, "reason": reason, "led_by": leader}
    tell = [To(f"person:{successor.person.code}", "受聘评审通知", panel.cycle.title)]
    return Outcome(yes(f"{out.code} 退出，依抽签次序由 {successor.code} 递补", duty=duty), payload, value=successor, tell=tell)


class _Line:
    """Who stands in line for a seat: the panel's tickets, those who stay, and what the draw wanted of the panel."""

    def __init__(self, panel: Panel, seat: Seat) -> None:
        self.panel, self.params = panel, rules_of(panel.cycle).parameters
        transcript = lot.transcript_from_json(panel.draw.transcript or {})
        plain = panel.code if panel.draw.version == 1 else panel.code.removesuffix(f"-v{panel.draw.version}")
        self.drawn = next(p for p in transcript.panels if p.code == plain)
        self.excluded = {x.expert for x in transcript.exclusions if x.panel == plain}
        self.spec = next(lot.spec_from_json(s) for s in panel.draw.frozen["panels"] if s["code"] == plain)
        self.today = {e.code: e for e in facts.pool(panel.cycle)}
        stay = panel.seats.filter(vacated_at=None).exclude(pk=seat.pk).select_related("expert")
        self.stay = {s.expert.code: facts.expert(s.expert) for s in stay}
        #: Of those who stay, who could lead, in the order of their tickets.
        self.order = [code for code, _ in self.drawn.tickets if code in self.stay and self.stay[code].leader]

    def successor(self) -> Expert | None:
        """The first lawful ticket; first of those who can lead where nobody else can, and of the panel's field where one is wanted."""
        lawful = self._lawful()
        if self.spec.need_leader and not self.order:
            lawful = [e for e in lawful if e.leader]
        wanted = min(self.spec.industry_min, self.spec.size)
        if sum(lot.fits(e, self.spec) for e in self.stay.values()) < wanted:
            lawful = [e for e in lawful if lot.fits(e, self.spec)] or lawful
        return Expert.objects.select_related("person").get(code=lawful[0].code) if lawful else None

    def _lawful(self) -> list[ExpertFacts]:
        """In ticket order, who may sit here today: by the frozen exclusions, by every conflict found since, and by load and employer."""
        frozen = {e["code"]: e["load"] for e in self.panel.draw.frozen["pool"]}
        most: int = self.panel.draw.frozen["max_load"]
        seats = Seat.objects.filter(panel__draw=self.panel.draw, vacated_at=None)
        busy = Counter(seats.values_list("expert__code", flat=True))
        out = self.excluded | set(self.panel.seats.values_list("expert__code", flat=True))
        rows = list(self.panel.entries.select_related("party__employer", "party__person"))
        known = facts.entries(rows, facts.scorers(rows) if self.panel.round == "site" else None)
        name: Round = "site" if self.panel.round == "site" else "material"
        alone = self.params.one_per_employer.value
        houses = {employer_key(e.employer) for e in self.stay.values() if alone and e.employer.strip()}
        found = []
        for code, _ in self.drawn.tickets:
            expert = self.today.get(code)
            if expert is None or code in out or frozen[code] + busy[code] >= most or employer_key(expert.employer) in houses:
                continue
            if not any(conflict for e in known for conflict in found_conflicts(expert, e, self.params, clock.today(), name)):
                found.append(expert)
        return found


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
