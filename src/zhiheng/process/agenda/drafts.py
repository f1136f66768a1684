"""What decides whether drafts may be submitted, for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiheng.rules.eligibility import SubmissionFacts
from zhiheng.stages.application import facts
from zhiheng.stages.application.models import Entry


def submissions(entries: Iterable[Entry]) -> Iterator[tuple[Entry, SubmissionFacts]]:
    """Each entry with its facts."""
    for entry in entries:
        yield entry, facts.submission(entry)
