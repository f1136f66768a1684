"""Marks, words and files of the fictional cast: on the grid, from the pack's own codes, and the same each time."""

import io
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import puremagic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules import scoring
from zhiheng.rules.pack import Criteria, Pack
from zhiheng.simulation.cast import agreed_marks, cast, comments_for, evidence_pdf, marks_for, papers, profile_of, report_for

SCHEMES = ["organization", "senior_leader", "middle_manager", "front_line", "other"]


@pytest.fixture(scope="module")
def hebei() -> Pack:
    """The real pack, whose grid the marks must keep."""
    return load_pack(Path(__file__).parents[2] / "rulepacks" / "hebei-2022")


def scheme_of(pack: Pack, code: str) -> tuple[Criteria, int | Fraction]:
    """A scheme with its grid."""
    found = pack.scheme("organization" if code == "organization" else "individual", code)
    step = pack.parameters.percentage_step.value if found.method == "percentage" else pack.parameters.point_step.value
    return found, step


@given(ability=st.integers(-20, 130), strictness=st.integers(-8, 8), seed=st.integers(0, 999), code=st.sampled_from(SCHEMES))
def test_marks_are_such_as_the_rules_accept(hebei: Pack, ability: int, strictness: int, seed: int, code: str) -> None:
    scheme, step = scheme_of(hebei, code)
    rng = Random(seed)
    marks = marks_for(ability, strictness, scheme, rng, step, profile_of(scheme, rng))
    assert list(marks) == list(scheme.item_points)
    assert scoring.check_marks(marks, scheme, hebei.parameters).ok


@pytest.mark.parametrize("code", SCHEMES)
def test_marks_are_exact_at_both_ends(hebei: Pack, code: str) -> None:
    scheme, step = scheme_of(hebei, code)
    full = {item.code: "100" if scheme.method == "percentage" else str(item.points) for item in scheme.items}
    assert marks_for(200, 0, scheme, Random(1), step) == full
    assert marks_for(-100, 0, scheme, Random(1), step) == dict.fromkeys(full, "0")


def test_marks_lie_near_ability_and_strictness(hebei: Pack) -> None:
    scheme, step = scheme_of(hebei, "organization")
    rng = Random(4)
    for ability, strictness in ((50, 0), (50, 8), (60, -8)):
        marks = marks_for(ability, strictness, scheme, rng, step)
        # Six points of noise and half a step of rounding are the most that one mark can lie off.
        assert all(abs(int(mark) - ability - strictness) <= 8 for mark in marks.values())
        assert len(set(marks.values())) > 1
        assert abs(scoring.total({code: Fraction(mark) for code, mark in marks.items()}, scheme) - 10 * (ability + strictness)) <= 30


def test_a_grid_that_does_not_divide_the_full_mark_is_kept_below_it(hebei: Pack) -> None:
    scheme, _ = scheme_of(hebei, "organization")
    assert set(marks_for(200, 0, scheme, Random(1), 30).values()) == {"90"}


def test_experts_seldom_lie_far_apart(hebei: Pack) -> None:
    """Consensus is compulsory for some entries and not for most, so that a play has both."""
    scheme, step = scheme_of(hebei, "organization")
    rng = Random(11)
    everybody = cast(rng, 100, 0, 100)
    wide = items = 0
    for entry in everybody.organizations:
        shape = profile_of(scheme, rng)
        raw = [marks_for(entry.ability, expert.strictness, scheme, rng, step, shape) for expert in rng.sample(everybody.experts, 3)]
        sheets = [{code: Fraction(mark) for code, mark in sheet.items()} for sheet in raw]
        spread = scoring.spread(sheets, scheme, hebei.parameters).value
        assert spread is not None
        items += len(spread.wide_items)
        wide += bool(spread.wide_items) or spread.total_wide
    assert 0 < wide <= 20
    assert items <= 23  # of 2300: at most one in a hundred


def test_about_half_reach_the_site_visit(hebei: Pack) -> None:
    everybody = cast(Random(12), 400, 200, 1)
    assert 120 <= sum(body.ability >= 50 for body in everybody.organizations) <= 280
    assert 60 <= sum(person.ability * 80 >= 70 * 100 for person in everybody.persons) <= 140


def test_agreed_marks_are_the_mean_on_the_grid(hebei: Pack) -> None:
    scheme, step = scheme_of(hebei, "organization")
    sheets = [dict.fromkeys(scheme.item_points, mark) for mark in ("50", "55", "70")]
    assert agreed_marks(sheets, scheme, step) == dict.fromkeys(scheme.item_points, "60")  # 58 1/3
    blocks, half = scheme_of(hebei, "senior_leader")
    sheets = [{"3.1": "26.5", "3.2": "20", "3.3": "15.5"}, {"3.1": "27", "3.2": "21", "3.3": "15.5"}]
    assert agreed_marks(sheets, blocks, half) == {"3.1": "27", "3.2": "20.5", "3.3": "15.5"}
    with pytest.raises(ValueError, match="without sheets"):
        agreed_marks([], scheme, step)


