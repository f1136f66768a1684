"""Evidence files for a play: small real PDFs, written by hand so that the same words always give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

#: Points; A4 with the first line near the top.
_LEFT, _TOP, _LEADING, _MOST = 72, 760, 24, 27
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo 8 0 R/DW 1000/W[1 95 500]/FontDescriptor 6 0 R>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/StemV 93>>",
)
_SYSTEM = b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
_LATIN = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def evidence_pdf(title: str, org: str, lines: Sequence[str] = ()) -> bytes:
    """A one-page PDF 1.4 with title, body and lines (at most 25; later ones are left out).

    All bytes are ASCII: Chinese text stands in hex in one of the standard's predefined encodings, so that no font need be carried; a
    viewer without the Chinese character map still shows the last line. Other words give other bytes; there is no date in it.
    """
    content = _page([title, org, *lines][:_MOST])
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R/L 9 0 R>>>>/Contents 7 0 R>>",
        *_FONT,
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        _SYSTEM,
        _LATIN,
    )
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    mark = hashlib.sha256(content).hexdigest()[:32].encode()
    out += b"trailer\n<</Size %d/Root 1 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, mark, mark, start)
    return bytes(out)


def _page(lines: Sequence[str]) -> bytes:
    """The text operators: the title larger than the rest. Signs beyond the basic plane become a question mark."""
    shown = []
    for number, line in enumerate(lines):
        size = 16 if number == 0 else 11
        text = "".join(sign if ord(sign) < 0x10000 else "?" for sign in line).encode("utf-16-be", "replace").hex().encode()
        shown.append(b"/F %d Tf <%s> Tj T*" % (size, text))
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16].encode()
    shown.append(b"/L 9 Tf (Sample evidence %s) Tj" % digest)
    return b"BT %d TL %d %d Td\n%s\nET" % (_LEADING, _LEFT, _TOP, b"\n".join(shown))
