"""What waits after the award: use of the money, revisits, misuse, revocations and what they recover (J4, J6, K2, K3, K5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.award import balances
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.rules.sanctions import may_revoke_for_event
from zhiheng.stages.commendation.models import Approval, Certificate, UseReport
from zhiheng.stages.supervision.models import MisuseReport, Revisit, Revocation

E = EntryStatus


def use(scope: Scope) -> Iterator[Todo]:
    """Prize money paid to organizations whose use has not been reported (J4)."""
    money = balances(scope, E.AWARDED)
    if not money:
        return
    rows = scope.with_status(E.AWARDED)
    used: dict[int, int] = {}
    for entry, amount in UseReport.objects.filter(entry__in=rows.values("pk")).values_list("entry", "amount"):
        used[entry] = used.get(entry, 0) + amount
    for winner in scope.read(rows):
        left = money[winner.pk]["paid"] - used.get(winner.pk, 0) if winner.pk in money else 0
        if left > 0 and rules_of(winner.cycle).award(winner.award).applicant == "organization":
            yield todo("commendation.report_use", winner, winner.cycle, f"{line(winner)}：尚有 {left} 元未报告使用情况")


def revisits(scope: Scope) -> Iterator[Todo]:
    """Winning organizations that their city has not visited yet (K5)."""
    visited = Revisit.objects.filter(entry__in=scope.with_status(E.AWARDED).values("pk")).values("entry")
    for winner in scope.read(scope.with_status(E.AWARDED).exclude(pk__in=visited)):
        if rules_of(winner.cycle).award(winner.award).applicant == "organization":
            yield todo("supervision.revisit", winner, winner.cycle, line(winner))


def misuse(scope: Scope) -> Iterator[Todo]:
    """Reports of misuse that nobody has handled."""
    rows = MisuseReport.objects.filter(entry__cycle__in=list(scope.cycles), handled_at=None).select_related("entry")
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)
    for row in rows.only("number", "handled_at", "entry__code", "entry__name", "entry__cycle", "entry__status").order_by("pk"):
        row.entry.cycle = scope.cycles[row.entry.cycle_id]
        yield todo("supervision.handle_misuse", row, row.entry.cycle, f"{row.number}（{line(row.entry)}）")


def revocations(scope: Scope) -> Iterator[Todo]:
    """Events verified by a department: the committee's word, then the decision (K3)."""
    scope = scope.presided()
    rows = Revocation.objects.filter(entry__cycle__in=list(scope.cycles), ground="event", decided_on=None, entry__status=E.AWARDED.value)
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)
    decided: dict[int, date] = dict(Approval.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", "approved_on"))
    for row in rows.select_related("entry").defer("text", "entry__form").order_by("pk"):
        entry = row.entry
        entry.cycle = scope.cycles[entry.cycle_id]
        if row.agreed_at is None:
            yield todo("supervision.agree_revocation", row, entry.cycle, line(entry))
            continue
        why = ""
        if row.event_on and entry.cycle_id in decided:
            verdict = may_revoke_for_event(decided[entry.cycle_id], row.event_on, True, True, rules_of(entry.cycle))
            why = "" if verdict.ok else verdict.text()
        yield todo("supervision.revoke_event", row, entry.cycle, line(entry), blocked=why)


def recoveries(scope: Scope) -> Iterator[Todo]:
    """Of awards that were taken back what is still out: money, certificate (Q35)."""
    rows = scope.with_status(E.REVOKED)
    money = balances(scope, E.REVOKED)
    out = set(Certificate.objects.filter(entry__in=rows.values("pk"), recovered_on=None).values_list("entry", flat=True))
    for entry in scope.read(rows):
        sums = money.get(entry.pk)
        left = sums["recall"] - sums["recovered"] if sums else 0
        parts = ([f"奖金 {left} 元待追缴"] if left > 0 else []) + (["证书、奖牌或奖杯待收回"] if entry.pk in out else [])
        if parts:
            yield todo("supervision.recover", entry, entry.cycle, f"{line(entry)}：{'，'.join(parts)}")
