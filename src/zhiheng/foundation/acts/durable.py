"""An act's transaction, and that it has reached the disk before its receipt is given.

On PostgreSQL the journal's lock would be held while the commit waits for the disk, and acts of one cycle would wait for it one after
another. The commit itself therefore does not wait; what waits is a record written right after it, without any lock, so that many acts
share one wait. The database's log is written in order: when that record is safe, so is the act before it. In a crash between the two
the act may be lost with all that came after it, and nobody has a receipt for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

_LATER = "SET LOCAL synchronous_commit TO off"
_FLUSH = "SELECT pg_logical_emit_message(true, 'act', '')"


@contextmanager
def recorded() -> Iterator[None]:
    """A transaction that is on the disk when the block is left. Inside another transaction it is part of that one and waits with it."""
    connection = transaction.get_connection()
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute(_LATER)
        yield
    if alone:
        with connection.cursor() as cursor:
            cursor.execute(_FLUSH)
