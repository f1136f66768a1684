"""Hostile uploads, each built in memory, each beside its harmless twin that passes the same guard (T5, D1)."""

import hashlib
import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
import pytest
from PIL import Image

from zhiheng.foundation.files.inspect import FileFacts, Limits, inspect_upload
from zhiheng.foundation.files.limits import KINDS
from zhiheng.rules.decision import Decision

pytestmark = pytest.mark.duty("D1")
LIMITS = Limits()


def look(name: str, data: bytes, limits: Limits = LIMITS) -> Decision[FileFacts]:
    stream = io.BytesIO(data)
    stream.seek(len(data) // 2)  # wherever the caller left it
    answer = inspect_upload(name, stream, limits)
    assert stream.tell() == 0
    assert answer.ok is (answer.value is not None)
    assert all((reason.article, reason.duty) == ("四(二)", "D1") for reason in answer.reasons)
    return answer


def code(name: str, data: bytes, limits: Limits = LIMITS) -> str:
    """The code of the first reason: "ok" or that of the guard which refused."""
    return look(name, data, limits).reasons[0].code.removeprefix("file.")


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def image(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    return saved(lambda buffer: Image.new("L", size, 90).save(buffer, kind))


DOCX = saved(docx.Document().save)
XLSX = saved(openpyxl.Workbook().save)
JPG, PNG = image("JPEG"), image("PNG")
OFD_XML = b'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'


def archive(parts: dict[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    def save(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w", method) as target:
            for name, content in parts.items():
                target.writestr(name, content)

    return saved(save)


def ofd(**parts: bytes) -> bytes:
    return archive({"OFD.xml": OFD_XML, **parts})


def changed(data: bytes, parts: dict[str, bytes] | None = None, **edits: tuple[bytes, bytes]) -> bytes:
    """An office file with parts added, and texts replaced in the part whose stem is the keyword."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        content = {name: source.read(name) for name in source.namelist()}
    for stem, (old, new) in edits.items():
        name = next(name for name in content if stem in name)
        assert old in content[name]
        content[name] = content[name].replace(old, new)
    return archive({**content, **(parts or {})})


def pdf(*objects: bytes, trailer: bytes = b"", tail: bytes = b"") -> bytes:
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    for number, text in enumerate((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", *objects), 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    return body + b"trailer\n<< /Root 1 0 R " + trailer + b">>\nstartxref\n0\n%%EOF\n" + tail


def object_stream(text: bytes, filters: bytes = b"/Filter /FlateDecode", more: bytes = b"") -> bytes:
    packed = zlib.compress(text) if b"Flate" in filters else text
    return b"<< /Type /ObjStm /N 1 /First 4 /Length %d %s %s>>\nstream\n%s\nendstream" % (len(packed), filters, more, packed)


PDF = pdf()
GOOD = {"docx": DOCX, "xlsx": XLSX, "jpg": JPG, "png": PNG, "pdf": PDF, "ofd": ofd()}


# ---------------------------------------------------------------- kinds, sizes, names


def test_the_good_files_cover_every_kind() -> None:
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_good_file_is_taken_with_its_facts(kind: str) -> None:
    data = GOOD[kind]
    answer = look(f"质量报告.{kind.upper()}", data)
    assert answer.value == FileFacts(kind, KINDS[kind], len(data), hashlib.sha256(data).hexdigest(), f"质量报告.{kind}")
    assert answer.text() == f"文件“质量报告.{kind}”检查通过（《细则》四（二））"


@pytest.mark.parametrize("kind", sorted(GOOD))
@pytest.mark.parametrize("claimed", sorted(GOOD))
def test_the_extension_must_be_that_of_the_content(kind: str, claimed: str) -> None:
    assert code(f"a.{claimed}", GOOD[kind]) == ("ok" if kind == claimed else "mismatch")


def test_what_a_mismatch_says() -> None:
    assert look("证书.docx", ofd()).text() == "扩展名“.docx”与文件内容不符，文件实为ofd，请改正扩展名或另选文件（《细则》四（二））"
    assert code("照片.jpeg", JPG) == "ok"


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_half_a_file_is_refused(kind: str) -> None:
    data = GOOD[kind]
    assert code(f"a.{kind}", data[: len(data) // 2]) in {"broken", "trailing"}


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\0" + b"\0" * 200,
        b"\x7fELF" + b"\0" * 200,
        b"#!/bin/sh\nrm -rf /\n",
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"Rar!\x1a\x07\x01\0" + b"\0" * 50,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "只是文字".encode(),
        archive({"a.txt": b"text"}),
        archive({"OFD.xml": b"<other/>"}),
    ],
)
@pytest.mark.parametrize("extension", ["pdf", "docx", "jpg"])
def test_other_kinds_are_refused_under_any_name(data: bytes, extension: str) -> None:
    assert code(f"a.{extension}", data) == "kind"


def test_an_old_or_encrypted_office_file_is_told_what_to_do() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert "请取消密码并另存为docx、xlsx或pdf后上传" in look("a.docx", data).text()


def test_empty_and_too_large() -> None:
    assert code("a.pdf", b"") == "empty"
    exact = Limits(max_bytes=len(PDF))
    assert code("a.pdf", PDF, exact) == "ok"
    assert code("a.pdf", PDF + b"\n", exact) == "too_large"
    assert look("a.pdf", PDF, Limits(max_bytes=1)).text() == "文件超过0MB，请压缩或拆分后上传（《细则》四（二））"


def test_reading_stops_at_the_limit() -> None:
    class Endless(io.RawIOBase):
        """A stream without end that counts what is read."""

        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"%PDF-" + b"x" * (size - 5)

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

    endless = Endless()
    assert inspect_upload("a.pdf", endless, Limits(max_bytes=3_000_000)).refusals[0].code == "file.too_large"
    assert endless.given < 5_000_000


def test_only_the_kinds_asked_for() -> None:
    answer = look("a.pdf", PDF, Limits(kinds=frozenset({"xlsx", "docx"})))
    assert answer.text() == "此处不接受pdf文件，请上传docx、xlsx文件（《细则》四（二））"
    assert code("a.xlsx", XLSX, Limits(kinds=frozenset({"xlsx"}))) == "ok"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/报告.pdf", "_.._etc_报告.pdf"),
        ("C:\\用户\\报告.pdf", "C__用户_报告.pdf"),
        ("年度\u202efdp.报告.pdf", "年度fdp.报告.pdf"),
        ("零\u200b宽\ufeff.pdf", "零宽.pdf"),
        ("换\r\n行\x1b[31m.pdf", "换行[31m.pdf"),
        ('<b>"报告"*?|.pdf', "_b__报告____.pdf"),
        ("行\u2028段.pdf", "行段.pdf"),
        (" . 报告 . .pdf", "报告.pdf"),
        (".pdf", "未命名.pdf"),
        ("con.pdf", "_con.pdf"),
        ("报告.final.PDF", "报告.final.pdf"),
        ("普通 报告（终稿）.pdf", "普通 报告（终稿）.pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    facts = look(name, PDF).value
    assert facts is not None
    assert facts.clean_name == clean


def test_a_long_name_keeps_its_extension() -> None:
    facts = [look(f"{'长' * length}.pdf", PDF).value for length in (116, 117, 300)]
    assert [len(one.clean_name) for one in facts if one] == [120, 120, 120]
    assert all(one and one.clean_name == f"{'长' * 116}.pdf" for one in facts)


@pytest.mark.parametrize(
    ("name", "guard"), [("a.pdf\0.exe", "name"), ("a.exe\0.pdf", "name"), ("报告", "extension"), ("报告.", "extension"), ("", "extension")]
)
def test_names_that_cannot_be_made_safe_are_refused(name: str, guard: str) -> None:
    assert code(name, PDF) == guard


def test_a_reversed_name_does_not_hide_its_extension() -> None:
    assert code("照片\u202egpj.exe", JPG) == "mismatch"
    assert code("照片\u202eexe.jpg", JPG) == "ok"


# ---------------------------------------------------------------- archives


SMALL = Limits(max_unpacked=3_000_000, ratio_from=1_000_000, max_ratio=50, max_entries=60)


def test_a_bomb_by_total_size() -> None:
    noise = bytes(range(256)) * 8000  # repetitive, but stored: the ratio is 1
    assert code("a.ofd", archive({"OFD.xml": OFD_XML, "a.bin": noise}, zipfile.ZIP_STORED), SMALL) == "ok"
    assert code("a.ofd", archive({"OFD.xml": OFD_XML, "a.bin": noise, "b.bin": noise}, zipfile.ZIP_STORED), SMALL) == "bomb"


def test_a_bomb_by_ratio() -> None:
    assert code("a.ofd", ofd(big=b"\0" * 990_000), SMALL) == "ok"  # below the size from which the ratio counts
    assert code("a.ofd", ofd(big=b"\0" * 1_100_000), SMALL) == "bomb"
    assert code("a.ofd", ofd(big=b"\0" * 1_100_000), Limits(max_ratio=2000)) == "ok"


def test_a_bomb_that_lies_about_its_size_is_stopped_while_unpacking() -> None:
    """The directory says 10 bytes; the data unpacks to 60 MB. Memory stays far below that."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(60)) + packer.flush()
    data = ofd(big=b"")
    head = data.index(b"big") + 3
    directory = data.index(b"PK\x01\x02")
    lying = bytearray(data[:head] + packed + data[head + 2 :])  # an empty deflated entry is two bytes long
    shift = len(packed) - 2
    assert data[head : head + 2] == b"\x03\0"
    second = lying.index(b"PK\x01\x02", directory + shift + 4)
    struct.pack_into("<II", lying, second + 20, len(packed), 10)
    end = lying.rindex(b"PK\x05\x06")
    struct.pack_into("<I", lying, end + 16, directory + shift)
    tracemalloc.start()
    refused = code("a.ofd", bytes(lying), Limits(max_unpacked=20_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused == "bomb"
    assert peak < 5_000_000
    assert code("a.ofd", bytes(lying)) == "broken"  # within the total, but not what the directory says
    struct.pack_into("<II", lying, second + 16, zlib.crc32(b"\0" * 60_000_000), len(packed))
    assert code("a.ofd", bytes(lying)) == "broken"
    struct.pack_into("<I", lying, second + 24, 60_000_000)
    assert code("a.ofd", bytes(lying), Limits(max_ratio=2000)) == "ok"  # nothing else was wrong with it


@pytest.mark.parametrize("size", [10, 65_536, 300_000])
@pytest.mark.parametrize("junk", [1, 20, 70_000])
def test_data_behind_the_end_of_a_packed_entry(size: int, junk: int) -> None:
    """An inflater asked on behind its end would never come to one."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = packer.compress(b"a" * size) + packer.flush()
    for more, expected in ((b"", "ok"), (b"j" * junk, "broken")):
        # Stored first, then declared as deflated: both headers name the method at their own place, the directory the size unpacked.
        data = bytearray(archive({"OFD.xml": OFD_XML, "a.bin": packed + more}, zipfile.ZIP_STORED))
        local, directory = data.index(b"a.bin") - 30, data.rindex(b"a.bin") - 46
        struct.pack_into("<H", data, local + 8, zipfile.ZIP_DEFLATED)
        struct.pack_into("<H", data, directory + 10, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", data, directory + 16, zlib.crc32(b"a" * size))
        struct.pack_into("<I", data, directory + 24, size)
        assert code("a.ofd", bytes(data)) == expected


def test_a_byte_lost_on_the_way() -> None:
    data = archive({"OFD.xml": OFD_XML, "a.bin": b"content"}, zipfile.ZIP_STORED)
    assert code("a.ofd", data) == "ok"
    assert code("a.ofd", data.replace(b"content", b"c0ntent")) == "broken"


def test_too_many_entries() -> None:
    assert code("a.ofd", ofd(**{f"p{number}": b"x" for number in range(59)}), SMALL) == "ok"
    assert code("a.ofd", ofd(**{f"p{number}": b"x" for number in range(60)}), SMALL) == "entries"


def test_a_huge_directory_is_not_even_read() -> None:
    data = ofd(**{f"{'n' * 60000}{number}": b"" for number in range(8)})
    assert code("a.ofd", data, SMALL) == "entries"


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"BZh9", b"MSCF"])
def test_nested_archives(head: bytes) -> None:
    assert code("a.ofd", ofd(attached=head + b"\0" * 40)) == "nested"
    assert code("a.ofd", ofd(attached=b"\0" + head + b"\0" * 40)) == "ok"


def test_a_charts_workbook_in_a_document_is_looked_into() -> None:
    where = "word/embeddings/Microsoft_Excel_Sheet1.xlsx"
    assert code("a.docx", changed(DOCX, {where: XLSX})) == "ok"
    assert code("a.docx", changed(DOCX, {where: changed(XLSX, {"xl/vbaProject.bin": b"x"})})) == "macro"
    assert code("a.docx", changed(DOCX, {where: archive({"a.txt": b"x"})})) == "nested"
    assert code("a.docx", changed(DOCX, {where: changed(XLSX, {"xl/embeddings/b.xlsx": XLSX})})) == "nested"
    assert code("a.docx", changed(DOCX, {"word/media/Sheet1.xlsx": XLSX})) == "nested"
    assert code("a.docx", changed(DOCX, {where: XLSX}), Limits(max_entries=20)) == "entries"


def test_an_embedded_equation_passes_a_wrapped_file_does_not() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    for stream, expected in (("Equation Native", "ok"), ("\x01Ole10Native", "embedded"), ("_VBA_PROJECT", "embedded")):
        assert code("a.docx", changed(DOCX, {"word/embeddings/oleObject1.bin": ole + stream.encode("utf-16-le")})) == expected


@pytest.mark.parametrize("content", [b"MZ\x90\0", b"\x7fELF\x02", b"#!/bin/sh\n"])
def test_programs_inside(content: bytes) -> None:
    assert code("a.docx", changed(DOCX, {"word/media/image1.png": content})) == "program"
    assert code("a.docx", changed(DOCX, {"word/media/image1.png": b"\x89PNG" + content})) == "ok"


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "word/VBAPROJECT.BIN",
        "word/vbaData.xml",
        "xl/macrosheets/sheet1.xml",
        "word/activeX/activeX1.xml",
        "vbaProjectSignature.bin",
    ],
)
def test_macros_by_part(name: str) -> None:
    assert code("a.docx", changed(DOCX, {name: b"<x/>"})) == "macro"
    assert (
        code(
            "a.docx",
            changed(DOCX, {name.replace("vba", "my").replace("VBA", "MY").replace("macro", "data").replace("active", "my"): b"<x/>"}),
        )
        == "ok"
    )


def test_macros_by_declaration() -> None:
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    enabled = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    assert code("a.docx", changed(DOCX, Content_Types=(main, enabled))) == "macro"
    assert code("a.docx", changed(DOCX, Content_Types=(main, main.replace(b"document.main", b"template.main")))) == "kind"
    assert code("a.docx", changed(DOCX, Content_Types=(b"/word/document.xml", b"/word/nowhere.xml"))) == "kind"


def test_a_package_of_two_kinds_is_refused() -> None:
    assert code("a.docx", changed(DOCX, {"OFD.xml": OFD_XML})) == "kind"
    assert code("a.docx", changed(DOCX, {"OFD.txt": OFD_XML})) == "ok"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../evil.xml", "path"),
        ("word/../../evil.xml", "path"),
        ("/etc/passwd", "path"),
        ("C:evil.xml", "path"),
        ("word\\evil.xml", "path"),
        ("evil\x1b.xml", "path"),
        ("word/..evil.xml", "ok"),
        ("word/a..b.xml", "ok"),
    ],
)
def test_paths_that_leave_the_archive(name: str, expected: str) -> None:
    assert code("a.docx", changed(DOCX, {name: b"<x/>"})) == expected


def test_a_nul_in_an_entry_name() -> None:
    data = changed(DOCX, {"evil_.xml": b"<x/>"})
    assert code("a.docx", data) == "ok"
    assert code("a.docx", data.replace(b"evil_.xml", b"evil\0.xml")) == "path"


@pytest.mark.parametrize(("kind", "expected"), [(stat.S_IFLNK, "path"), (stat.S_IFIFO, "path"), (stat.S_IFREG, "ok")])
def test_links_and_devices(kind: int, expected: str) -> None:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (kind | 0o644) << 16
    assert code("a.ofd", archive({"OFD.xml": OFD_XML, entry: b"/etc/passwd"})) == expected


def test_an_encrypted_entry() -> None:
    data = bytearray(ofd(secret=b"x" * 40))
    assert code("a.ofd", bytes(data)) == "ok"
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[at + 8] |= 1
    assert code("a.ofd", bytes(data)) == "encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_readers_do_not_share(method: int) -> None:
    assert code("a.ofd", archive({"OFD.xml": OFD_XML}, method)) == "method"
    assert code("a.ofd", archive({"OFD.xml": OFD_XML}, zipfile.ZIP_STORED)) == "ok"


def test_a_compressed_metafile_is_a_picture() -> None:
    packed = b"\x1f\x8b\x08" + b"\0" * 40
    names = {"word/media/image1.emz": "ok", "word/media/image1.wmz": "ok", "word/media/image1.gz": "nested"}
    assert {name: code("a.docx", changed(DOCX, {name: packed})) for name in names} == names


def test_parts_that_must_be_held_in_memory_are_limited() -> None:
    where = "word/embeddings/Microsoft_Excel_Sheet1.xlsx"
    assert code("a.docx", changed(DOCX, {where: XLSX}), Limits(max_part=len(XLSX))) == "ok"
    assert code("a.docx", changed(DOCX, {where: XLSX}), Limits(max_part=len(XLSX) - 1)) == "bomb"
    for size, expected in ((1_900_000, "ok"), (2_200_000, "bomb")):
        assert code("a.docx", changed(DOCX, {"word/_rels/x.xml.rels": b"<x>" + b" " * size + b"</x>"})) == expected


def test_data_behind_or_before_an_archive() -> None:
    assert code("a.docx", DOCX[:-2] + b"\x01\0") == "trailing"  # a comment is announced
    assert code("a.docx", DOCX + b"\0") == "trailing"
    assert code("a.docx", DOCX + b"<script>alert(1)</script>") == "trailing"
    assert code("a.docx", archive({"a": b""}) + DOCX) == "structure"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name() -> None:
    def save(names: list[str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as target:
            for name in names:
                target.writestr(name, OFD_XML)
        return buffer.getvalue()

    assert code("a.ofd", save(["OFD.xml", "Doc.xml"])) == "ok"
    assert code("a.ofd", save(["OFD.xml", "OFD.xml"])) == "structure"
    assert code("a.ofd", save(["OFD.xml", "ofd.XML"])) == "structure"


def test_entries_that_share_their_data() -> None:
    data = bytearray(ofd(first=b"x" * 400, other=b"x" * 400))
    places = [at for at in range(len(data)) if data.startswith(b"PK\x01\x02", at)]
    struct.pack_into("<I", data, places[2] + 42, struct.unpack_from("<I", data, places[1] + 42)[0])
    assert code("a.ofd", bytes(data)) == "structure"


def test_an_entry_named_otherwise_in_its_own_header() -> None:
    data = ofd(inner=b"x" * 40)
    assert code("a.ofd", data.replace(b"inner", b"other")) == "ok"
    assert code("a.ofd", data.replace(b"inner", b"other", 1)) == "broken"


BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


@pytest.mark.parametrize("text", [BILLION, REMOTE, "<!doctype html><x/>", '<x/><!ENTITY a SYSTEM "file:///etc/passwd">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["customXml/item1.xml", "word/_rels/x.xml.rels", "word/media/picture"])
def test_document_types_and_entities(text: str, encoding: str, name: str) -> None:
    assert code("a.docx", changed(DOCX, {name: text.encode(encoding)})) == "entity"


@pytest.mark.parametrize("text", ["<x>&lt;!DOCTYPE</x>", "<x>DOCTYPE ENTITY</x>", '<?xml version="1.0" encoding="GBK"?><x/>'])
def test_harmless_markup(text: str) -> None:
    assert code("a.docx", changed(DOCX, {"customXml/item1.xml": text.encode()})) == "ok"


@pytest.mark.parametrize("before", [0, 65_527, 65_530, 65_536, 200_000])
def test_a_declaration_anywhere_across_chunks(before: int) -> None:
    part = b"<!--" + b"-" * before + b"--><!DOCTYPE x><x/>"
    assert code("a.docx", changed(DOCX, {"customXml/item1.xml": part})) == "entity"


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "hz-gb-2312"])
def test_encodings_that_could_hide_a_declaration(encoding: str) -> None:
    assert code("a.docx", changed(DOCX, {"customXml/item1.xml": f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode()})) == "entity"


def relation(kind: str, mode: str) -> bytes:
    address = "http://schemas.openxmlformats.org/"
    return (
        f'<Relationships xmlns="{address}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{address}officeDocument/2006/relationships/{kind}" Target="http://127.0.0.1:9/x" {mode}/></Relationships>'
    ).encode()


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("attachedTemplate", 'TargetMode="External"', "external"),
        ("image", 'TargetMode="External"', "external"),
        ("oleObject", "TargetMode='external'", "external"),
        ("frame", 'TargetMode="External"', "external"),
        ("hyperlink", 'TargetMode="External"', "ok"),
        ("image", "", "ok"),
    ],
)
def test_links_that_a_program_follows_by_itself(kind: str, mode: str, expected: str) -> None:
    assert code("a.docx", changed(DOCX, {"word/_rels/settings.xml.rels": relation(kind, mode)})) == expected


def test_relations_that_are_no_xml() -> None:
    assert code("a.docx", changed(DOCX, {"word/_rels/settings.xml.rels": b"<broken"})) == "broken"


# ---------------------------------------------------------------- PDF


def test_a_pdf_of_another_program_passes() -> None:
    assert code("a.pdf", image("PDF")) == "ok"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "script"),
        (b"<</S/JavaScript/JS 5 0 R>>", "script"),
        (b"<< /S /J#61vaScript /JS (x) >>", "script"),
        (b"<< /S /#4a#61#76#61#53#63#72#69#70#74 /JS (x) >>", "script"),
        (b"<< /S /#4A#61v#61Script /JS (x) >>", "script"),
        (b"<< /Names << /JavaScript 7 0 R >> >>", "script"),
        (b"<< /S /Launch /F (cmd.exe) >>", "launch"),
        (b"<< /S /L#61unch /F (cmd.exe) >>", "launch"),
        (b"<< /S /URI /URI (https://example.org/) >>", "ok"),
        (b"<< /Title (JavaScript Launch) >>", "ok"),
        (b"<< /JavaScriptless true /Launcher true >>", "ok"),
    ],
)
def test_scripts_and_launches(action: bytes, expected: str) -> None:
    assert code("a.pdf", pdf(action)) == expected
    assert code("a.pdf", pdf(object_stream(b"3 0 " + action))) == expected
    assert code("a.pdf", pdf(object_stream(b"3 0 " + action, filters=b""))) == expected


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (object_stream(b"3 0 << /A 1 >>", b"/Filter [/FlateDecode]"), "ok"),
        (object_stream(b"3 0 << /A 1 >>", b"/Filter [ /FlateDecode ]"), "ok"),
        (object_stream(b"3 0 << /A 1 >>", b"/Filter/FlateDecode/Extends 4 0 R", b"/First 4"), "ok"),
        (object_stream(b"3 0 << /A 1 >>", more=b"/DecodeParms << /Columns 4 >>"), "ok"),
        (object_stream(b"33203020", b"/Filter /ASCIIHexDecode"), "opaque"),
        (b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"3 0 << /A 1 >>")[:-5] + b"\nendstream", "opaque"),
        (object_stream(b"3 0 << >>", b"/Filter [/FlateDecode /FlateDecode]"), "opaque"),
        (object_stream(b"3 0 << >>", more=b"/DecodeParms << /Predictor 12 >>"), "opaque"),
        (b"<< /Type /ObjStm " + b" " * 5000 + b">>\nstream\n3 0 << /A 1 >>\nendstream", "opaque"),
        (b"<< /Type /ObjStm " + b" " * 3000 + b">>\nstream\n3 0 << /A 1 >>\nendstream", "ok"),
        (b"<< /Type /ObjStm >>\nstream\n" + zlib.compress(b"3 0 << /S /JavaScript >>") + b"\nendstream", "opaque"),
        (b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nno zlib\nendstream", "broken"),
    ],
)
def test_object_streams_that_cannot_be_looked_into(stream: bytes, expected: str) -> None:
    assert code("a.pdf", pdf(stream)) == expected


def test_a_pdf_bomb() -> None:
    assert code("a.pdf", pdf(object_stream(b"3 0 " + b"\0" * 1_000_000))) == "ok"
    assert code("a.pdf", pdf(object_stream(b"3 0 " + b"\0" * 70_000_000))) == "bomb"


def test_attachments_are_a_warning() -> None:
    answer = look("a.pdf", pdf(b"<< /Type /EmbeddedFile /Length 0 >>"))
    assert answer.ok
    assert [reason.code for reason in answer.warnings] == ["file.attached"]
    assert look("a.pdf", PDF).warnings == ()


def test_an_encrypted_pdf() -> None:
    assert code("a.pdf", pdf(trailer=b"/Encrypt 9 0 R ")) == "encrypted"
    unreadable = b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nciphertext\nendstream"
    assert code("a.pdf", pdf(unreadable, trailer=b"/Encrypt 9 0 R ")) == "encrypted"
    assert code("a.pdf", pdf(trailer=b"/Info 9 0 R ")) == "ok"


SECOND = [
    b"<html><script>alert(1)</script></html>",
    b"  \n<SCRIPT>alert(1)</SCRIPT>",
    b"<?php system('id');",
    b"<svg onload=alert(1)>",
    b"MZ\x90\0\x03",
    b"#!/bin/sh\n",
    b"GIF89a....",
    b"Rar!\x1a\x07\x01\0",
    b"7z\xbc\xaf\x27\x1c",
    archive({"a.txt": b"x"}),
]


@pytest.mark.parametrize("second", SECOND)
@pytest.mark.parametrize("kind", ["pdf", "jpg", "png"])
def test_a_second_file_behind_the_first(kind: str, second: bytes) -> None:
    assert code(f"a.{kind}", GOOD[kind] + second) == "polyglot"


@pytest.mark.parametrize("rest", [b"\n\n", b"\0" * 600, b"\r\n  ", b"SEFT unknown trailer"])
@pytest.mark.parametrize("kind", ["pdf", "jpg", "png"])
def test_harmless_trailing_bytes(kind: str, rest: bytes) -> None:
    assert code(f"a.{kind}", GOOD[kind] + rest) == "ok"


def test_other_ways_to_be_two_files() -> None:
    long = b"<< /Padding (" + b"x" * 2000 + b") >>"  # so that the page does not stand in the file's first bytes
    assert code("a.pdf", pdf(long, tail=b"<html></html>\n%%EOF\n")) == "polyglot"  # another end mark behind the page
    assert code("a.pdf", pdf(long, tail=b"unknown <html></html>\n")) == "polyglot"
    assert code("a.pdf", pdf(long, tail=b"unknown html\n")) == "ok"
    assert code("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>\n" + PDF) == "polyglot"
    assert code("a.pdf", pdf(b"<< >>\nstream\n" + archive({"a.txt": b"x"}) + b"\nendstream")) == "polyglot"
    assert code("a.pdf", pdf(tail=b"9 0 obj\n<< /Updated true >>\nendobj\nstartxref\n0\n%%EOF\n")) == "ok"  # an incremental update
    assert code("a.pdf", b"<html>" + PDF) == "kind"


# ---------------------------------------------------------------- images


def test_an_archive_inside_a_picture() -> None:
    for content, expected in (
        (archive({"a.txt": b"x"}), "polyglot"),
        (archive({"a.txt": b"x"}).replace(b"PK\x05\x06", b"PK\x05\x07"), "ok"),
    ):
        segment = b"\xff\xfe" + struct.pack(">H", len(content) + 2) + content
        assert code("a.jpg", JPG[:2] + segment + JPG[2:]) == expected


def test_a_camera_appends_further_images() -> None:
    assert code("a.jpg", JPG + image("JPEG", (8, 8))) == "ok"
    assert code("a.jpg", JPG + image("JPEG", (8, 8)) + b"<html>") == "polyglot"
    assert code("a.png", PNG + JPG) == "polyglot"


def test_a_preview_inside_a_jpeg_is_not_its_end() -> None:
    """The end mark of a preview in a segment must not make the picture itself look like data behind it."""
    preview = image("JPEG", (8, 8)) + b"<html>"
    segment = b"\xff\xe1" + struct.pack(">H", len(preview) + 2) + preview
    assert code("a.jpg", JPG[:2] + segment + JPG[2:]) == "ok"
    assert code("a.jpg", JPG[:2] + segment + JPG[2:-2]) == "broken"


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_pixel_floods(kind: str, name: str) -> None:
    limits = Limits(max_pixels=10_000)
    assert code(name, image(kind, (100, 100)), limits) == "ok"
    assert code(name, image(kind, (101, 100)), limits) == "pixels"


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("side", [7_072, 12_000, 40_000])
def test_a_flood_is_refused_by_its_header_alone(side: int) -> None:
    """A tiny PNG that claims 50 million pixels, more than Pillow warns of, more than Pillow opens: refused, nothing decoded."""
    header = struct.pack(">II", side, side) + PNG[24:29]
    flood = PNG[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + PNG[33:]
    tracemalloc.start()
    refused = code("a.png", flood)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused == "pixels"
    assert peak < 3_000_000


def test_what_a_flood_says() -> None:
    assert look("a.png", PNG, Limits(max_pixels=0)).text() == "图片像素过多，请缩小到0万像素以内后上传（《细则》四（二））"


def test_a_broken_image_header() -> None:
    assert code("a.png", PNG[:16] + b"\0" * 8 + PNG[24:]) == "broken"
    assert code("a.jpg", b"\xff\xd8\xff\xd9") == "broken"


def test_a_picture_of_endless_segments() -> None:
    limits = Limits(max_pixels=10_000)
    assert code("a.jpg", JPG[:-2] + b"\xff\xfe\0\2" * 1_000 + JPG[-2:], limits) == "ok"
    assert code("a.jpg", JPG[:-2] + b"\xff\xfe\0\2" * 100_000 + JPG[-2:], limits) == "broken"
