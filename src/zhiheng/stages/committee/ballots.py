"""The ballot box: casting, shuffling, digest (I2, T13)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from zhiheng.foundation import entropy
from zhiheng.foundation.canonical import digest_of
from zhiheng.stages.committee.models import Ballot, BallotIssue, Motion


def cast(motion: Motion, seat: int, choice: str) -> bool:
    """Put a ballot in the box; False when the member has voted already (the database decides, X6)."""
    try:
        with transaction.atomic():
            BallotIssue.objects.create(motion=motion, seat=seat)
            Ballot.objects.create(token=entropy.token(), motion=motion, choice=choice, seat=None if motion.secret else seat)
    except IntegrityError:
        return False
    return True


def shuffle(motion: Motion) -> None:
    """Write the whole box anew in token order, in this transaction, so that storage tells nothing of who cast which."""
    rows = list(motion.ballots.order_by("token"))
    motion.ballots.all().delete()
    Ballot.objects.bulk_create(rows)
    issues = list(motion.issues.order_by("seat"))
    motion.issues.all().delete()
    BallotIssue.objects.bulk_create(BallotIssue(motion=motion, seat=i.seat) for i in issues)


def listed(motion: Motion) -> list[list[object]]:
    """The ballots as the dossier shows them: [token, choice], with the seat where the ballot was open, in token order."""
    rows = motion.ballots.order_by("token")
    return [[b.token, b.choice] if motion.secret else [b.token, b.choice, b.seat] for b in rows]


def box_digest(motion: Motion) -> str:
    """SHA-256 of the canonical list of ballots; journalled when the motion closes (T14)."""
    return digest_of(listed(motion))
