"""What a dossier says of the committee, the award, money and sanctions (I1, I2, J1–J3, K1–K3, Q35)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.parties.models import Ban
from zhiheng.process.dossier.publicity import Rows, acts
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine
from zhiheng.stages.committee.models import Attendance, Ballot, Meeting, Motion, Resolution
from zhiheng.stages.supervision.models import Finding, Revocation


def lists(cycle: Cycle) -> dict[str, Rows]:
    """The lists of this module."""
    motions = list(cycle.motions.select_related("meeting", "entry").order_by("code"))
    ballots = _ballots(motions)
    resolutions = list(Resolution.objects.filter(cycle=cycle).order_by("pk"))
    return {
        "meetings": _meetings(cycle, resolutions),
        "motions": [_motion(row, ballots[row.pk]) for row in motions],
        "ballots": [{"motion": row.code, **ballot} for row in motions for ballot in ballots[row.pk]],
        "cancellations": _cancellations(resolutions),
        **_award(cycle),
        **_sanctions(cycle),
    }


def _meetings(cycle: Cycle, resolutions: Sequence[Resolution]) -> Rows:
    resolved = {row.meeting_id: row for row in resolutions if row.kind == "proposal"}
    seats: dict[int, list[int]] = defaultdict(list)
    for meeting, seat in Attendance.objects.filter(meeting__cycle=cycle).order_by("member__seat").values_list("meeting", "member__seat"):
        seats[meeting].append(seat)
    return [_meeting(row, seats[row.pk], resolved.get(row.pk)) for row in cycle.meetings.order_by("code")]


def _meeting(row: Meeting, seats: list[int], resolution: Resolution | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "meeting": row.code,
        "members": row.members,
        "seats": seats,
        "at": acts(committee__convene=row.held_on, committee__resolve=resolution and resolution.resolved_at),
    }
    return record | {"proposed": resolution.entries} if resolution else record


def _ballots(motions: Sequence[Motion]) -> dict[int, Rows]:
    """Motion → its ballots in token order: token and choice, with the seat only where the ballot was open. While a motion is open
    its ballots stay sealed: nothing of them leaves (I2, T13)."""
    closed = {row.pk: row for row in motions if row.closed_at}
    found: dict[int, Rows] = defaultdict(list)
    for ballot in Ballot.objects.filter(motion__in=list(closed)).order_by("token"):
        row: dict[str, Any] = {"token": ballot.token, "choice": ballot.choice}
        found[ballot.motion_id].append(row if closed[ballot.motion_id].secret else row | {"seat": ballot.seat})
    return found


def _motion(row: Motion, ballots: Rows) -> dict[str, Any]:
    """A motion; `box` is the digest of its ballots as the journal has it from the closing."""
    record: dict[str, Any] = {
        "motion": row.code,
        "meeting": row.meeting.code,
        "entry": row.entry.code,
        "present": row.present,
        "entitled": row.entitled,
        "recused": row.recused,
        "at": acts(committee__open_ballot=row.opened_at, committee__close_ballot=row.closed_at),
    }
    box = [list(ballot.values()) for ballot in ballots]
    return record | {"tally": row.tally, "box": digest_of(box)} if row.closed_at else record


def _cancellations(resolutions: Sequence[Resolution]) -> Rows:
    return [
        {"entry": code, "at": acts(commendation__cancel=row.resolved_at)}
        for row in resolutions
        if row.kind == "cancellation"
        for code in row.entries
    ]


def _award(cycle: Cycle) -> dict[str, Rows]:
    """Approval, certificates and the ledger. Ledger notes stay inside: they may name persons."""
    certificates = Certificate.objects.filter(cycle=cycle).select_related("entry").order_by("entry__code")
    ledger = LedgerLine.objects.filter(entry__cycle=cycle).select_related("entry").order_by("entry__code", "pk")
    return {
        "approval": [
            {"cycle": cycle.code, "entries": row.entries, "approved_on": row.approved_on, "at": acts(commendation__approve=True)}
            for row in Approval.objects.filter(cycle=cycle)
        ],
        "certificates": [
            {
                "entry": row.entry.code,
                "certificate": row.number,
                "revoked_on": row.revoked_on,
                "recovered_on": row.recovered_on,
                "at": acts(commendation__award___certificates=row.issued_on),
            }
            for row in certificates
        ],
        "ledger": [{"entry": row.entry.code, "kind": row.kind, "amount": row.amount, "on": row.on} for row in ledger],
    }


def _sanctions(cycle: Cycle) -> dict[str, Rows]:
    """Findings of false materials with their bans, and revocations."""
    findings = Finding.objects.filter(entry__cycle=cycle).select_related("entry").order_by("entry__code", "pk")
    revocations = Revocation.objects.filter(entry__cycle=cycle).select_related("entry").order_by("entry__code", "pk")
    bans: dict[tuple[int, str, date | None], date] = {
        (ban.party_id, ban.duty, ban.from_on): ban.until for ban in Ban.objects.filter(party__entries__cycle=cycle).order_by("pk")
    }
    return {
        "bans": [
            {
                "entry": row.entry.code,
                "from": row.found_on,
                "until": bans[row.entry.party_id, "K1", row.found_on],
                "at": acts(supervision__find_false=row.found_on),
            }
            for row in findings
        ],
        "revocations": [_revocation(row, bans.get((row.entry.party_id, "K2", row.decided_on))) for row in revocations],
    }


def _revocation(row: Revocation, until: date | None) -> dict[str, Any]:
    deceit = row.ground == "deceit"
    return {
        "entry": row.entry.code,
        "ground": row.ground,
        "event_on": row.event_on,
        "decided_on": row.decided_on,
        "ban_until": until if deceit else None,
        "at": acts(
            supervision__revoke_deceit=row.decided_on if deceit else None,
            supervision__verify_event=row.verified_at,
            supervision__agree_revocation=row.agreed_at,
            supervision__revoke_event=None if deceit else row.decided_on,
        ),
    }
