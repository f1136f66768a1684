"""The layout of official documents (GB/T 9704—2012) in WordprocessingML: page, fonts, styles, page numbers."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

#: The fonts that the standard prescribes, and what a machine without them is told to use (declared in the file's font table).
XIAOBIAOSONG, FANGSONG, HEITI, KAITI, SONGTI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
FALLBACKS = {XIAOBIAOSONG: "宋体", FANGSONG: "仿宋", HEITI: "微软雅黑", KAITI: "楷体", SONGTI: "SimSun"}
LATIN = "Times New Roman"

BODY_SIZE, TITLE_SIZE, TABLE_SIZE, FOOTER_SIZE = Pt(16), Pt(22), Pt(10.5), Pt(14)
#: 22 lines on a page of 225 mm.
LINE, TITLE_LINE, TABLE_LINE = Pt(28.95), Pt(34), Pt(16)
TEXT_WIDTH = Mm(156)
TITLE, TEXT, PLAIN, HEAD1, HEAD2, CELL, TABLE_HEAD, CAPTION = (
    "公文标题", "公文正文", "公文顶格", "公文一级标题", "公文二级标题", "公文表格", "公文表头", "公文表题",
)  # fmt: skip


_KEPT_STYLES = frozenset({"Normal", "Default Paragraph Font", "Table Normal", "Normal Table", "No List", "Table Grid"})
_NOT_NEEDED = ("/stylesWithEffects", "/thumbnail", "/customXml", "/numbering", "/webSettings")


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """An empty document in this layout. Made once: the library's own template carries hundreds of styles that no official paper uses."""
    document = docx.Document()
    for style in list(document.styles.element.style_lst):
        if style.name_val not in _KEPT_STYLES:
            document.styles.element.remove(style)
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_NOT_NEEDED):
                del part.rels[key]
    _prepare(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def empty() -> Any:
    """A new, empty python-docx document with page, styles and page numbers."""
    return docx.Document(io.BytesIO(_empty()))


def _prepare(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    # The page number stands 7 mm below the text.
    section.footer_distance = Mm(23)
    _grid(section)
    normal = document.styles["Normal"]
    _font(normal, FANGSONG, BODY_SIZE)
    _spacing(normal.paragraph_format, LINE)
    _styles(document)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _styles(document: Any) -> None:
    centre, left = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
    for name, font, size, line, align, indented, outline in (
        (TITLE, XIAOBIAOSONG, TITLE_SIZE, TITLE_LINE, centre, False, None),
        (TEXT, FANGSONG, BODY_SIZE, LINE, WD_ALIGN_PARAGRAPH.JUSTIFY, True, None),
        (PLAIN, FANGSONG, BODY_SIZE, LINE, left, False, None),
        (HEAD1, HEITI, BODY_SIZE, LINE, left, True, 0),
        (HEAD2, KAITI, BODY_SIZE, LINE, left, True, 1),
        (CELL, FANGSONG, TABLE_SIZE, TABLE_LINE, left, False, None),
        (TABLE_HEAD, HEITI, TABLE_SIZE, TABLE_LINE, centre, False, None),
        (CAPTION, HEITI, BODY_SIZE, LINE, centre, False, None),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _font(style, font, size)
        _spacing(style.paragraph_format, line)
        style.paragraph_format.alignment = align
        style.paragraph_format.space_before = Pt(8) if name == CAPTION else Pt(0)
        properties = style.element.get_or_add_pPr()
        if indented:
            indent_chars(properties, "firstLineChars", 2)
        if outline is not None:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), str(outline))
            properties.append(level)
        if name in (CELL, TABLE_HEAD):
            # Off the page's grid of 22 lines, which would stretch the rows of a table.
            snap = OxmlElement("w:snapToGrid")
            snap.set(qn("w:val"), "0")
            properties.insert_element_before(snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
        style.paragraph_format.keep_with_next = True if name in (HEAD1, HEAD2, CAPTION, TITLE) else None


def narrow_margins(table: Any) -> None:
    """Little space beside the text of a table's cells, so that numbers and codes fit on one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The standard fixes the order of a table's properties, and Word insists on it.
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")  # noqa: SLF001


def indent_chars(properties: Any, side: str, chars: float) -> None:
    """An indent in characters of body size; side: firstLineChars, rightChars or leftChars. `properties`: a w:pPr element."""
    indent = properties.get_or_add_ind()
    indent.set(qn(f"w:{side}"), str(round(chars * 100)))
    # Programs that know no characters take the same in twentieths of a point.
    indent.set(qn(f"w:{side.removesuffix('Chars')}"), str(round(chars * BODY_SIZE.pt * 20)))


def _font(style: Any, name: str, size: Any) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, size, False, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:cs"), LATIN)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _spacing(paragraph: Any, line: Any) -> None:
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, line
    paragraph.widow_control = False


def _grid(section: Any) -> None:
    element = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - python-docx has no name for the grid
    if element is None:
        element = OxmlElement("w:docGrid")
        section._sectPr.append(element)  # noqa: SLF001
    element.set(qn("w:type"), "lines")
    element.set(qn("w:linePitch"), str(round(LINE.pt * 20)))


def _page_number(footer: Any, align: Any) -> None:
    """— 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Normal"
    paragraph.alignment = align
    indent_chars(paragraph._p.get_or_add_pPr(), "rightChars" if align == WD_ALIGN_PARAGRAPH.RIGHT else "leftChars", 1)  # noqa: SLF001
    for part in ("— ", None, " —"):
        run = paragraph.add_run(part or "")
        run.font.size, run.font.name = FOOTER_SIZE, SONGTI
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONGTI)  # noqa: SLF001
        if part is None:
            for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
                element = OxmlElement("w:fldChar" if kind else "w:instrText")
                if kind:
                    element.set(qn("w:fldCharType"), kind)
                element.text = text or None
                run._r.append(element)  # noqa: SLF001


def font_table() -> bytes:
    """The file's font table: each font of the standard with the one to take where it is missing."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>' for name, other in FALLBACKS.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/></w:font>'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{space}">{fonts}{latin}</w:fonts>'.encode()
