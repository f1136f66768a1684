"""What an upload may be, what is found out about it, and how a guard refuses it (D1, T5)."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
#: The kinds of file taken in: kind → MIME type.
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an upload and what is packed in it may be. Sizes in bytes, `max_ratio` unpacked to packed, `max_name` in characters.

    The ratio is asked only of what unpacks to more than `ratio_from`: small office parts are mostly repetition.
    """

    max_bytes: int = 50 * MEGABYTE
    max_unpacked: int = 200 * MEGABYTE
    max_ratio: int = 100
    ratio_from: int = 20 * MEGABYTE
    max_entries: int = 5000
    max_part: int = 20 * MEGABYTE  # of an embedded document, which is held in memory
    max_pixels: int = 50_000_000
    max_name: int = 120
    kinds: frozenset[str] = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """An upload that was found harmless: its kind by content, MIME type, size in bytes, SHA-256 in hex, and a safe name to show."""

    kind: str
    mime: str
    size: int
    sha256: str
    clean_name: str


class RefusedFile(Exception):
    """A guard's refusal: Chinese text that says what to do, and a stable code."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


def broken(what: str = "文件") -> RefusedFile:
    """The refusal of a file that does not hold together."""
    return RefusedFile(f"{what}已损坏或不完整，请用原软件打开另存后重新上传", "broken")