@pytest.mark.parametrize("code", SCHEMES)
def test_comments_stand_beside_one_item_of_each_section(hebei: Pack, code: str) -> None:
    scheme, _ = scheme_of(hebei, code)
    comments = comments_for(scheme, Random(2))
    assert [scheme.section_of[item] for item in comments] == [section.code for section in scheme.sections]
    for remark in comments.values():
        assert set(remark) == {"strengths", "improvements"}
        assert all(text.endswith("。") for text in remark.values())


def test_a_report_names_the_best_and_the_worst(hebei: Pack) -> None:
    scheme, _ = scheme_of(hebei, "organization")
    marks = dict.fromkeys(scheme.item_points, "50") | {"7.3": "80", "1.2": "75", "4.6": "70", "2.1": "10", "6.2": "20", "5.1": "30"}
    report = report_for("石家庄云岭精密制造有限公司", scheme, marks, Random(3))
    assert [line.split("”")[0] for line in report.strengths.splitlines()] == ["1．“财务结果", "2．“组织治理", "3．“相关方关系"]
    assert [line.split("”")[0] for line in report.improvements.splitlines()] == ["1．“战略制定", "2．“改进与创新", "3．“过程的识别与设计"]
    assert report.conclusion.startswith("石家庄云岭精密制造有限公司申报材料完整")
    # 资源: 60×50 + 15×50 + 20×50 + 20×50 + 10×50 + 5×70 of 130; 结果: 80 of 400 at 80 %: 56 %, the highest.
    assert "“结果”部分表现较为突出" in report.conclusion


def test_a_report_on_a_single_block(hebei: Pack) -> None:
    scheme, _ = scheme_of(hebei, "other")
    report = report_for("王立宁", scheme, {"6.2": "70"}, Random(3), on_site=True)
    assert report.strengths.startswith("1．“关键要求”：经现场核实，")
    assert report.strengths.count("\n") == report.improvements.count("\n") == 0


def test_words_for_every_check_and_step_of_the_pack(hebei: Pack) -> None:
    """None falls back to the general sentence."""
    assert {papers.side_note(check.code, Random(1)) for check in hebei.checks} & {papers.side_note("unknown", Random(1))} == set()
    assert {papers.step_note(step.code, Random(1)) for step in hebei.steps} & {papers.step_note("unknown", Random(1))} == set()
    assert len({papers.step_note(step.code, Random(1)) for step in hebei.steps}) == len(hebei.steps) == 11


def test_papers_name_whom_and_when() -> None:
    plan = papers.visit_plan("保定市育新中学", date(2024, 9, 23), date(2024, 9, 24), Random(1))
    assert plan.startswith("2024年9月23日至2024年9月24日对保定市育新中学开展现场评审")
    assert papers.visit_plan("甲", date(2024, 9, 23), date(2024, 9, 23), Random(1)).startswith("2024年9月23日对甲")
    opinion = papers.recommendation_opinion("定州市市场监督管理局", "定州云岭粮油有限公司", Random(1))
    assert opinion.startswith("经定州市市场监督管理局审核，定州云岭粮油有限公司申报材料")
    assert "同意推荐。" in opinion
    assert {papers.evaluation(Random(seed))[0] for seed in range(40)} == {"good", "fair"}
    assert papers.objection_answer(upheld=True) != papers.objection_answer(upheld=False)


def test_evidence_is_a_whole_pdf() -> None:
    data = evidence_pdf("营业执照副本", "石家庄云岭精密制造有限公司", ["依法设立", "91130100XX0000019"])
    assert puremagic.from_stream(io.BytesIO(data), mime=True) == "application/pdf"
    assert data.isascii()
    assert len(data) < 2000
    assert data.endswith(b"%%EOF\n")
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    table = data[start:].splitlines()
    assert table[:2] == [b"xref", b"0 10"]
    for number, row in enumerate(table[3:12], 1):
        offset = int(row[:10])
        assert data[offset:].startswith(b"%d 0 obj\n" % number)
    stream = data.split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0]
    assert b"/Length %d>>" % len(stream) in data
    assert "营业执照副本".encode("utf-16-be").hex().encode() in stream
    assert "91130100XX0000019".encode("utf-16-be").hex().encode() in stream


def test_evidence_is_the_same_for_the_same_words_only() -> None:
    assert evidence_pdf("甲", "乙", ["丙"]) == evidence_pdf("甲", "乙", ["丙"])
    files = {evidence_pdf(title, org, lines) for title in ("甲", "丁") for org in ("乙", "戊") for lines in ([], ["丙"], ["丙", "丙"])}
    assert len(files) == 12


def test_evidence_of_many_lines_and_strange_signs_stays_one_page() -> None:
    data = evidence_pdf("题", "位", [f"第{number}行" for number in range(99)])
    assert data.count(b"T*") == 27
    odd = evidence_pdf("a) Tj (\\", "\U0001f600\ud800\n")
    assert odd.isascii()
    assert b"003f003f000a" in odd
