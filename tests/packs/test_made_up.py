"""The made-up pack differs from Hebei in what the engine must not take for granted."""

from fractions import Fraction
from pathlib import Path

import pytest

from zhiheng.foundation.packs.loader import describe, load_pack
from zhiheng.rules.lifecycle import Stage, entering_status, next_stage
from zhiheng.rules.pack import Pack


@pytest.fixture(scope="module")
def lakeside() -> Pack:
    return load_pack(Path(__file__).parent / "made-up")


@pytest.mark.duty("A1")
def test_it_is_another_award(lakeside: Pack, hebei: Pack) -> None:
    (award,) = lakeside.awards
    assert (award.applicant, award.full_mark, award.final_threshold.value) == ("organization", 200, Fraction(241, 2))
    assert award.weights.value == {"material": Fraction(1)}
    assert (award.survey_full.value, award.quota.value, award.bonus.points) == (0, 3, 5)
    assert [(section.code, [item.points for item in section.items]) for section in lakeside.scheme("benchmark", "unit").sections] == [
        ("1", [75, 45]),
        ("2", [50, 30]),
    ]
    differing = [
        name
        for name in type(lakeside.parameters).model_fields
        if getattr(lakeside.parameters, name).value == getattr(hebei.parameters, name).value
    ]
    assert differing == ["material_panel_size"]
    assert (lakeside.parameters.quota_pooled.value, lakeside.parameters.ballot.value) == (True, "open")


@pytest.mark.duty("L1")
def test_it_leaves_three_stages_out(lakeside: Pack) -> None:
    assert set(Stage) - set(lakeside.line) == {Stage.RECOMMENDATION, Stage.SHORTLIST, Stage.SITE_VISIT}
    assert next_stage(lakeside.line, Stage.APPLICATION) == Stage.QUALIFICATION
    assert next_stage(lakeside.line, Stage.MATERIAL_REVIEW) == Stage.NOMINATION
    assert entering_status(lakeside.line, Stage.NOMINATION) == "reviewed"


def test_its_summary(lakeside: Pack) -> None:
    summary = describe(lakeside)
    assert summary["criteria"] == [{"code": "benchmark", "sections": 2, "items": 4, "clauses": 1, "details": 0, "points": "200"}]
    assert [summary[name] for name in ("stages", "recommenders", "guides", "bands", "steps", "questions")] == [9, 3, 1, 3, 0, 3]


def test_codes_that_are_not_there(lakeside: Pack) -> None:
    assert lakeside.recommender("isle").city == "湖心镇"
    for look_up in (
        lambda: lakeside.award("organization"),
        lambda: lakeside.scheme("benchmark", "person"),
        lambda: lakeside.recommender("sjz"),
        lambda: lakeside.document("draw_minutes"),
    ):
        with pytest.raises(KeyError):
            look_up()
