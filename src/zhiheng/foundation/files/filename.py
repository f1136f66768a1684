"""File names as people may safely see and save them (T4, T5, T8)."""

from __future__ import annotations

import re
import unicodedata

from zhiheng.foundation.files.limits import RefusedFile

_SEPARATORS = re.compile(r'[\\/:*?"<>|]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def clean_name(name: str, longest: int) -> str:
    """The name without anything that could mislead: control and direction characters go, separators become "_", a long stem is cut.

    The extension stays, in lower case. Raises RefusedFile for a NUL, which makes the extension ambiguous, and for no extension.
    """
    if "\0" in name:
        raise RefusedFile("文件名含有非法字符，请重命名后上传", "name")
    # Category C: control, format (direction overrides, zero width), surrogates, unassigned; Zl and Zp: line and paragraph separators.
    shown = "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C" and char not in "\u2028\u2029"
    )
    stem, dot, extension = _SEPARATORS.sub("_", shown).rpartition(".")
    extension = extension.strip().lower()
    if not dot or not extension:
        raise RefusedFile("文件名没有扩展名，请按文件类型补上扩展名（如 .pdf）后上传", "extension")
    stem = stem.strip(" .") or "未命名"
    if _DEVICE.fullmatch(stem):  # names that Windows cannot save
        stem = f"_{stem}"
    return f"{stem[: max(longest - len(extension) - 1, 1)].rstrip(' .')}.{extension}"
