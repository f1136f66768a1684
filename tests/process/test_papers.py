"""Each document of a finished cycle, read back by other programs, against figures known beforehand."""

import re
import subprocess
from pathlib import Path

import docx
import pytest

from tests.process.books import rows_of
from tests.process.finished import finished
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.services import store
from zhiheng.process.papers import folder
from zhiheng.process.papers.frame import TO_SIGN
from zhiheng.rules.pack import Pack

NAMES = [
    "01-申报通知.docx",
    "03-推荐名单公示-石家庄市.docx",
    "04-受理名单公示.docx",
    "05-受理名单.docx",
    "05-受理名单.xlsx",
    "06-材料评审专家抽取记录.docx",
    "07-材料评审得分排序表.xlsx",
    "09-现场评审专家抽取记录.docx",
    "10-现场评审记录.xlsx",
    "11-评审得分排序表.xlsx",
    "12-授奖候选名单.docx",
    "12-授奖候选名单.xlsx",
    "14-省质评委会议纪要-第2次.docx",
    "14-省质评委会议记录（未达法定人数）-第1次.docx",
    "17-获奖名单.docx",
    "17-获奖名单.xlsx",
    "18-奖金台账.xlsx",
]


_made: dict[str, bytes] = {}


@pytest.fixture
def files(db: None, hebei: Pack) -> dict[str, bytes]:
    """Every document of the finished cycle, written once for all tests that only read them."""
    if not _made:
        _made.update({file.name: file.data for file in folder.files(finished(hebei))})
    return _made


def words(data: bytes, tmp_path: Path) -> tuple[list[str], list[list[str]]]:
    """A document's paragraphs and table rows."""
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    document = docx.Document(str(path))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text], rows


def test_every_document_is_there(files: dict[str, bytes]) -> None:
    assert list(files) == NAMES


@pytest.mark.django_db
def test_a_cycle_that_just_began_has_none(hebei: Pack, tmp_path: Path) -> None:
    cycle = Cycle.objects.create(code="2026", year=2026, title="2026年度", pack=store(hebei))
    assert folder.write_all(cycle, tmp_path / "papers") == []
    assert (tmp_path / "papers").is_dir()


