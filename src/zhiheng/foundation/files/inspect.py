"""Uploads judged by their content, not by their name (细则四(二); D1, T5): what is stored later is what was looked at here."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import BinaryIO

import puremagic

from zhiheng.foundation.files.archive import check_archive
from zhiheng.foundation.files.filename import clean_name
from zhiheng.foundation.files.image import check_image
from zhiheng.foundation.files.limits import KINDS, MEGABYTE, FileFacts, Limits, RefusedFile
from zhiheng.foundation.files.pdf import check_pdf
from zhiheng.rules.decision import Decision, Reason, decide, no

__all__ = ["FileFacts", "Limits", "inspect_upload"]

_ARTICLE, _DUTY = "四(二)", "D1"
_CHUNK = 1024 * 1024
_HEAD = 4096
_SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"PK\x03\x04": "archive"}
_EXTENSIONS = {"jpeg": "jpg"} | {kind: kind for kind in KINDS}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def inspect_upload(name: str, stream: BinaryIO, limits: Limits) -> Decision[FileFacts]:
    """Whether a file may be taken in; value: what it is. The stream must be seekable and stands at 0 afterwards.

    Refused, each with what to do: empty or too large; a kind that is not taken, or not the one its name says; broken, encrypted,
    carrying macros, scripts, programs, other files, entities or links; unpacking to too much; too many pixels. Files attached in a PDF
    are a warning. Time and memory are bounded by `limits`.
    """
    try:
        facts, warnings = _facts(name, stream, limits)
    except RefusedFile as refused:
        return no(refused.text, article=_ARTICLE, duty=_DUTY, code=f"file.{refused.code}")
    finally:
        stream.seek(0)
    text = f"文件“{facts.clean_name}”检查通过"
    return decide([Reason(True, text, _ARTICLE, _DUTY, "file.ok"), *warnings], facts)


def _facts(name: str, stream: BinaryIO, limits: Limits) -> tuple[FileFacts, list[Reason]]:
    clean = clean_name(name, limits.max_name)
    size, sha256, head = _read(stream, limits.max_bytes)
    extension = clean.rpartition(".")[2]
    kind = next((kind for signature, kind in _SIGNATURES.items() if head.startswith(signature)), "")
    if not kind:
        raise _unknown(head)
    warnings = []
    if kind == "archive":
        kind = check_archive(stream, size, limits)
    else:
        stream.seek(0)
        data = stream.read(size)
        if kind != "pdf":
            check_image(kind, data, limits)
        elif check_pdf(data):
            text = "PDF文件内嵌有附件，评审时只看正文，请将附件作为证实性材料单独上传"
            warnings.append(Reason(False, text, _ARTICLE, _DUTY, "file.attached", warning=True))
    if _EXTENSIONS.get(extension) != kind:
        raise RefusedFile(f"扩展名“.{extension[:10]}”与文件内容不符，文件实为{kind}，请改正扩展名或另选文件", "mismatch")
    if kind not in limits.kinds:
        raise RefusedFile(f"此处不接受{kind}文件，请上传{'、'.join(sorted(limits.kinds))}文件", "kind")
    return FileFacts(kind, KINDS[kind], size, sha256, clean), warnings


def _read(stream: BinaryIO, most: int) -> tuple[int, str, bytes]:
    """Size, SHA-256 and first bytes, in one pass that stops at the limit."""
    stream.seek(0)
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise RefusedFile(f"文件超过{most // MEGABYTE}MB，请压缩或拆分后上传", "too_large")
        digest.update(chunk)
        if len(head) < _HEAD:
            head += chunk[: _HEAD - len(head)]
    if not size:
        raise RefusedFile("文件为空，请检查后重新上传", "empty")
    return size, digest.hexdigest(), head


def _unknown(head: bytes) -> RefusedFile:
    """The refusal of a kind that is not taken, naming what it seems to be."""
    if head.startswith(_OLE):
        return RefusedFile("不支持旧版Office文件或加密文件，请取消密码并另存为docx、xlsx或pdf后上传", "kind")
    try:
        guesses = Counter(match.extension for match in puremagic.magic_string(head) if match.confidence >= 0.5)
    except (puremagic.PureError, ValueError):
        guesses = Counter()
    seems = f"（检测为{guesses.most_common(1)[0][0]}）" if guesses else ""
    return RefusedFile(f"不支持的文件类型{seems}，请上传pdf、docx、xlsx、jpg、png或ofd文件", "kind")
