"""The journal: one hash chain a cycle and one for the platform; database triggers refuse change and deletion (L3, T15)."""

from __future__ import annotations

from django.db import models


class JournalHead(models.Model):
    """The last entry of a chain. Its row lock puts the acts of a chain in order."""

    chain = models.CharField(max_length=40, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class JournalEntry(models.Model):
    """One act, refusal or look. `body` is the canonical JSON that was hashed, byte for byte; the other columns repeat parts of it."""

    chain = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=10)  # act, refusal, look
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=30)
    subject = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    hash = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_a_place")]
        indexes = [models.Index(fields=["subject", "seq"], name="journal_subject")]
