"""Storing files and checking that they are whole (D1, T5, X12)."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.files.inspect import FileFacts, Limits, inspect_upload
from zhiheng.foundation.files.models import StoredFile
from zhiheng.rules.decision import Decision


def store(name: str, stream: BinaryIO, owner: str, limits: Limits | None = None) -> Decision[StoredFile]:
    """Inspect an upload by its content and store it under its digest. Refused: the reasons say what to do; nothing is kept.

    The bytes are written before the row, so a row never names a file that is not there (X1, X4).
    """
    found: Decision[FileFacts] = inspect_upload(name, stream, limits or Limits())
    if not found.ok or found.value is None:
        return Decision(found.reasons)
    facts = found.value
    path = f"{facts.sha256[:2]}/{facts.sha256}"
    if not default_storage.exists(path):
        path = default_storage.save(path, File(stream))
    row = StoredFile.objects.create(
        id=entropy.new_uuid(),
        owner=owner,
        name=facts.clean_name,
        kind=facts.kind,
        mime=facts.mime,
        size=facts.size,
        sha256=facts.sha256,
        content=path,
        stored_at=clock.now(),
    )
    return Decision(found.reasons, row)


def integrity_faults() -> list[str]:
    """Stored files whose bytes no longer have their digest, or are gone (X12): Chinese, one line a file."""
    faults = []
    for row in StoredFile.objects.order_by("pk").iterator():
        try:
            with default_storage.open(str(row.content.name)) as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            faults.append(f"{row.owner} 的文件“{row.name}”已丢失")
            continue
        if found != row.sha256:
            faults.append(f"{row.owner} 的文件“{row.name}”内容与上传时不符")
    return faults
