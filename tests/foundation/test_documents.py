"""Office files: inert, the same each time, readable by other programs; and reading what people send back."""

import csv
import io
import subprocess
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.foundation import industries
from zhiheng.foundation.documents.reading import ReadLimits, read_workbook
from zhiheng.foundation.documents.records import as_date, as_exact, records
from zhiheng.foundation.documents.sheet import Cell, Column, Table, columns, workbook
from zhiheng.foundation.documents.text import balanced, clean, width
from zhiheng.foundation.documents.word import Paper, Properties

CREATED = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
PROPERTIES = Properties("标题", "省质评办", CREATED)
RISKY = ["=1+1", "+1+1", "-1+1", "@SUM(1,1)", "=cmd|' /C calc'!A0", "\t=1+1", "'=1+1", "http://example.org", "0012", "1E5", "2024-01-02"]


def paper(*lines: str) -> bytes:
    made = Paper(PROPERTIES)
    made.title("关于2026年度河北省政府质量奖受理名单的公示")
    made.letter("\n".join(lines))
    return made.to_bytes()


def sheet(rows: list[list[Cell]], heads: tuple[Column, ...] | None = None) -> bytes:
    return workbook([Table("表", "标题", heads or columns(*(f"列{n}" for n, _ in enumerate(rows[0]))), rows)], PROPERTIES)


def opened(data: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def soffice(tmp_path: Path, form: str, path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(path)], capture_output=True, check=True
    )


def test_text_that_looks_like_a_formula_is_text() -> None:
    found = opened(sheet([[text] for text in RISKY]))
    cells = [found.cell(row, 1) for row in range(3, 3 + len(RISKY))]
    assert [cell.value for cell in cells] == RISKY
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [True] * 7 + [False] * 4
    assert not found._hyperlinks


def test_titles_headers_and_notes_are_text_too() -> None:
    table = Table("=1+1", "=1+1", (Column("=2+2"), Column("b")), [["x", "y"]], ("=3+3",))
    found = opened(workbook([table], PROPERTIES))
    assert [found.cell(row, 1).data_type for row in (1, 2, 3)] == ["s", "s", "s"]
    assert [found.cell(row, 1).value for row in (1, 2, 3)] == ["=1+1", "=3+3", "=2+2"]


@pytest.mark.libreoffice
def test_formulas_stay_inert_in_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(sheet([[text, number] for number, text in enumerate(RISKY)], columns("文本", "数|integer")))
    soffice(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1", path)
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row[0] for row in rows[2:]] == RISKY


def test_cells_have_their_types() -> None:
    heads = columns("整数|integer", "得分|score", "精确|exact", "金额|money", "日期|date", "文本")
    row: list[Cell] = [3, "549.90", "5499/10", 500_000, date(2026, 3, 2), "0012"]
    data = sheet([row, [None] * 6, [1, "549.99 (<550)", Fraction(1, 3), 0, None, ""]], heads)
    found = list(opened(data).iter_rows(min_row=3, values_only=True))
    assert found[0] == (3, 549.9, "5499/10", 500_000, datetime(2026, 3, 2), "0012")  # noqa: DTZ001
    assert found[1] == (None,) * 6
    assert found[2] == (1, "549.99 (<550)", "1/3", 0, None, None)
    assert opened(data)["B3"].number_format == "0.00"


