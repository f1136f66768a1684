"""PDF: whole, nothing behind it, no scripts, nothing that starts programs (T5)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import chain

from zhiheng.foundation.files.limits import MEGABYTE, RefusedFile, broken
from zhiheng.foundation.files.trailing import behind_an_end_mark, hidden, is_also_zip, markup_in, second_file


def _name(text: str) -> bytes:
    """A pattern for a PDF name behind its slash, any of its letters written as #xx, followed by a delimiter."""
    letters = b"".join(b"(?:%c|#%02x|#%02X)" % (ord(char), ord(char), ord(char)) for char in text)
    return letters + rb"(?![^\s\x00()<>\[\]{}/%])"


_BANNED = re.compile(
    b"/(?:(?P<script>%s)|(?P<launch>%s)|(?P<encrypted>%s))"
    % (_name("JavaScript"), _name("Launch"), _name("Encrypt") + rb"\s*+(?:\d++\s++\d++\s++R|<<)")
)
_WHY = {
    "script": "PDF文件含有脚本（JavaScript），请以“打印为PDF”方式重新生成后上传",
    "launch": "PDF文件含有启动外部程序的操作，请以“打印为PDF”方式重新生成后上传",
    "encrypted": "PDF文件已加密或设有权限限制，请取消密码和限制后上传",
}
_ATTACHED = re.compile(b"/(?:" + _name("EmbeddedFile") + b"|" + _name("EmbeddedFiles") + b")")
_OBJECT_STREAM = re.compile(b"/" + _name("ObjStm"))
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER_NAME = rb"/[^\s/\[\]<>()]++"
_FILTER = re.compile(b"/" + _name("Filter") + rb"\s*+(?:(%s)|\[\s*+(%s)\s*+(/)?)" % (_FILTER_NAME, _FILTER_NAME))
_PREDICTED = re.compile(b"/" + _name("Predictor"))
_PLAIN = re.compile(rb"\s*+\d++\s++\d++\s")  # how the content of an object stream starts
_END = b"%%EOF"
_MOST_UNPACKED = 64 * MEGABYTE
_NEAR = 4096


def check_pdf(data: bytes) -> bool:
    """Raise RefusedFile for what a PDF must not be; True when files are attached in it, which staff should know.

    Dictionaries lie either in the open or in object streams; the latter are unpacked, 64 MB at most in all.
    """
    end = data.rfind(_END)
    if end < 0:
        raise broken("PDF文件")
    if second_file(data[end + len(_END) :]) or behind_an_end_mark(data) or markup_in(data[:1024]) or is_also_zip(data):
        raise hidden("PDF文件")
    attached = False
    for text in chain((data,), _object_streams(data)):  # one after the other: streams of an encrypted file cannot be read
        if found := _BANNED.search(text):
            why = found.lastgroup or ""
            raise RefusedFile(_WHY[why], why)
        attached = attached or bool(_ATTACHED.search(text))
    return attached


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The unpacked object streams. What cannot be looked into is refused, since it could hold anything. Time grows with the data only."""
    left, last = _MOST_UNPACKED, -1
    for found in _OBJECT_STREAM.finditer(data):
        if found.end() <= last:
            continue  # the same dictionary names it again
        start = _STREAM.search(data, found.end())
        if start is None:
            return
        last = start.end()
        text = _unpacked(data, found, start, left)
        left -= len(text)
        if left < 0:
            raise RefusedFile("PDF文件解压后过大，请精简内容后上传", "bomb")
        yield text


def _unpacked(data: bytes, found: re.Match[bytes], start: re.Match[bytes], most: int) -> bytes:
    """The content of one object stream, empty when it stands in the open and is seen in the data itself; one byte over `most` at most."""
    opaque = RefusedFile("PDF文件采用了无法检查的编码，请以“打印为PDF”方式重新生成后上传", "opaque")
    if start.start() - found.end() > _NEAR:
        raise opaque
    # The dictionary's filter may stand on either side of its type.
    near = max(found.start() - _NEAR, 0)
    around = data[max(data.rfind(b"obj", near, found.start()), near) : start.start()]
    packed = data[start.end() : data.find(b"endstream", start.end())]
    filters = _FILTER.search(around)
    if filters is None and _PLAIN.match(packed):
        return b""
    if filters is None or (filters[1] or filters[2]) != b"/FlateDecode" or filters[3] or _PREDICTED.search(around):
        raise opaque
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, most + 1)
    except zlib.error as error:
        raise broken("PDF文件") from error
    if not inflater.eof and len(text) <= most:
        raise opaque
    return text