@pytest.mark.django_db
def test_writing_gives_the_same_bytes_again(hebei: Pack, tmp_path: Path) -> None:
    cycle = finished(hebei)
    first, second = folder.write_all(cycle, tmp_path / "a"), folder.write_all(cycle, tmp_path / "b")
    assert [path.name for path in first] == NAMES
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.duty("C1")
def test_the_call(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, _ = words(files["01-申报通知.docx"], tmp_path)
    assert lines[0].replace("\n", "") == "关于开展2024年度河北省政府质量奖申报工作的通知"
    assert any("（冀评组办函〔2024〕3号）" in line for line in lines)
    assert "申报截止时间为2024年4月30日，逾期不予受理。" in lines
    assert lines[-2:] == ["河北省政府质量奖评审委员会办公室", "2024年2月26日"]


@pytest.mark.duty("E2")
def test_the_accepted_list_is_in_the_order_of_names(files: dict[str, bytes], tmp_path: Path) -> None:
    _, rows = words(files["05-受理名单.docx"], tmp_path)
    assert rows == [
        ["序号", "申报编号", "名称", "推荐单位"],
        ["1", "2024-Z-0002", "=燕赵药业公司", "石家庄市市场监督管理局"],
        ["2", "2024-Z-0003", "滹沱食品有限公司", "石家庄市市场监督管理局"],
        ["3", "2024-Z-0004", "白洋淀文旅公司", "石家庄市市场监督管理局"],
        ["4", "2024-Z-0001", "石门装备有限公司", "石家庄市市场监督管理局"],
        ["5", "2024-Z-0005", "赵州桥梁公司", "石家庄市市场监督管理局"],
        ["序号", "申报编号", "姓名", "所在单位", "类别", "推荐单位"],
        ["1", "2024-G-0001", "王匠", "石门装备有限公司（集团）", "一线工作人员", "石家庄市市场监督管理局"],
    ]
    assert rows_of(files["05-受理名单.xlsx"], "组织奖")[3:5] == [
        [1, "2024-Z-0002", "=燕赵药业公司", "石家庄市市场监督管理局"],
        [2, "2024-Z-0003", "滹沱食品有限公司", "石家庄市市场监督管理局"],
    ]


@pytest.mark.duty("L2")
def test_a_notice_is_word_for_word_with_its_list(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, rows = words(files["03-推荐名单公示-石家庄市.docx"], tmp_path)
    assert lines[1:6] == ["各有关单位：", "现将名单予以公示。", "（名单见附表）", "石家庄市市场监督管理局", "2024年5月6日"]
    # Award by award as the pack has them, inside an award as posted.
    assert [row[2] for row in rows] == [
        "名称", "赵州桥梁公司", "石门装备有限公司", "白洋淀文旅公司", "滹沱食品有限公司", "=燕赵药业公司", "名称", "王匠",
    ]  # fmt: skip


@pytest.mark.duty("F1", "K7")
def test_the_draw(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, rows = words(files["06-材料评审专家抽取记录.docx"], tmp_path)
    assert f"参加抽取的专家4名，冻结名单摘要（SHA-256）：{'ab' * 32}；抽签方案摘要：{'cd' * 32}。" in lines
    assert {"抽中第7签。", "三、见证人员", "依次以各数按 RFC 3797 计算签号，抽中第 7 签。", "组织奖第1组（评审对象5个）"} <= set(lines)
    assert rows[1:4] == [
        ["最低入选机会", "0.7500", "0.7500"],
        ["基尼系数", "0.0000", "0.0000"],
        ["几何平均", "0.7500", "0.7500"],
    ]
    assert rows[5:7] == [
        ["省质评办委托的相关机构", "0a" * 6, " ".join(["1111"] * 5)],
        ["河北省政府质量奖评审委员会办公室", "ef" * 6, " ".join(["4747"] * 5)],
    ]
    assert rows[8:] == [
        ["1", "ZJ001", "专家甲", "第1研究院", "3/4", "组长"],
        ["2", "ZJ002", "专家乙", "第2研究院", "3/4", ""],
        ["3", "ZJ003", "专家丙", "第3研究院", "3/4", "退出：与申报单位有利害关系"],
        ["4", "ZJ004", "专家丁", "第4研究院", "3/4", "递补"],
        ["序号", "姓名、单位和职务", "签名"],
        ["1", "赵见证，纪检监督", TO_SIGN],
    ]


@pytest.mark.duty("F3")
def test_the_material_scores(files: dict[str, bytes]) -> None:
    rows = rows_of(files["07-材料评审得分排序表.xlsx"], "组织奖")[3:]
    assert [row[:6] for row in rows] == [
        [1, "2024-Z-0001", "石门装备有限公司", 600, "600", 1],
        [2, "2024-Z-0005", "赵州桥梁公司", 590, "590", 1],
        [3, "2024-Z-0002", "=燕赵药业公司", 540, "540", 1],
        [4, "2024-Z-0003", "滹沱食品有限公司", 505, "505", 1],
        [5, "2024-Z-0004", "白洋淀文旅公司", 499.92, "5999/12", 1],
    ]
    assert rows[4][6] == "材料评审得分499.92分，未达到500分，不能进入下一环节（《细则》四（四）3）"


@pytest.mark.duty("H1", "H2", "H3")
def test_the_final_ranking(files: dict[str, bytes]) -> None:
    rows = rows_of(files["11-评审得分排序表.xlsx"], "组织奖")[3:]
    assert [row[:8] for row in rows] == [
        [1, "2024-Z-0001", "石门装备有限公司", 600, 640, 10, 638, "638"],
        [2, "2024-Z-0002", "=燕赵药业公司", 540, 560, 0, 554, "554"],
        # 0.3 × 505 + 0.7 × 1713/3: the site score is 571, the final 551.2.
        [3, "2024-Z-0003", "滹沱食品有限公司", 505, 571, 0, 551.2, "551.2"],
        [None, "2024-Z-0005", "赵州桥梁公司", 590, 700, 0, 667, "667"],
        [None, "2024-Z-0004", "白洋淀文旅公司", 499.92, None, None, None, None],
    ]
    assert rows[0][8].endswith("组织奖排序第1名，达到550分且在名额之内，列入授奖候选名单")
    assert rows[3][8] == "已不符合申报条件，不列入排序：列入经营异常名录（《细则》三（一）5）"
    assert "未达到500分" in rows[4][8]
    person = rows_of(files["11-评审得分排序表.xlsx"], "个人奖")[3]
    assert person[:10] == [1, "2024-G-0001", "王匠", "一线工作人员", 70, 75, 12.5, 2, 88, "88"]


@pytest.mark.duty("H3")
def test_the_candidates(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, rows = words(files["12-授奖候选名单.docx"], tmp_path)
    assert "申报组织最终得分不低于550分、申报个人最终得分不低于85分" in lines[1]
    assert "组织奖不超过10家、个人奖不超过10名" in lines[1]
    assert [row[0:3] + row[-1:] for row in rows] == [
        ["名次", "申报编号", "名称", "最终得分"],
        ["1", "2024-Z-0001", "石门装备有限公司", "638.00"],
        ["2", "2024-Z-0002", "=燕赵药业公司", "554.00"],
        ["3", "2024-Z-0003", "滹沱食品有限公司", "551.20"],
        ["名次", "申报编号", "姓名", "最终得分"],
        ["1", "2024-G-0001", "王匠", "88.00"],
    ]


@pytest.mark.duty("G4")
def test_what_the_panels_handed_in(files: dict[str, bytes]) -> None:
    data = files["10-现场评审记录.xlsx"]
    assert [row[3:6] for row in rows_of(data, "评审记录表")[3:]] == [
        ["ZJ001", 640, "有效"],
        ["ZJ002", 640, "有效"],
        ["ZJ003", 640, "已作废：回避"],
    ]
    assert rows_of(data, "评审得分排序表")[3] == ["组织奖第1组", 1, "2024-Z-0001", "石门装备有限公司", 640, "640", "1000"]
    assert rows_of(data, "专家评价表")[3] == ["组织奖第1组", "ZJ001", "专家甲", "优秀", "认真负责"]
    assert rows_of(data, "现场评审意见")[2] == ["组织奖第1组", "建议优先"]


@pytest.mark.duty("I1", "I2")
def test_the_minutes(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, rows = words(files["14-省质评委会议纪要-第2次.docx"], tmp_path)
    assert "委员总数25人，应到不少于17人，实到17人，符合规定人数。" in lines
    assert any(
        line.startswith("出席：委员1（主任）、委员2、")
        and line.endswith("缺席：委员18、委员19、委员20、委员21、委员22、委员23、委员24、委员25。")
        for line in lines
    )
    assert rows == [
        ["序号", "候选对象", "回避", "表决", "赞成", "反对", "弃权", "未投", "须赞成", "结果"],
        ["1", "石门装备有限公司（2024-Z-0001）", "1", "16", "12", "3", "1", "0", "11", "通过"],
        ["2", "=燕赵药业公司（2024-Z-0002）", "0", "17", "11", "4", "1", "1", "12", "未通过"],
        ["3", "王匠（2024-G-0001）", "0", "17", "17", "0", "0", "0", "12", "通过"],
    ]
    assert "同意将下列候选对象列入授奖建议名单，按规定公示。组织奖：石门装备有限公司；个人奖：王匠。" in lines
    failed, _ = words(files["14-省质评委会议记录（未达法定人数）-第1次.docx"], tmp_path)
    assert "委员总数25人，应到不少于17人，实到16人，未达到规定人数，未进行表决。" in failed


@pytest.mark.duty("J3")
def test_winners_and_money(files: dict[str, bytes], tmp_path: Path) -> None:
    lines, rows = words(files["17-获奖名单.docx"], tmp_path)
    assert "经河北省人民政府于2024年11月20日批准，授予组织1家、个人1名河北省政府质量奖。" in lines
    assert rows[1] == ["1", "ZLJ-2024-Z01", "石门装备有限公司", "石家庄市市场监督管理局", "500,000"]
    assert rows[3] == ["1", "ZLJ-2024-G01", "王匠", "石门装备有限公司（集团）", "20,000", "2026-02-01取消奖励"]
    ledger = rows_of(files["18-奖金台账.xlsx"], "奖金台账")[2:]
    assert [row[2:] for row in ledger] == [
        ["王匠", "个人奖", 20000, 20000, 0, 20000, 5000, 15000],
        ["石门装备有限公司", "组织奖", 500000, 0, 500000, 0, 0, 0],
        ["合计", None, 520000, 20000, 500000, 20000, 5000, 15000],
    ]


def soffice(tmp_path: Path, form: str, *files: Path) -> None:
    """Convert with a real LibreOffice that has a profile of its own."""
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path / 'profile'}",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(tmp_path),
    ]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    assert "Error" not in done.stderr, done.stderr


FOUND = {
    "04-受理名单公示.docx": ["受理名单的公示", "=燕赵药业公司", "2024年6月3日"],
    "06-材料评审专家抽取记录.docx": ["组织奖第1组", "退出：与申报单位有利害关系"],
    "12-授奖候选名单.docx": ["638.00", "551.20"],
    "14-省质评委会议纪要-第2次.docx": ["三分之二", "未通过"],
    "17-获奖名单.docx": ["ZLJ-2024-Z01"],
}


@pytest.mark.libreoffice
def test_libreoffice_opens_every_document(files: dict[str, bytes], tmp_path: Path) -> None:
    papers = {}
    for number, (name, data) in enumerate(files.items()):
        papers[name] = tmp_path / f"{number:02d}{Path(name).suffix}"
        papers[name].write_bytes(data)
    soffice(tmp_path, "pdf", *papers.values())
    for path in papers.values():
        pages = re.findall(rb"/Type\s*/Pages\b.*?/Count\s+(\d+)", path.with_suffix(".pdf").read_bytes(), re.DOTALL)
        assert sum(map(int, pages)) >= 1, path.name
    soffice(tmp_path, "txt:Text (encoded):UTF8", *(papers[name] for name in FOUND))
    for name, wanted in FOUND.items():
        text = papers[name].with_suffix(".txt").read_text(encoding="utf-8-sig").replace("\n", "")
        assert [part for part in wanted if part not in text] == [], name
