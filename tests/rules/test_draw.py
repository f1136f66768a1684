"""The draw of experts by the rules alone: who may sit, what a seating must keep, which place the numbers draw, who may follow."""

import dataclasses
import hashlib
import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.rules import draw, draw_record
from zhiheng.rules.draw import Candidate, broken, can_complete, candidates, drawn_place, exclusions, fits, kinds_of, successors
from zhiheng.rules.draw_record import Exclusion, Frozen, PanelSpec, digest_of, frozen_from_json, frozen_to_json
from zhiheng.rules.pack import Pack
from zhiheng.rules.recusal import EntryFacts, ExpertFacts

ON = date(2026, 7, 1)
NOBODY: frozenset[str] = frozenset()


def expert(code: str, employer: str = "", **more: Any) -> ExpertFacts:
    facts = ExpertFacts(
        code=code,
        name_key=f"key-{code}",
        employer=employer or f"单位{code}",
        employers=(),
        industries=frozenset({"26"}),
        categories=frozenset({"org"}),
        city="石家庄市",
        declared=NOBODY,
        kin_of=NOBODY,
        consulted=(),
        leader=False,
        load=0,
        active=True,
        assessor=False,
    )
    return replace(facts, **more)


def entry(code: str, employer: str = "", **more: Any) -> EntryFacts:
    return replace(EntryFacts(code, "org", "org", employer or f"企业{code}", "C26", "唐山市", NOBODY, NOBODY), **more)


def panel(code: str = "P1", size: int = 3, *entries: EntryFacts, **more: Any) -> PanelSpec:
    return replace(PanelSpec(code, size, entries or (entry(f"{code}-1"),), NOBODY, NOBODY, {}), **more)


def frozen(pool: list[ExpertFacts], *panels: PanelSpec, excluded: tuple[Exclusion, ...] = (), **more: Any) -> Frozen:
    plain = Frozen("material", 1, ON, 1, True, {"field": 10, "assessor": 1}, tuple(pool), panels or (panel(),), excluded)
    return replace(plain, **more)


POOL = [expert(f"E{number:02d}") for number in range(12)]


def known(what: Frozen) -> dict[str, Candidate]:
    return {one.code: one for one in candidates(what)}


@pytest.mark.duty("F1", "K7")
def test_a_conflict_with_any_entry_excludes_from_that_panel(hebei: Pack) -> None:
    first = panel("P1", 3, entry("Z1"), entry("Z2", employer="单位E00"), entry("Z3", requested_out=frozenset({"E02"})))
    found = list(exclusions(POOL, [first, panel("P2")], {}, hebei.parameters, ON, "material"))
    assert found == [
        Exclusion("P1", "E00", "现为该单位人员（Z2）"),
        Exclusion("P1", "E02", "申报人申请其回避且经审核成立（Z3）"),
    ]
    may = known(frozen(POOL, first, panel("P2"), excluded=tuple(found)))
    assert (set(may["E00"].panels), set(may["E01"].panels)) == ({"P2"}, {"P1", "P2"})


@pytest.mark.duty("F1")
def test_who_is_unfit_is_excluded_from_every_panel(hebei: Pack) -> None:
    pool = [*POOL[:2], expert("E77", active=False)]
    found = list(exclusions(pool, [panel(), panel("P2")], {"E00": "聘期已满"}, hebei.parameters, ON, "material"))
    assert found == [Exclusion("", "E00", "聘期已满"), Exclusion("", "E77", "专家已停用")]
    assert set(known(frozen(pool, excluded=tuple(found)))) == {"E01"}


@pytest.mark.duty("G1")
def test_who_scored_the_materials_is_excluded_from_the_visit(hebei: Pack) -> None:
    scored = panel("P1", 3, entry("Z1", earlier_scorers=frozenset({"E05"})))
    assert [out.expert for out in exclusions(POOL, [scored], {}, hebei.parameters, ON, "site")] == ["E05"]
    assert list(exclusions(POOL, [scored], {}, hebei.parameters, ON, "material")) == []


@pytest.mark.duty("F1")
def test_category_and_industry_must_both_fit_where_both_are_asked() -> None:
    one = expert("A", industries=frozenset({"85", "26"}), categories=frozenset({"worker"}), leader=True, assessor=True)
    asked = panel(industries=frozenset({"85"}), categories=frozenset({"worker"}))
    assert fits(one, asked)
    assert not fits(replace(one, categories=frozenset({"org"})), asked)
    assert not fits(replace(one, industries=frozenset({"26"})), asked)
    assert fits(POOL[0], panel())
    assert kinds_of(one, asked) == {"leader", "field", "assessor"}
    assert kinds_of(POOL[0], asked) == frozenset()
    mixed = replace(asked, least={"criteria:org:4": 1, "criteria:org:5": 1})
    assert kinds_of(replace(POOL[0], criteria=frozenset({"org:4", "org:6"})), mixed) == {"criteria:org:4"}
    assert draw.title_of("criteria:org:4") == "擅长评价标准第4部分的专家"


