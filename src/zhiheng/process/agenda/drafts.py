"""What decides whether drafts may be submitted, read for many at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import prefetch_related_objects

from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules.eligibility import SubmissionFacts
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application import facts
from zhiheng.stages.application.models import Entry

#: What is read of a draft besides.
COLUMNS = (
    "form", "declared", "no_state_secrets", "signed_by", "internal_from", "internal_until", "internal_objections", "internal_proof",
    "warnings_answer", "party__kind", "party__city", "party__employer",
)  # fmt: skip
NEVER_STOOD = (EntryStatus.WITHDRAWN.value, EntryStatus.DRAFT.value)


def submissions(entries: list[Entry]) -> Iterator[tuple[Entry, SubmissionFacts]]:
    """Each draft with its facts. The findings of Q11 are left out: they are the recommender's to answer and hold nobody up."""
    if not entries:
        return
    prefetch_related_objects(entries, "evidence", "party__bans", "party__honours", "party__employer__bans")
    before = _attempts(entries)
    employers = _employers(entries)
    for entry in entries:
        called = entry.cycle.pinned_at
        attempts = sum(called is not None and at < called for at in before.get(entry.party_id, ()))
        applied = employers.get(entry.party.employer_id or 0, [])
        yield entry, facts.submission(entry, facts.Known(attempts, applied, ()))


def returned(entries: list[Entry]) -> dict[str, str]:
    """Code → what the recommender wants corrected, of drafts that were handed in and sent back."""
    subjects = {f"entry:{entry.code}": entry.code for entry in entries}
    rows = JournalEntry.objects.filter(act="recommendation.return", kind="act", subject__in=list(subjects)).order_by("pk")
    return {subjects[subject]: str(json.loads(body)["payload"].get("reason", "")) for subject, body in rows.values_list("subject", "body")}


def _attempts(entries: list[Entry]) -> dict[int, list[datetime]]:
    """Party pk → when the cycles were called in which it applied and stood."""
    found: dict[int, list[datetime]] = defaultdict(list)
    rows = Entry.objects.filter(party__entries__in=[entry.pk for entry in entries], submitted_at__isnull=False)
    rows = rows.filter(cycle__pinned_at__isnull=False).exclude(status__in=NEVER_STOOD).distinct()
    for party, at, _ in rows.values_list("party", "cycle__pinned_at", "pk"):
        if at is not None:
            found[party].append(at)
    return found


def _employers(entries: list[Entry]) -> dict[int, list[Entry]]:
    """Organization pk → what it handed in, for the persons who answer for theirs."""
    wanted = {entry.party.employer_id for entry in entries if entry.party.employer_id and facts.answers_for_employer(entry)}
    found: dict[int, list[Entry]] = defaultdict(list)
    if wanted:
        for row in facts.handed_in().filter(party__in=wanted).only("form", "cycle", "party__kind"):
            found[row.party_id].append(row)
    return found
