"""PDF: whole, nothing behind it, no scripts, nothing that starts programs (T5)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from zhiheng.foundation.files.limits import MEGABYTE, RefusedFile, broken
from zhiheng.foundation.files.trailing import hidden, is_also_zip, markup_in, second_file, starts_second_file


def _name(text: str) -> bytes:
    """A pattern for a PDF name with any of its letters written as #xx, followed by a delimiter."""
    letters = b"".join(b"(?:%c|#%02x|#%02X)" % (ord(char), ord(char), ord(char)) for char in text)
    return b"/" + letters + rb"(?![^\s\x00()<>\[\]{}/%])"


_SCRIPT = re.compile(_name("JavaScript"))
_LAUNCH = re.compile(_name("Launch"))
_ATTACHED = re.compile(_name("EmbeddedFile") + b"|" + _name("EmbeddedFiles"))
_ENCRYPTED = re.compile(_name("Encrypt") + rb"\s*(?:\d+\s+\d+\s+R|<<)")
_OBJECT_STREAM = re.compile(_name("ObjStm"))
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(_name("Filter") + rb"\s*\[?\s*(/[^\s/\[\]<>()]+)(\s*/[^\s/\[\]<>()]+)?")
_PREDICTED = re.compile(_name("Predictor"))
_PLAIN = re.compile(rb"\s*\d+\s+\d+\s")  # how the content of an object stream starts
_END = re.compile(rb"%%EOF")
_MOST_UNPACKED = 64 * MEGABYTE
_NEAR = 4096


def check_pdf(data: bytes) -> bool:
    """Raise RefusedFile for what a PDF must not be; True when files are attached in it, which staff should know.

    Dictionaries lie either in the open or in object streams; the latter are unpacked, 64 MB at most in all.
    """
    ends = [match.end() for match in _END.finditer(data)]
    if not ends:
        raise broken("PDF文件")
    polyglot = second_file(data[ends[-1] :]) or any(starts_second_file(data[end : end + 1100]) for end in ends)
    if polyglot or markup_in(data[:1024]) or is_also_zip(data):
        raise hidden("PDF文件")
    if _ENCRYPTED.search(data):
        raise RefusedFile("PDF文件已加密或设有权限限制，请取消密码和限制后上传", "encrypted")
    attached = False
    for text in (data, *_object_streams(data)):
        if _SCRIPT.search(text):
            raise RefusedFile("PDF文件含有脚本（JavaScript），请以“打印为PDF”方式重新生成后上传", "script")
        if _LAUNCH.search(text):
            raise RefusedFile("PDF文件含有启动外部程序的操作，请以“打印为PDF”方式重新生成后上传", "launch")
        attached = attached or bool(_ATTACHED.search(text))
    return attached


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The unpacked object streams. What cannot be looked into is refused, since it could hold anything."""
    left = _MOST_UNPACKED
    opaque = RefusedFile("PDF文件采用了无法检查的编码，请以“打印为PDF”方式重新生成后上传", "opaque")
    for found in _OBJECT_STREAM.finditer(data):
        start = _STREAM.search(data, found.end())
        if start is None:
            continue
        packed = data[start.end() : data.find(b"endstream", start.end())]
        # The dictionary's filter may stand on either side of its type.
        before = max(data.rfind(b"obj", max(found.start() - _NEAR, 0), found.start()), found.start() - _NEAR, 0)
        around = data[before : min(start.start(), found.end() + _NEAR)]
        filters = _FILTER.search(around)
        if filters is None and _PLAIN.match(packed):
            continue  # in the open: seen in the data itself
        if filters is None or filters[1] != b"/FlateDecode" or filters[2] or _PREDICTED.search(around):
            raise opaque
        inflater = zlib.decompressobj()
        try:
            text = inflater.decompress(packed, left + 1)
        except zlib.error as error:
            raise broken("PDF文件") from error
        left -= len(text)
        if left < 0:
            raise RefusedFile("PDF文件解压后过大，请精简内容后上传", "bomb")
        if not inflater.eof:
            raise opaque
        yield text