@pytest.mark.duty("F1")
def test_load_and_seats() -> None:
    busy = [replace(POOL[0], load=1), replace(POOL[1], load=2), POOL[2]]
    assert {code: one.seats for code, one in known(frozen(busy, max_load=2)).items()} == {"E00": 1, "E02": 2}


@pytest.mark.duty("F1")
def test_one_employer_is_known_by_name_and_by_code() -> None:
    pool = [
        expert("A", "甲 公司", credit_code="1"),
        expert("B", "甲公司"),
        expert("C", "甲公司（石家庄）", credit_code="1"),
        expert("D", " "),
        expert("E", ""),
        replace(expert("F"), employer=""),
    ]
    may = known(frozen(pool))
    assert may["A"].house == may["B"].house == may["C"].house != ""
    assert (may["D"].house, may["F"].house) == ("", "")
    assert {one.house for one in candidates(frozen(pool, one_per_employer=False))} == {""}


@pytest.mark.duty("F1", "G1", "K7")
def test_what_makes_a_seating_unlawful() -> None:
    pool = [
        *(replace(one, industries=frozenset({"85"} if number < 2 else {"26"})) for number, one in enumerate(POOL)),
        expert("L1", leader=True),
        expert("L2", "单位E05", leader=True),
    ]
    spec = panel("P1", 3, industries=frozenset({"85"}), least={"leader": 1, "field": 2})
    what = frozen(pool, spec, panel("P2", 1), excluded=(Exclusion("P1", "E09", "回避"),))
    may = known(what)
    good = {"P1": ("E00", "E01", "L1"), "P2": ("E05",)}
    assert broken(good, what, may, {}) == []
    assert broken({"P1": good["P1"]}, what, may, {}) == ["专家组不全", "专家组P2应为1名专家"]
    assert broken({**good, "P1": ("E00", "L1")}, what, may, {}) == ["专家组P1应为3名专家", "专家组P1的本行业（类别）专家不足"]
    assert broken({**good, "P1": ("E00", "E00", "L1")}, what, may, {})[0] == "专家组P1应为3名专家"
    assert broken({**good, "P1": ("E00", "E01", "E02")}, what, may, {}) == ["专家组P1的具备组长资格的专家不足"]
    assert broken({**good, "P1": ("E00", "E02", "L1")}, what, may, {}) == ["专家组P1的本行业（类别）专家不足"]
    assert broken({**good, "P1": ("E00", "E02", "L1")}, what, may, {("P1", "field"): 1}) == []
    assert broken({**good, "P1": ("E00", "E09", "L1")}, what, may, {}) == ["专家组P1的专家E09不在可抽取之列"]
    assert broken({**good, "P1": ("E00", "XX", "L1")}, what, may, {}) == ["专家组P1的专家XX不在可抽取之列"]
    assert broken({**good, "P2": ("E00",)}, what, may, {}) == ["专家E00参加的专家组超过上限"]
    assert broken({"P1": ("E05", "L2", "E00"), "P2": ("E01",)}, what, may, {("P1", "field"): 1}) == ["专家组P1有专家出自同一单位"]


@pytest.mark.parametrize(
    ("pool", "panels", "text"),
    [
        (POOL, [], "没有待抽取的专家组，请先编组"),
        ([*POOL, POOL[3]], [panel()], "专家E03在专家库名单中重复，请删除重复项"),
        (POOL, [panel(), panel("P1", 3, entry("Z"))], "专家组P1重复，请删除重复项"),
        (POOL, [panel(size=0)], "专家组P1人数须为1人以上，请调整"),
        (POOL, [panel("P1", 3, entry("Z")), panel("P2", 3, entry("Z"))], "Z重复编入专家组，请只保留一处"),
    ],
)
def test_wrong_input_is_named(pool: list[ExpertFacts], panels: list[PanelSpec], text: str) -> None:
    said = draw.faults(replace(frozen(pool), panels=tuple(panels)))
    assert [(reason.text, reason.article, reason.duty) for reason in said.refusals] == [(text, "四(四)1", "F1")]


