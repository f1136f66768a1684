"""Signs that a file is a second file as well (polyglots; T5)."""

from __future__ import annotations

import re

from zhiheng.foundation.files.limits import MEGABYTE, RefusedFile

_MARKUP_TEXT = rb"<(?i:script|html|head|body|iframe|svg|!doctype|\?php)\b"
#: Starts of other files, long enough not to turn up by chance.
_STARTS_TEXT = (
    rb"%PDF-|PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x7fELF|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    rb"|\x89PNG\r\n\x1a\n|GIF8[79]a|ftyp(?:isom|mp4|avc|heic|mif1|qt  )|MSCF\0\0\0\0"
)
_SHORT_STARTS = (b"MZ", b"#!", b"\x1f\x8b", b"BZh", b"\xff\xd8\xff", b"<?xml")
_MARKUP = re.compile(_MARKUP_TEXT)
_ANYWHERE = re.compile(_STARTS_TEXT + b"|" + _MARKUP_TEXT)
_BEHIND_END = re.compile(
    rb"%%EOF[\0\t\n\f\r ]*+(?:" + _STARTS_TEXT + b"|" + _MARKUP_TEXT + b"|" + b"|".join(map(re.escape, _SHORT_STARTS)) + b")"
)
_DIRECTORY_END = 22 + 65535  # a zip directory's end record and the longest comment behind it


def hidden(what: str) -> RefusedFile:
    """The refusal of a file with another one in it."""
    return RefusedFile(f"{what}中夹带了其他文件或网页脚本，请用原软件重新导出后上传", "polyglot")


def second_file(rest: bytes) -> bool:
    """Whether the bytes after a file's proper end hold or start another known file, markup or a script. Blank or unknown bytes do not."""
    rest = rest[:MEGABYTE].lstrip(b"\0\t\n\f\r ")
    return rest.startswith(_SHORT_STARTS) or bool(_ANYWHERE.search(rest))


def behind_an_end_mark(data: bytes) -> bool:
    """Whether another known file, markup or a script starts right behind any of a PDF's end marks."""
    return bool(_BEHIND_END.search(data))


def markup_in(head: bytes) -> bool:
    """Whether the first bytes of a file hold markup that a browser might act on."""
    return bool(_MARKUP.search(head))


def is_also_zip(data: bytes) -> bool:
    """Whether a zip reader would find a directory at the end: readers look there, whatever the file starts with."""
    return b"PK\x05\x06" in data[-_DIRECTORY_END:]
