"""From the proposed winners to the prize money: publicity, cancellation, approval, award, payment, feedback (J1–J3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Sum

from zhiheng.foundation import clock
from zhiheng.foundation.parties.models import Ban
from zhiheng.process.agenda.listed import held, latest, objections
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation.models import Approval, FeedbackRelease, LedgerLine
from zhiheng.stages.review.models import Result

E = EntryStatus


def publicity(scope: Scope) -> Iterator[Todo]:
    """The proposed winners: published, objections found true cancelled, the rest confirmed."""
    proposed = scope.tally(Stage.PUBLICITY)
    notices, (_, waiting) = latest(scope, "proposed_winners"), objections(scope, "proposed_winners")
    cancel = list(_cancel(scope.presided(), E.PROPOSED))
    yield from (found for found in cancel if scope.entry is None or found.subject.pk == scope.entry.pk)
    if not scope.wants(Role.OFFICE):
        return
    for pk, cycle in scope.cycles.items():
        notice = notices.get(pk)
        if not proposed.get(pk):
            continue
        if notice is None:
            yield todo("commendation.publish", cycle, cycle, cycle.title)
        elif notice.closed_at is not None:
            bad = sum(found.cycle == cycle for found in cancel)
            why = f"{bad} 项须先提请省质评委取消其资格" if bad else held(waiting[notice.pk])
            yield todo("commendation.confirm", cycle, cycle, cycle.title, blocked=why)


def commendation(scope: Scope) -> Iterator[Todo]:
    """The government's approval, the award, the feedback."""
    confirmed = scope.tally(Stage.COMMENDATION)
    approved = set(Approval.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", flat=True))
    for found in _cancel(scope.presided(), E.CONFIRMED):
        if found.subject.cycle_id not in approved and (scope.entry is None or found.subject.pk == scope.entry.pk):
            yield found
    for pk, cycle in scope.cycles.items():
        if confirmed.get(pk) and pk not in approved:
            yield todo("commendation.approve", cycle, cycle, f"{cycle.title}授奖名单（{confirmed[pk]} 项）")
        elif confirmed.get(pk):
            yield todo("commendation.award", cycle, cycle, f"{cycle.title}授奖名单（{confirmed[pk]} 项）")


def feedback(scope: Scope) -> Iterator[Todo]:
    """The reports to the applicants, once the award was decided (Q32)."""
    undecided = set(scope.tally(Stage.COMMENDATION))
    released = set(FeedbackRelease.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", flat=True))
    open_ones = [pk for pk in scope.cycles if pk not in undecided and pk not in released]
    reviewed = set(Result.objects.filter(entry__cycle__in=open_ones, round="material").values_list("entry__cycle", flat=True).distinct())
    for pk in open_ones:
        if pk in reviewed:
            yield todo("commendation.release_feedback", scope.cycles[pk], scope.cycles[pk], scope.cycles[pk].title)


def pay(scope: Scope) -> Iterator[Todo]:
    """Prize money that is owed and not paid in full."""
    rows = scope.with_status(E.AWARDED)
    money = balances(scope, E.AWARDED)
    owed = {entry: sums["awarded"] - sums["paid"] for entry, sums in money.items() if sums["awarded"] > sums["paid"]}
    for entry in scope.read(rows.filter(pk__in=list(owed))) if owed else ():
        yield todo("commendation.pay", entry, entry.cycle, f"{line(entry)}：应发未发 {owed[entry.pk]} 元")


def balances(scope: Scope, status: EntryStatus) -> dict[int, Counter[str]]:
    """Entry pk → kind of movement → yuan, for the role's entries in a status."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = LedgerLine.objects.filter(entry__in=scope.with_status(status).values("pk")).order_by()
    for entry, kind, amount in rows.values_list("entry", "kind").annotate(Sum("amount")):
        found[entry][kind] = amount
    return found


def _cancel(scope: Scope, status: EntryStatus) -> Iterator[Todo]:
    """Those against whom an objection was found true, or whose party has been banned meanwhile (J2, Q10, Q29)."""
    upheld, _ = objections(scope, "proposed_winners")
    numbers = {code: number for found in upheld.values() for code, number in found.items()}
    today = clock.today()
    banned = Ban.objects.filter(from_on__lte=today, until__gte=today, party__entries__cycle__in=list(scope.cycles))
    parties = set(banned.filter(party__entries__status=status.value).values_list("party", flat=True))
    if not numbers and not parties:
        return
    rows = Entry.objects.filter(cycle__in=list(scope.cycles), status=status.value)
    for entry in scope.read(rows):
        if entry.code in numbers or entry.party_id in parties:
            why = f"异议 {numbers[entry.code]} 经查属实" if entry.code in numbers else "申报主体已被限制申报"
            yield todo("commendation.cancel", entry, entry.cycle, f"{line(entry)}（{why}）")