@pytest.mark.duty("F1", "L3")
def test_everything_travels_as_json_whatever_the_order() -> None:
    first = expert(
        "E90",
        employers=(("旧单位", date(2024, 2, 29)), ("兼职", None)),
        consulted=(("客户", date(2023, 1, 1)),),
        declared=frozenset({"Z2", "Z1"}),
        main=frozenset({"26"}),
        criteria=frozenset({"4"}),
        credit_code="91",
        group_code="92",
    )
    specs = (panel("P1", 3, entry("Z1", requested_out=frozenset({"E01"})), entry("Z2"), least={"field": 1}), panel("P2"))
    what = frozen([*POOL, first], *specs, excluded=(Exclusion("", "E01", "a"), Exclusion("P1", "E00", "b")))
    plain = json.loads(json.dumps(frozen_to_json(what)))
    assert frozen_from_json(plain) == what
    other = replace(what, pool=what.pool[::-1], panels=specs[::-1], excluded=what.excluded[::-1])
    assert digest_of(frozen_to_json(other)) == digest_of(plain)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert digest_of(plain) == hashlib.sha256(text.encode()).hexdigest()
    # Every field of the facts travels: a forgotten one would let a replay differ.
    assert set(plain["pool"][0]) == {field.name for field in dataclasses.fields(ExpertFacts)}
    assert set(plain["panels"][0]["entries"][0]) == {field.name for field in dataclasses.fields(EntryFacts)}
    assert set(plain) == {field.name for field in dataclasses.fields(Frozen)}
    for change in ({"on": "2026-07-02"}, {"max_load": 2}, {"one_per_employer": False}, {"weights": {}}, {"version": 2}, {"excluded": []}):
        assert digest_of({**plain, **change}) != digest_of(plain)
    with pytest.raises(TypeError):
        draw_record.expert_from_json({**plain["pool"][0], "extra": 1})
    with pytest.raises(TypeError):
        frozen_from_json({**plain, "extra": 1})


@pytest.mark.duty("F1", "L3")
def test_the_place_is_a_plain_sha256() -> None:
    data = b"\x00\x02" + b"9319./2.5.8./ABC/" + b"\x00\x02"
    expected = int(hashlib.sha256(data).hexdigest(), 16) % 1000 + 1
    assert drawn_place(["9319", "8 2 5", "abc"], 2, 1000).value == expected
    in_sm3 = int(hashlib.new("sm3", data).hexdigest(), 16) % 1000 + 1
    assert drawn_place(["9319", "8 2 5", "abc"], 2, 1000, "sm3").value == in_sm3 != expected
    assert drawn_place([], 0, 10).value is None


def sitting(kinds: str, house: str = "", code: str = "") -> Candidate:
    """Somebody who counts as these kinds (L, F, A) on P1."""
    names = {"L": "leader", "F": "field", "A": "assessor"}
    return Candidate(code or f"{kinds}{house}", house, 1, {"P1": frozenset(names[kind] for kind in kinds)})


@pytest.mark.duty("F1", "G1", "K7")
def test_who_may_follow_keeps_the_panel_whole() -> None:
    spec = panel("P1", 3, least={"leader": 1, "field": 1})
    staying = [sitting("F", code="S1"), sitting("", code="S2")]
    others = [sitting("L", code="A"), sitting("", code="B"), sitting("F", code="C"), sitting("LF", code="D")]
    assert [one.code for one in successors(spec, staying, 1, others, {})] == ["A", "D"]
    assert [one.code for one in successors(spec, staying, 1, others, {("P1", "leader"): 1})] == ["A", "B", "C", "D"]
    assert [one.code for one in successors(spec, staying[1:], 2, others, {})] == ["A", "B", "C", "D"]
    without = [one for one in others if one.code != "D"]
    assert [one.code for one in successors(spec, staying[1:], 2, without, {})] == ["A", "C"]
    assert successors(spec, staying[1:], 1, without, {}) == []


@pytest.mark.duty("K7")
def test_nobody_follows_into_their_own_house() -> None:
    spec = panel("P1", 2)
    others = [sitting("", "甲", "A"), sitting("", "乙", "B")]
    assert [one.code for one in successors(spec, [sitting("", "甲", "S")], 1, others, {})] == ["B"]


PEOPLE = st.lists(st.tuples(st.sampled_from(["", "L", "F", "A", "LF", "FA", "LFA"]), st.sampled_from(["", "甲", "乙", "丙"])), max_size=7)


@settings(max_examples=300, deadline=None)
@given(PEOPLE, PEOPLE, st.integers(0, 3), st.fixed_dictionaries({k: st.integers(0, 2) for k in ("leader", "field", "assessor")}))
def test_can_complete_is_what_trying_everything_says(
    first: list[tuple[str, str]], second: list[tuple[str, str]], open_seats: int, least: dict[str, int]
) -> None:
    staying = [sitting(kinds, house, f"S{n}") for n, (kinds, house) in enumerate(first[:3])]
    others = [sitting(kinds, house, f"O{n}") for n, (kinds, house) in enumerate(second)]
    houses = [one.house for one in staying if one.house]
    if len(set(houses)) < len(houses):
        return  # those who sit are lawful already
    spec = panel("P1", len(staying) + open_seats, least=least)

    def whole(members: tuple[Candidate, ...]) -> bool:
        named = [one.house for one in (*staying, *members) if one.house]
        kinds = [kind for one in (*staying, *members) for kind in one.panels["P1"]]
        return len(named) == len(set(named)) and all(kinds.count(kind) >= need for kind, need in least.items())

    expected = any(whole(members) for members in itertools.combinations(others, open_seats))
    assert can_complete(spec, staying, open_seats, others, {}) == expected
