"""Office and OFD files are zip archives: looked into part by part, never extracted, in bounded time and memory (T5)."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from zhiheng.foundation.files.limits import MEGABYTE, Limits, RefusedFile, broken
from zhiheng.foundation.files.office import CONTENT_TYPES, MAIN_OFD, check_relations, check_xml, main_kind

_CHUNK = 64 * 1024
_HEADER = struct.Struct("<4s22xHH")
_END = struct.Struct("<4s16xH")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_BAD_NAME = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f\x7f]")
_MACRO = re.compile(r"(^|/)(vba(project|data|projectsignature)[^/]*\.(bin|xml)$|macrosheets/|activex/)", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"MSCF")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
_OLE = b"\xd0\xcf\x11\xe0"
#: Names of streams in an embedded OLE object: an arbitrary file wrapped in, macros.
_OLE_DANGERS = tuple(name.encode("utf-16-le") for name in ("\x01Ole10Native", "_VBA_PROJECT"))
_KEPT = (CONTENT_TYPES, MAIN_OFD)
_SMALL = 2 * MEGABYTE  # a part that is parsed


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked, embedded documents included."""

    unpacked: int
    entries: int


class _Capped:
    """A stream that refuses a single huge read: the directory of an archive is read in one go."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream, self._most = stream, most

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(min(size, self._most + 1) if size >= 0 else self._most + 1)
        if len(found) > self._most:
            raise _too_many()
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def check_archive(stream: BinaryIO, size: int, limits: Limits) -> str:
    """The kind of the archive ("docx", "xlsx", "ofd"). Raises RefusedFile for anything hidden, oversized or active in it."""
    return _check(stream, size, limits, _Budget(limits.max_unpacked, limits.max_entries), nested=False)


def _check(stream: BinaryIO, size: int, limits: Limits, budget: _Budget, *, nested: bool) -> str:
    entries = _directory(stream, size, budget)
    declared = sum(entry.file_size for entry in entries)
    if declared > budget.unpacked or (declared > limits.ratio_from and declared > size * limits.max_ratio):
        raise _bomb()
    kept: dict[str, bytes] = {}
    for entry in entries:
        _check_entry(entry)
        content = _check_part(entry, _unpack(stream, entry, budget), limits, budget, nested=nested)
        if content is not None:
            kept[entry.filename] = content
    return main_kind({entry.filename for entry in entries}, kept)


def _directory(stream: BinaryIO, size: int, budget: _Budget) -> list[zipfile.ZipInfo]:
    """The entries, after checks on the archive as a whole: it starts and ends the file, entries neither repeat nor overlap."""
    stream.seek(max(size - 22, 0))
    try:
        mark, comment = _END.unpack(stream.read(22))
        if mark != b"PK\x05\x06" or comment:
            raise RefusedFile("文件不完整，或末尾附有多余数据，请用原软件另存后重新上传", "trailing")
        archive = zipfile.ZipFile(cast("IO[bytes]", _Capped(stream, budget.entries * 200 + 66_000)))
    except (zipfile.BadZipFile, struct.error, ValueError, RuntimeError) as error:
        raise broken() from error
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    budget.entries -= len(entries)
    if budget.entries < 0:
        raise _too_many()
    names = {entry.filename.lower() for entry in entries}
    ends = [entry.header_offset + _HEADER.size + entry.compress_size for entry in entries]
    starts = [entry.header_offset for entry in entries[1:]] + [archive.start_dir]
    if not entries or entries[0].header_offset != 0 or len(names) != len(entries) or any(map(int.__gt__, ends, starts)):
        raise RefusedFile("文件内部结构异常（条目重复或重叠），请用原软件另存后重新上传", "structure")
    return entries


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """The directory's word on one entry."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if _BAD_NAME.search(entry.orig_filename) or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise RefusedFile("文件内部含有越界路径或链接，请用原软件另存后重新上传", "path")
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedFile("文件已加密，请取消密码后上传", "encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFile("文件采用了无法检查的压缩方式，请用原软件另存后重新上传", "method")
    if _MACRO.search(entry.filename):
        raise RefusedFile("文件含有宏或控件，请另存为不含宏的格式（docx、xlsx）后上传", "macro")


def _unpack(stream: BinaryIO, entry: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The entry's true content in chunks, whatever sizes the directory claims; what it claims must be true all the same."""
    stream.seek(entry.header_offset)
    try:
        mark, name_length, extra_length = _HEADER.unpack(stream.read(_HEADER.size))
        name = stream.read(name_length).decode("utf-8" if entry.flag_bits & _UTF8 else "cp437")
    except (struct.error, UnicodeDecodeError) as error:
        raise broken() from error
    if mark != b"PK\x03\x04" or name != entry.orig_filename:
        raise broken()
    stream.seek(extra_length, io.SEEK_CUR)
    unpacked = check = 0
    for chunk in _inflate(stream, entry):
        unpacked += len(chunk)
        check = zlib.crc32(chunk, check)
        budget.unpacked -= len(chunk)
        if budget.unpacked < 0:
            raise _bomb()
        yield chunk
    if unpacked != entry.file_size or check != entry.CRC:
        raise broken()


def _inflate(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes as its method unpacks them, never much more than a chunk at once."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left = entry.compress_size
    try:
        while left:
            packed = stream.read(min(left, _CHUNK))
            if not packed:
                raise broken()
            left -= len(packed)
            if inflater is None:
                yield packed
                continue
            while packed:
                if inflater.eof:  # data behind the end: asking on would never end
                    raise broken()
                yield inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
        if inflater is not None:
            yield inflater.flush()
            if not inflater.eof or inflater.unused_data:
                raise broken()
    except zlib.error as error:
        raise broken() from error


def _check_part(entry: zipfile.ZipInfo, chunks: Iterator[bytes], limits: Limits, budget: _Budget, *, nested: bool) -> bytes | None:
    """Look at one part while it is unpacked; returns its content when the whole of it is needed."""
    name = entry.filename.lower()
    first = b""
    for chunk in chunks:  # a first chunk may be short
        first += chunk
        if len(first) >= 1024:
            break
    if first.startswith(_PROGRAMS):
        raise RefusedFile("文件内部夹带了程序或脚本，请删除后重新上传", "program")
    embedded = "/embeddings/" in name and first.startswith((_ARCHIVES[0], _OLE))
    if first.startswith(_ARCHIVES) and not embedded and not name.endswith((".emz", ".wmz")):
        raise _nested()
    if embedded:
        _check_embedded(_all(first, chunks, limits.max_part), limits, budget, nested=nested)
        return None
    if name.endswith(".rels") or entry.filename in _KEPT:
        content = _all(first, chunks, _SMALL)
        check_xml(iter([content]))
        if name.endswith(".rels"):
            check_relations(content)
        return content if entry.filename in _KEPT else None
    if name.endswith((".xml", ".vml")) or first.lstrip(b"\xef\xbb\xbf\xff\xfe\0\t\r\n ").startswith(b"<"):
        check_xml(_again(first, chunks))
    for _ in chunks:  # unpacked to the end, so that its true size is known
        pass
    return None


def _check_embedded(content: bytes, limits: Limits, budget: _Budget, *, nested: bool) -> None:
    """A chart's workbook or an equation inside a document: checked like a file of its own, one level deep."""
    if content.startswith(_OLE):
        if any(danger in content for danger in _OLE_DANGERS):
            raise RefusedFile("文件内部嵌入了其他文件或宏，请删除嵌入对象后重新上传", "embedded")
        return
    if nested:
        raise _nested()
    try:
        _check(io.BytesIO(content), len(content), limits, budget, nested=True)
    except RefusedFile as refused:
        raise (_nested() if refused.code == "kind" else refused) from None


def _all(first: bytes, chunks: Iterator[bytes], most: int) -> bytes:
    whole = bytearray(first)
    for chunk in chunks:
        whole += chunk
        if len(whole) > most:
            raise _bomb()
    return bytes(whole)


def _again(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def _bomb() -> RefusedFile:
    return RefusedFile("文件解压后过大，请精简内容或压缩图片后上传", "bomb")


def _too_many() -> RefusedFile:
    return RefusedFile("文件内部条目过多，请拆分后上传", "entries")


def _nested() -> RefusedFile:
    return RefusedFile("文件内部嵌有压缩包，请将其中的材料单独上传", "nested")