def test_a_sheet_is_ready_to_print() -> None:
    found = opened(sheet([["很长的名称" * 3, "x"]]))
    assert found.freeze_panes == "A3"
    # fitToWidth is 1 where it is not said, fitToHeight 0 means any number of pages.
    assert (found.page_setup.orientation, found.page_setup.paperSize, found.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert found.sheet_properties.pageSetUpPr.fitToPage
    assert found.print_title_rows == "$2:$2"
    assert found.column_dimensions["A"].width > found.column_dimensions["B"].width


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not as long"):
        sheet([["a", "b"], ["c"]])


def test_the_same_input_gives_the_same_bytes() -> None:
    for made in (lambda: paper("正文。", "某单位", "2026年3月2日"), lambda: sheet([["a", 1]])):
        first = made()
        assert first == made()
        assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    later = Properties("标题", "省质评办", datetime(2027, 1, 1, tzinfo=UTC))
    assert Paper(later).to_bytes() != Paper(PROPERTIES).to_bytes()


def test_a_document_says_what_it_is() -> None:
    core = docx.Document(io.BytesIO(paper("正文。"))).core_properties
    assert (core.title, core.author, core.last_modified_by) == ("标题", "省质评办", "省质评办")
    assert (core.created.replace(tzinfo=None), core.comments) == (datetime(2026, 3, 2, 1, 2, 3), "")  # noqa: DTZ001


def test_the_page_is_that_of_an_official_document() -> None:
    document = docx.Document(io.BytesIO(paper("正文。")))
    section = document.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [210, 297, 37, 35, 28, 26]
    style = document.styles["公文标题"]
    fonts = style.element.rPr.rFonts
    assert (fonts.get(qn("w:eastAsia")), style.font.size.pt) == ("方正小标宋简体", 22)
    body = document.styles["公文正文"]
    assert (body.element.rPr.rFonts.get(qn("w:eastAsia")), body.font.size.pt) == ("仿宋_GB2312", 16)
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml


#: CT_PPrBase, CT_TblPrBase and CT_TrPr of ECMA-376, as far as they are used: Word refuses another order.
ORDER = {
    "pPr": ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"],
    "tblPr": ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook"],
    "tcPr": ["tcW", "vAlign"],
    "sectPr": ["footerReference", "type", "pgSz", "pgMar", "cols", "docGrid"],
}


def test_properties_stand_in_the_order_of_the_standard() -> None:
    made = Paper(PROPERTIES)
    made.title("标题")
    made.text("各单位：\n一、标题\n正文" + "x" * 40)
    made.annex("名单")
    made.caption("表")
    made.table(["甲", "乙"], [["1", "2"]], ["centre", "right"])
    made.signature("某某办公室", "2026年3月2日")
    archive = zipfile.ZipFile(io.BytesIO(made.to_bytes()))
    seen = set()
    for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        for element in ET.fromstring(archive.read(part)).iter():
            name = element.tag.rpartition("}")[2]
            if name in ORDER:
                children = [child.tag.rpartition("}")[2] for child in element]
                places = [ORDER[name].index(child) for child in children if child not in ("rPr", "tblBorders", "tblInd", "tabs", "numPr")]
                assert places == sorted(places), (part, children)
                seen.add(name)
    assert seen == set(ORDER)


def test_missing_fonts_have_a_stand_in() -> None:
    table = zipfile.ZipFile(io.BytesIO(paper("正文。"))).read("word/fontTable.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/>' in table
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table


def test_lines_find_their_styles() -> None:
    data = paper("各单位：", "正文。", "一、标题", "（一）小标题", "一、这是一句完整的话。", "某某办公室", "2026年3月2日")
    found = [(p.text, p.style.name) for p in docx.Document(io.BytesIO(data)).paragraphs if p.text]
    assert found[0] == ("关于2026年度河北省政府质量奖\n受理名单的公示", "公文标题")
    assert found[1:] == [
        ("各单位：", "公文顶格"),
        ("正文。", "公文正文"),
        ("一、标题", "公文一级标题"),
        ("（一）小标题", "公文二级标题"),
        ("一、这是一句完整的话。", "公文正文"),
        ("某某办公室", "公文顶格"),
        ("2026年3月2日", "公文顶格"),
    ]


@given(st.text())
@settings(max_examples=30)
def test_any_text_can_be_written(text: str) -> None:
    kept = clean(text)
    made = Paper(Properties(text[:200], text[:200], CREATED))
    made.title(text)
    made.text(text)
    made.table(["甲"], [[text]])
    made.signature(text[:50], "2026年3月2日")
    document = docx.Document(io.BytesIO(made.to_bytes()))
    assert document.tables[0].cell(1, 0).text == kept
    assert clean(kept) == kept


@given(st.text(max_size=2000))
def test_any_text_can_be_a_cell(text: str) -> None:
    value = opened(sheet([[text, "x"]]))["A3"].value
    # Spreadsheet files write _x0041_ for a character; programs differ on reading it back.
    if "_x" not in text:
        assert (value or "") == clean(text)


@pytest.mark.parametrize("bad", ["a\x00b", "a\x0bb", "a\ud800b", "a\uffffb", "a\u202eb", "a\u2066b"])
def test_what_no_file_can_hold_is_left_out(bad: str) -> None:
    assert clean(bad) == "ab"


def test_widths() -> None:
    assert [width(text) for text in ("", "ab", "质量", "质a\n量量")] == [0, 2, 4, 4]
    assert balanced("短标题", 40) == "短标题"
    assert all(width(line) <= 40 for line in balanced("某" * 50, 40).split("\n"))


def test_sections_and_divisions() -> None:
    assert len(industries.sections()) == 20
    assert len(industries.divisions()) == 97
    assert [industries.section_of(code) for code in ("01", "26", "43", "44", "97")] == ["A", "C", "C", "D", "T"]
    assert industries.title_of("C") == "制造业"
    for unknown in ("98", "C", ""):
        with pytest.raises(KeyError):
            industries.section_of(unknown)


def filled(tmp_path: Path, **cells: object) -> Path:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    book.save(tmp_path / "in.xlsx")
    return tmp_path / "in.xlsx"


def refusal(path: Path, limits: ReadLimits | None = None) -> str:
    found = read_workbook(path, limits or ReadLimits())
    assert found.value is None
    return found.text()


def test_values_are_read_exactly(tmp_path: Path) -> None:
    path = filled(tmp_path, A1="文本", B1=55, C1=0.1, D1=date(2024, 5, 6), E1=True, F1=499.9166666666667, A3=" x ")
    book = openpyxl.load_workbook(path)
    book.active["G1"] = 0.55
    book.active["G1"].number_format = "0%"
    book.active["H1"] = 0.125
    book.active["H1"].number_format = "0.0%"
    book.save(path)
    found = read_workbook(path, ReadLimits()).value
    assert found is not None
    assert found[0].rows[0] == ("文本", 55, Decimal("0.1"), date(2024, 5, 6), "是", Decimal("499.916666666667"), "55%", "12.5%")
    assert found[0].rows[1] == (None,) * 8
    assert found[0].rows[2][0] == "x"


@pytest.mark.parametrize("formula", ["=1+1", "=SUM(A1:A2)", '=HYPERLINK("http://example.org","x")'])
def test_formulas_are_refused_with_their_place(tmp_path: Path, formula: str) -> None:
    assert refusal(filled(tmp_path, A1="x", C5=formula)) == "工作表“Sheet”单元格C5含有公式，请复制后“选择性粘贴—数值”"


def test_many_formulas_are_named_up_to_a_point(tmp_path: Path) -> None:
    cells = {f"A{row}": "=1+1" for row in range(1, 60)}
    assert refusal(filled(tmp_path, **cells)).count("含有公式") == 20


@pytest.mark.parametrize("place", ["A5051", "CC1", "XFD1048576"])
def test_far_cells_are_refused_before_they_cost_memory(tmp_path: Path, place: str) -> None:
    assert f"延伸到{place}单元格" in refusal(filled(tmp_path, **{place: "x"}))


def test_an_over_long_cell_is_refused(tmp_path: Path) -> None:
    assert refusal(filled(tmp_path, B2="长" * 5001)) == "工作表“Sheet”单元格B2有5001字，超过5000字，请精简"


def test_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    assert "找不到文件" in refusal(path)
    for content in (b"", b"a,b,c", b"%PDF-1.4", b"PK\x03\x04" + b"\0" * 100, paper("正文。")):
        path.write_bytes(content)
        assert refusal(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, A1="x")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.xml", b"<a>" + b" " * 130_000_000 + b"</a>")
    assert path.stat().st_size < 1_000_000
    assert refusal(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, A1="x")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    declared = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    parts["xl/worksheets/sheet1.xml"] = declared + parts["xl/worksheets/sheet1.xml"].split(b"?>", 1)[-1]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert "外部实体" in refusal(path)


def test_too_many_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for _ in range(3):
        book.create_sheet()
    book.save(tmp_path / "in.xlsx")
    assert "工作表有4张，超过3张" in refusal(tmp_path / "in.xlsx", ReadLimits(max_sheets=3))


def test_records_find_their_header_below_titles(tmp_path: Path) -> None:
    path = filled(tmp_path, A1="登记表", A3="编号*", B3="名称", A4="示例-1", B4="不导入", A6="1", B6=date(2024, 1, 2), A8=None, B8="x")
    grids = read_workbook(path, ReadLimits()).value
    assert grids is not None
    found, problems = records(grids[0], ["编号"], ["名称"])
    assert problems == []
    assert [(record.row, record.text("编号"), record.text("名称")) for record in found] == [(6, "1", "2024-01-02"), (8, "", "x")]


@pytest.mark.parametrize("text", ["2024-01-31", "2024/1/31", "2024.1.31", "2024年1月31日", " 2024-1-31 "])
def test_dates_are_understood(text: str) -> None:
    assert as_date(text) == date(2024, 1, 31)


@pytest.mark.parametrize("text", ["2024-02-30", "31/1/2024", "昨天", "", None, 45000])
def test_what_is_no_date(text: str | int | None) -> None:
    assert as_date(text) is None


def test_exact_numbers() -> None:
    assert [as_exact(value) for value in (1, Decimal("1.5"), "12.50", "１", "-1", "1e5", "1/2", "", None)] == [
        Fraction(1), Fraction(3, 2), Fraction(25, 2), None, None, None, None, None, None,
    ]  # fmt: skip
