"""Reading proposed winners, winners, certificates and the prize ledger."""

from __future__ import annotations

from collections import Counter

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Notice
from zhiheng.foundation.publicity.selectors import latest
from zhiheng.rules.lifecycle import PASS, EntryStatus, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation.models import Certificate, LedgerLine


def notice(cycle: Cycle) -> Notice | None:
    """The publicity of the proposed winners."""
    return latest(cycle, "proposed_winners")


def confirmed(cycle: Cycle) -> list[Entry]:
    """The proposed winners whose publicity ended without a true objection."""
    chosen = cycle.entries.filter(status=PASS[Stage.PUBLICITY].value)
    return list(chosen.select_related("party__employer", "recommender", "owner", "cycle").order_by("code"))


def winners(cycle: Cycle) -> list[Entry]:
    """Everyone who won in the cycle, revoked ones included, in neutral order."""
    chosen = cycle.entries.filter(status__in=[EntryStatus.AWARDED.value, EntryStatus.REVOKED.value])
    return list(chosen.select_related("certificate", "party").order_by("name"))


def certificate(number: str) -> Certificate | None:
    """The certificate with this number, for anyone who asks (K6)."""
    return Certificate.objects.filter(number=number.strip()).select_related("entry", "cycle").first()


def balance(entry: Entry) -> dict[str, int]:
    """Prize money of an entry in yuan: paid, recovered, and what is still to be paid or recovered (Q35)."""
    sums: Counter[str] = Counter()
    for kind, amount in LedgerLine.objects.filter(entry=entry).values_list("kind", "amount"):
        sums[kind] += amount
    return {
        "awarded": sums["awarded"],
        "paid": sums["paid"],
        "recovered": sums["recovered"],
        "to_pay": 0 if entry.status == EntryStatus.REVOKED.value else sums["awarded"] - sums["paid"],
        "to_recover": sums["recall"] - sums["recovered"],
    }
