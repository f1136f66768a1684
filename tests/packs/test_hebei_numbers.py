"""What the Hebei regulation fixes, number by number, as the pack holds it."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.packs.conftest import ROOT
from zhiheng.foundation.packs.loader import describe, load_pack
from zhiheng.rules.lifecycle import STAGE_TITLES, Role, Stage
from zhiheng.rules.pack import Pack, Value

HEBEI = ROOT / "rulepacks" / "hebei-2022"


def value(parameter: Value[object]) -> object:
    return parameter.value


@pytest.mark.duty("A1")
def test_summary(hebei: Pack) -> None:
    summary = describe(hebei)
    assert [
        (part["code"], part["sections"], part["items"], part["clauses"], part["details"], part["points"]) for part in summary["criteria"]
    ] == [
        ("senior_leader", 3, 3, 17, 0, "80"),
        ("middle_manager", 3, 3, 14, 0, "80"),
        ("front_line", 3, 3, 11, 0, "80"),
        ("other", 1, 1, 9, 0, "80"),
        ("organization", 7, 23, 56, 104, "1000"),
    ]
    names = ("guides", "bands", "concepts", "definitions", "requirements", "stages", "recommenders", "checks", "steps", "questions")
    assert [summary[name] for name in names] == [2, 12, 7, 4, 6, 12, 14, 9, 11, 37]
    assert summary["digest"] == hebei.digest
    assert len(hebei.digest) == 64
    assert (summary["id"], summary["version"], summary["effective"]) == ("hebei-2022", "2022.3", "2022-08-08")


@pytest.mark.duty("A1")
def test_reading_twice_or_from_json_gives_the_same_digest(hebei: Pack) -> None:
    assert load_pack(HEBEI).digest == hebei.digest
    assert Pack.model_validate_json(hebei.canonical()).digest == hebei.digest
    assert Pack.model_validate_json(hebei.canonical()) == hebei


@pytest.mark.duty("A1")
def test_a_changed_word_changes_the_digest(hebei: Pack) -> None:
    assert hebei.model_copy(update={"text": hebei.text.replace("500分", "499分")}).digest != hebei.digest


@pytest.mark.duty("B1", "B2", "F3", "H1", "H2", "H3", "J3")
@pytest.mark.parametrize(
    ("code", "full", "material", "final", "survey", "bonus", "quota", "prize", "categories"),
    [
        ("organization", 1000, 500, 550, 0, 10, 10, 500_000, ["organization"]),
        ("individual", 80, 70, 85, 20, 2, 10, 20_000, ["senior_leader", "middle_manager", "front_line", "other"]),
    ],
)
def test_awards(
    hebei: Pack, code: str, full: int, material: int, final: int, survey: int, bonus: int, quota: int, prize: int, categories: list[str]
) -> None:
    award = hebei.award(code)
    assert (award.full_mark, award.material_threshold.value, award.final_threshold.value) == (full, material, final)
    assert (award.survey_full.value, award.bonus.points, award.quota.value, award.prize.value) == (survey, bonus, quota, prize)
    assert award.weights.value == {"material": Fraction(3, 10), "site": Fraction(7, 10)}
    assert [category.code for category in award.categories] == categories
    assert [condition.article[-1] for condition in award.conditions] == list("12345")


@pytest.mark.duty("H1", "H2")
def test_grounds_of_the_bonus(hebei: Pack) -> None:
    kinds = {award.code: {kind.code: kind.years for kind in award.bonus.kinds} for award in hebei.awards}
    assert kinds == {
        "organization": {"luban": 5, "dayu": 5, "high_tech": None, "well_known_trademark": None, "national_quality_award": 5},
        "individual": {"provincial_commendation": 5},
    }


@pytest.mark.duty("B3", "B4")
def test_evidence_and_scope_of_conditions(hebei: Pack) -> None:
    assert [part.evidence for part in hebei.award("organization").conditions] == [False, True, True, True, True]
    assert [part.evidence for part in hebei.award("individual").conditions] == [False, True, True, False, True]
    assert [part.applies_to for part in hebei.award("individual").conditions] == [(), (), (), (), ("senior_leader",)]


def test_ties_are_broken_by_the_results_chapter_or_the_achievements_block(hebei: Pack) -> None:
    assert hebei.award("organization").tie_breakers.value == ("site", "material", "section:7")
    assert hebei.award("individual").tie_breakers.value == ("site", "material", "section:performance")
    blocks = {
        category.code: [(section.code, section.title, section.points) for section in hebei.scheme("individual", category.code).sections]
        for category in hebei.award("individual").categories
    }
    assert blocks == {
        "senior_leader": [("3.1", "战略部署与经营理念", 30), ("3.2", "文化与创新", 30), ("performance", "业绩", 20)],
        "middle_manager": [("4.1", "管理经验和专业技术", 30), ("4.2", "改进和创新", 30), ("performance", "业绩", 20)],
        "front_line": [("5.1", "敬业精神", 20), ("5.2", "标杆带头作用", 30), ("performance", "业绩", 30)],
        "other": [("performance", "关键要求", 80)],
    }


@pytest.mark.duty("B4", "B5", "D4", "E2", "F2", "G5", "I1", "I2", "K1", "K2", "K3", "L2")
def test_parameters(hebei: Pack) -> None:
    parameters = hebei.parameters
    assert {name: value(getattr(parameters, name)) for name in type(parameters).model_fields} == {
        "publicity_days": 5,
        "posting_day_counts": False,
        "internal_publicity_days": 5,
        "handover_days": 10,
        "clean_years": 5,
        "work_years": 5,
        "local_work_years": 3,
        "result_years": 3,
        "false_material_ban_years": 5,
        "deceit_ban_years": 10,
        "revocation_window_years": 3,
        "past_winner_barred": True,
        "percentage_step": 5,
        "point_step": Fraction(1, 2),
        "material_aggregation": "mean",
        "consensus_item_spread": 20,
        "consensus_total_spread": 10,
        "shown_decimals": 2,
        "material_panel_size": 3,
        "site_panel_size": 5,
        "material_panel_load": 12,
        "site_panel_load": 4,
        "industry_experts_min": 1,
        "one_per_employer": True,
        "separate_site_experts": True,
        "conflict_years": 3,
        "survey_weights": {"satisfied": 1, "basically_satisfied": Fraction(3, 4), "dissatisfied": Fraction(11, 20), "unknown": None},
        "survey_min_valid": 100,
        "quota_pooled": False,
        "same_city_barred": False,
        "confirm_months": 12,
        "assessors_wanted": 1,
        "criteria_mix": False,
        "draw_tickets": 1000,
        "draw_digest": "sha256",
        "leader_by": "drawn",
        "answer_days": 3,
        "quorum": Fraction(2, 3),
        "majority": Fraction(2, 3),
        "ballot": "secret",
    }


@pytest.mark.duty("L1")
def test_the_line_has_all_stages_in_order_with_their_titles(hebei: Pack) -> None:
    assert hebei.line == tuple(Stage)
    assert {rule.code: rule.title for rule in hebei.stages} == STAGE_TITLES
    assert all(rule.gates for rule in hebei.stages if rule.code != Stage.SUPERVISION)
    assert {role.code for role in hebei.roles} == set(Role)


@pytest.mark.duty("L1")
def test_every_duty_is_laid_on_a_stage(hebei: Pack) -> None:
    numbers = {"A": 1, "B": 5, "C": 1, "D": 5, "E": 3, "F": 6, "G": 5, "H": 3, "I": 2, "J": 6, "K": 7}
    every = {f"{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)}
    assert {duty for rule in hebei.stages for duty in rule.duties} == every


@pytest.mark.duty("C1", "D4", "D5")
def test_the_fourteen_recommenders(hebei: Pack) -> None:
    assert {unit.code: (unit.city, unit.gbt2260) for unit in hebei.recommenders} == {
        "sjz": ("石家庄市", "130100"),
        "ts": ("唐山市", "130200"),
        "qhd": ("秦皇岛市", "130300"),
        "hd": ("邯郸市", "130400"),
        "xt": ("邢台市", "130500"),
        "bd": ("保定市", "130600"),
        "zjk": ("张家口市", "130700"),
        "cd": ("承德市", "130800"),
        "cz": ("沧州市", "130900"),
        "lf": ("廊坊市", "131000"),
        "hs": ("衡水市", "131100"),
        "dz": ("定州市", "130682"),
        "xj": ("辛集市", "130181"),
        "xa": ("雄安新区", ""),
    }


@pytest.mark.duty("D4", "E1")
def test_four_sides_and_five_sides(hebei: Pack) -> None:
    assert [check.code for check in hebei.checks_at(Stage.RECOMMENDATION)] == ["completeness", "truth", "accuracy", "legality"]
    assert [check.code for check in hebei.checks_at(Stage.QUALIFICATION)] == ["standing", "channel", "procedure", "form", "credit"]


@pytest.mark.duty("G2")
def test_steps_of_the_visits(hebei: Pack) -> None:
    steps = {award.code: [step.title for step in hebei.steps if award.code in step.awards] for award in hebei.awards}
    assert steps == {
        "organization": [
            "召开首次会议",
            "现场核查",
            "分组评审",
            "分层次座谈",
            "合议评审",
            "与申报组织主要负责人交换评审意见",
            "召开末次会议",
        ],
        "individual": ["召开首次会议", "候选人汇报", "召开座谈会", "核实业绩", "合议评审", "与申报个人交流座谈", "召开末次会议"],
    }


@pytest.mark.duty("F2")
def test_grid_and_guides(hebei: Pack) -> None:
    for guide, elements in zip(hebei.criteria.guides, (("A", "D", "L", "I"), ("Le", "T", "C", "I")), strict=True):
        assert guide.elements == elements
        assert [percentage for band in guide.bands for percentage in band.percentages] == list(range(0, 101, 5))
    judged = {section.code: {item.guide for item in section.items} for section in hebei.scheme("organization", "organization").sections}
    assert judged == {**{str(chapter): {"process"} for chapter in range(1, 7)}, "7": {"result"}}


def test_clauses_that_the_source_does_not_number(hebei: Pack) -> None:
    clauses = [clause for item in hebei.scheme("organization", "organization").items for clause in item.clauses]
    assert [(clause.code, clause.title) for clause in clauses if not clause.numbered] == [
        ("4.6.1", "合作支持"),
        ("7.3.1", "财务结果"),
        ("7.5.1", "过程结果"),
    ]
    assert all(clause.text or clause.details for clause in clauses)


def test_the_questions(hebei: Pack) -> None:
    assert [question.id for question in hebei.questions] == [f"Q{number}" for number in range(1, 38)]
    assert {question.id for question in hebei.questions if question.parameter == "fixed"} == {
        *("Q3", "Q5", "Q7", "Q9", "Q10", "Q11", "Q12", "Q15", "Q19", "Q20", "Q25", "Q26", "Q27", "Q31", "Q32", "Q35")
    }


def test_a_default_that_the_rules_do_not_give_says_why(hebei: Pack) -> None:
    values = [getattr(hebei.parameters, name) for name in type(hebei.parameters).model_fields]
    assert [part.unit for part in values if part.question and not part.note] == []


@pytest.mark.duty("L4")
def test_templates_for_what_the_office_signs(hebei: Pack) -> None:
    kinds = [document.kind for document in hebei.documents]
    assert {"call_notice", "city_publicity", "accepted_list", "failing_feedback", "shortlist_publicity", "site_visit_notification"} < set(
        kinds
    )
    assert {"candidate_list", "proposed_winners", "commendation", "revocation_notice", "committee_minutes", "draw_minutes"} < set(kinds)
    publicities = [document for document in hebei.documents if "{ends_on}" in document.body and document.title.endswith("公示")]
    assert [document.kind for document in publicities] == ["city_publicity", "accepted_list", "shortlist_publicity", "proposed_winners"]
    assert all("不少于{days}个工作日" in document.body and "异议" in document.body for document in publicities)


def test_in_force_from_the_day_of_its_law(hebei: Pack) -> None:
    assert hebei.effective == hebei.law.effective == date(2022, 8, 8)


@pytest.mark.parametrize(("name", "count"), [("totals", 3), ("finals", 8), ("clocks", 5), ("survey", 1)])
def test_worked_cases_name_awards_of_the_pack_and_articles(hebei: Pack, name: str, count: int) -> None:
    cases = YAML(typ="safe").load(Path(HEBEI / "cases" / f"{name}.yaml"))
    assert len(cases) == count
    for case in cases:
        assert case["article"]
        assert case["duty"]
        if "award" in case:
            assert hebei.scheme(case["award"], case["category"]).items
