"""What the parts of an office or OFD package say: its kind, its links, no document types (T5, T8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from zhiheng.foundation.files.limits import RefusedFile, broken

CONTENT_TYPES, MAIN_OFD = "[Content_Types].xml", "OFD.xml"
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^[^<]{0,4}<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)""")
#: Encodings in which "<!DOCTYPE" is written with these very bytes (UTF-16 once its NULs are gone).
_READABLE = frozenset({b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"gbk", b"gb2312", b"gb18030", b"iso-8859-1", b"windows-1252"})
#: Relations that an office program follows by itself when a file is opened.
_FOLLOWED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/image", "/aFChunk")


def check_xml(chunks: Iterator[bytes]) -> None:
    """Refuse document types and entities (XXE, expansion) and encodings that could hide them. Reads to the end, a chunk at a time."""
    carried = b""
    for number, chunk in enumerate(chunks):
        text = carried + chunk.replace(b"\0", b"")
        encoding = _ENCODING.match(text) if number == 0 else None
        if _DECLARED.search(text) or (encoding and encoding[1].lower() not in _READABLE):
            raise RefusedFile("文件内部含有外部实体声明，请用原软件另存后重新上传", "entity")
        carried = text[-16:]


def check_relations(content: bytes) -> None:
    """Refuse links that are followed without asking: remote templates, frames, objects and pictures."""
    for relation in _root(content):
        if relation.get("TargetMode", "").lower() == "external" and relation.get("Type", "").endswith(_FOLLOWED):
            raise RefusedFile("文件引用了外部模板、对象或图片，请将其嵌入文档或取消链接后上传", "external")


def main_kind(names: set[str], kept: Mapping[str, bytes]) -> str:
    """The kind of a package by its own declaration; refuses macros, both kinds at once, and archives that are neither."""
    kinds = {"ofd"} if MAIN_OFD in kept and _root(kept[MAIN_OFD]).tag.endswith("}OFD") else set()
    if CONTENT_TYPES in kept:
        for part in _root(kept[CONTENT_TYPES]):
            declared = part.get("ContentType", "")
            if "macroenabled" in declared.lower() or "vbaproject" in declared.lower():
                raise RefusedFile("文件含有宏，请另存为不含宏的格式（docx、xlsx）后上传", "macro")
            if declared in _MAIN and part.get("PartName", "").lstrip("/") in names:
                kinds.add(_MAIN[declared])
    if len(kinds) != 1:
        raise RefusedFile("不支持的文件类型，请上传 pdf、docx、xlsx、jpg、png 或 ofd 文件；压缩包请解压后逐个上传", "kind")
    return kinds.pop()


def _root(content: bytes) -> ET.Element:
    try:
        return ET.fromstring(content)  # noqa: S314  (check_xml has refused document types: no entity can be declared)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise broken() from error
