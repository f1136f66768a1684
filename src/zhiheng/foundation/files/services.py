"""Storing files and checking that they are whole (D1, T5, X12)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.files.inspect import FileFacts, Limits, inspect_upload
from zhiheng.foundation.files.models import StoredFile
from zhiheng.rules.decision import Decision


def store(name: str, stream: BinaryIO, owner: str, limits: Limits | None = None, *, apart: bool = False) -> Decision[StoredFile]:
    """Inspect an upload by its content and store it under its digest. Refused: the reasons say what to do; nothing is kept.

    The bytes are written before the row, and stand under their digest only when they are whole: a row never names a file that is not
    there or is cut off (X1, X4). apart: the bytes are kept for this row alone, so that both may be forgotten again (`forget`).
    """
    found: Decision[FileFacts] = inspect_upload(name, stream, limits or Limits())
    if not found.ok or found.value is None:
        return Decision(found.reasons)
    facts = found.value
    key = entropy.new_uuid()
    row = StoredFile.objects.create(
        id=key,
        owner=owner,
        name=facts.clean_name,
        kind=facts.kind,
        mime=facts.mime,
        size=facts.size,
        sha256=facts.sha256,
        content=_placed(f"apart/{key}", stream, f"incoming/{key}") if apart else _kept(facts.sha256, stream, f"incoming/{key}"),
        stored_at=clock.now(),
    )
    return Decision(found.reasons, row)


def _kept(sha256: str, stream: BinaryIO, aside: str) -> str:
    """Where the content is kept. Written aside and moved in one step; what a killed process left half-written is replaced."""
    path = f"{sha256[:2]}/{sha256}"
    there = default_storage.exists(path)
    if there and _digest(path) == sha256:
        return path
    if there and not isinstance(default_storage, FileSystemStorage):
        default_storage.delete(path)
    return _placed(path, stream, aside)


def _placed(path: str, stream: BinaryIO, aside: str) -> str:
    """Put the content at `path`, where it appears whole or not at all."""
    if not isinstance(default_storage, FileSystemStorage):  # object storage does so by itself
        return default_storage.save(path, File(stream))
    target = Path(default_storage.path(path))
    try:
        default_storage.save(aside, File(stream))
        target.parent.mkdir(mode=0o700, exist_ok=True)
        Path(default_storage.path(aside)).replace(target)
    except BaseException:
        default_storage.delete(aside)
        raise
    return path


def forget(owner: str, before: datetime, most: int = 50) -> int:
    """Delete files stored apart for an owner whose name begins so, uploaded before that moment, `most` of them; how many. For what was
    uploaded with a form that was never sent."""
    rows = StoredFile.objects.filter(owner__startswith=owner, content__startswith="apart/", stored_at__lt=before).order_by("stored_at")
    for row in (found := list(rows[:most])):
        row.delete()
        default_storage.delete(str(row.content.name))
    return len(found)


def _digest(path: str) -> str:
    with default_storage.open(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged() -> Iterator[tuple[StoredFile, str]]:
    """Stored files whose bytes no longer have their digest, or are gone (X12), each with what is wrong in Chinese."""
    for row in StoredFile.objects.order_by("pk").iterator():
        if fault := _fault(row):
            yield row, fault


def integrity_faults() -> list[str]:
    """The same for people who may know the files: Chinese, one line a file."""
    return [f"{row.owner} 的文件“{row.name}”{fault}" for row, fault in damaged()]


def _fault(row: StoredFile) -> str:
    try:
        return "" if _digest(str(row.content.name)) == row.sha256 else "内容与上传时不符"
    except FileNotFoundError:
        return "已丢失"
    except (OSError, SuspiciousFileOperation):
        return "无法读取"
