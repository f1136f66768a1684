"""The draw of experts: lawful, replayable, and decided by the tickets alone."""

import dataclasses
import hashlib
import json
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import HEBEI, with_parameters
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules import draw as module
from zhiheng.rules.decision import Decision
from zhiheng.rules.draw import PanelSpec, Transcript, draw, pool_digest, ticket
from zhiheng.rules.pack import Pack, Parameters
from zhiheng.rules.recusal import EntryFacts, ExpertFacts, Round, conflicts

ON = date(2026, 7, 1)
SEED = "福彩3D 2026180期 4 7 1"
NOBODY: frozenset[str] = frozenset()


def expert(code: str, employer: str = "", industries: str = "26", leader: bool = False, **more: object) -> ExpertFacts:
    facts = ExpertFacts(
        code=code,
        name_key=f"key-{code}",
        employer=employer or f"单位{code}",
        employers=(),
        industries=frozenset(industries.split()),
        categories=frozenset({"org"}),
        city="石家庄市",
        declared=NOBODY,
        kin_of=NOBODY,
        consulted=(),
        leader=leader,
        load=0,
        active=True,
    )
    return replace(facts, **more)


def entry(code: str, employer: str = "", **more: object) -> EntryFacts:
    return replace(EntryFacts(code, "org", "org", employer or f"企业{code}", "C26", "唐山市", NOBODY, NOBODY), **more)


def panel(code: str = "P1", size: int = 3, *entries: EntryFacts, **more: object) -> PanelSpec:
    spec = PanelSpec(code, size, entries or (entry(f"{code}-1"),), frozenset(), frozenset(), need_leader=False, industry_min=0)
    return replace(spec, **more)


def run(
    pack: Pack | Parameters,
    pool: list[ExpertFacts],
    *panels: PanelSpec,
    seed: str = SEED,
    round: Round = "material",  # noqa: A002
    max_load: int = 1,
    on: date = ON,
) -> Decision[Transcript]:
    return draw(pool, panels, seed, pack.parameters if isinstance(pack, Pack) else pack, on, round, max_load)


def done(answer: Decision[Transcript]) -> Transcript:
    assert answer.value is not None, answer.text()
    return answer.value


def by_ticket(pool: list[ExpertFacts], code: str = "P1", seed: str = SEED) -> list[str]:
    return sorted((one.code for one in pool), key=lambda name: ticket(seed, code, name))


POOL = [expert(f"E{number:02d}") for number in range(12)]


@pytest.mark.duty("F1")
def test_a_ticket_is_a_plain_sha256() -> None:
    assert ticket("s", "P1", "E01") == hashlib.sha256(b"s|P1|E01").hexdigest()
    assert ticket("种", "P1", "E01") == hashlib.sha256("种|P1|E01".encode()).hexdigest()


@pytest.mark.duty("F1")
def test_without_constraints_the_lowest_tickets_win(hebei: Pack) -> None:
    order = by_ticket(POOL)
    drawn = done(run(hebei, POOL, panel())).panels[0]
    assert list(drawn.chosen) == order[:3]
    assert drawn.tickets == tuple((code, ticket(SEED, "P1", code)) for code in order)
    assert drawn.passed_over == ()
    assert drawn.leader == ""


@pytest.mark.duty("F1", "K7")
def test_a_conflict_with_any_entry_excludes(hebei: Pack) -> None:
    order = by_ticket(POOL)
    entries = (entry("Z1"), entry("Z2", employer=f"单位{order[0]}"), entry("Z3", requested_out=frozenset({order[2]})))
    drawn = done(run(hebei, POOL, panel("P1", 3, *entries)))
    assert list(drawn.panels[0].chosen) == [order[1], order[3], order[4]]
    assert [code for code, _ in drawn.panels[0].passed_over] == [order[0], order[2]]
    assert [(out.panel, out.expert, out.reason) for out in drawn.exclusions] == [
        ("P1", order[0], f"专家{order[0]}与Z2有利害关系：现为该单位人员，应当回避，请另行抽取或改派"),
        ("P1", order[2], f"专家{order[2]}与Z3有利害关系：申报人申请其回避且经审核成立，应当回避，请另行抽取或改派"),
    ]


@pytest.mark.duty("F1")
def test_one_expert_an_employer(hebei: Pack) -> None:
    order = by_ticket(POOL)
    same = [replace(one, employer="同一单位") if one.code in order[:2] else one for one in POOL]
    drawn = done(run(hebei, same, panel())).panels[0]
    assert list(drawn.chosen) == [order[0], order[2], order[3]]
    assert drawn.passed_over == ((order[1], "所在单位已有专家入选本组"),)
    free = with_parameters(hebei.parameters, one_per_employer=False)
    assert list(done(run(free, same, panel())).panels[0].chosen) == order[:3]


@pytest.mark.duty("F1")
def test_experts_without_an_employer_do_not_share_one(hebei: Pack) -> None:
    order = by_ticket(POOL)
    retired = [replace(one, employer=" ") if one.code in order[:2] else one for one in POOL]
    assert list(done(run(hebei, retired, panel())).panels[0].chosen) == order[:3]


@pytest.mark.duty("F1")
def test_the_panels_industry_comes_first(hebei: Pack) -> None:
    order = by_ticket(POOL)
    pool = [replace(one, industries=frozenset({"85" if one.code == order[9] else "26"})) for one in POOL]
    drawn = done(run(hebei, pool, panel(industries=frozenset({"85"}), industry_min=1))).panels[0]
    assert list(drawn.chosen) == [order[9], order[0], order[1]]
    assert [code for code, _ in drawn.passed_over] == order[2:9]
    assert {why for _, why in drawn.passed_over} == {"本组须先满足组长资格及本行业（类别）专家人数，其余席位已满"}


@pytest.mark.duty("F1")
def test_no_more_of_the_industry_than_wanted_come_first(hebei: Pack) -> None:
    order = by_ticket(POOL)
    pool = [replace(one, industries=frozenset({"85" if one.code in (order[7], order[9], order[11]) else "26"})) for one in POOL]
    for wanted, chosen in ((0, order[:3]), (1, [order[7], *order[:2]]), (2, [order[7], order[9], order[0]]), (9, order[7::2])):
        assert list(done(run(hebei, pool, panel(industries=frozenset({"85"}), industry_min=wanted))).panels[0].chosen) == chosen


@pytest.mark.duty("F1")
def test_category_and_industry_must_both_fit_where_both_are_asked(hebei: Pack) -> None:
    order = by_ticket(POOL)
    change = {order[5]: {"industries": frozenset({"85"})}, order[8]: {"industries": frozenset({"85"}), "categories": frozenset({"worker"})}}
    pool = [replace(one, **change.get(one.code, {})) for one in POOL]
    asked = panel(industries=frozenset({"85"}), categories=frozenset({"worker"}), industry_min=1)
    assert list(done(run(hebei, pool, asked)).panels[0].chosen) == [order[8], order[0], order[1]]


@pytest.mark.duty("F1")
def test_too_few_of_the_industry_is_a_warning(hebei: Pack) -> None:
    answer = run(hebei, POOL, panel(industries=frozenset({"85"}), industry_min=2))
    assert answer.ok
    assert [reason.text for reason in answer.warnings] == ["专家组P1应有本行业（类别）专家2名，可抽取的仅0名，请说明情况"]
    assert list(done(answer).panels[0].chosen) == by_ticket(POOL)[:3]


@pytest.mark.duty("G1")
def test_a_leader_is_seated_first(hebei: Pack) -> None:
    order = by_ticket(POOL)
    pool = [replace(one, leader=one.code in (order[6], order[8])) for one in POOL]
    drawn = done(run(hebei, pool, panel(need_leader=True), round="site")).panels[0]
    assert drawn.leader == order[6]
    assert list(drawn.chosen) == [order[6], order[0], order[1]]
    assert done(run(hebei, pool, panel(), round="site")).panels[0].leader == ""


@pytest.mark.duty("G1")
def test_the_leader_leaves_room_for_the_industry(hebei: Pack) -> None:
    """Two leaders; the earlier one shares an employer with the only other expert of the industry, so the later one leads."""
    order = by_ticket(POOL)
    change = {
        order[1]: {"leader": True, "employer": "甲"},
        order[4]: {"industries": frozenset({"85"}), "employer": "甲"},
        order[7]: {"leader": True},
    }
    pool = [replace(one, **change.get(one.code, {})) for one in POOL]
    wanted = panel(need_leader=True, industries=frozenset({"85"}), industry_min=1)
    answer = run(hebei, pool, wanted, round="site")
    assert done(answer).panels[0].leader == order[7]
    assert list(done(answer).panels[0].chosen) == [order[7], order[4], order[0]]
    assert answer.warnings == ()
    assert done(run(hebei, pool, replace(wanted, industry_min=0), round="site")).panels[0].leader == order[1]


@pytest.mark.duty("G1")
def test_no_leader_is_refused(hebei: Pack) -> None:
    answer = run(hebei, POOL, panel(need_leader=True), round="site")
    assert answer.text() == ("专家组P1需1名具备组长资格的专家，可抽取的12名专家中没有，请补充具备组长资格的专家（《细则》四（五）1）")
    assert answer.refusals[0].duty == "G1"
    assert answer.value is None


@pytest.mark.duty("G1")
def test_the_site_visit_draw_leaves_out_who_scored_the_materials(hebei: Pack) -> None:
    first = done(run(hebei, POOL, panel())).panels[0].chosen
    visited = entry("P1-1", earlier_scorers=frozenset(first))
    again = done(run(hebei, POOL, panel("P1", 3, visited), round="site")).panels[0]
    assert list(again.chosen) == by_ticket(POOL)[3:6]
    assert set(first) == {code for code, _ in again.passed_over}


@pytest.mark.duty("F1")
def test_the_load_is_kept_across_panels(hebei: Pack) -> None:
    drawn = done(run(hebei, POOL, *(panel(f"P{number}") for number in range(4))))
    assert sorted(code for one in drawn.panels for code in one.chosen) == [one.code for one in POOL]
    busy = [replace(one, load=1) if one.code == by_ticket(POOL)[0] else one for one in POOL]
    assert list(done(run(hebei, busy, panel())).panels[0].chosen) == by_ticket(POOL)[1:4]
    assert done(run(hebei, busy, panel())).panels[0].passed_over == ((by_ticket(POOL)[0], "已参加的专家组达到上限"),)
    assert list(done(run(hebei, busy, panel(), max_load=2)).panels[0].chosen) == by_ticket(POOL)[:3]


@pytest.mark.duty("F1")
def test_the_scarcest_panel_is_drawn_first(hebei: Pack) -> None:
    """All but three experts conflict with P9: whoever draws first for P1 must not take them away."""
    order = by_ticket(POOL)
    barred = frozenset(order) - frozenset(order[:3])
    drawn = done(run(hebei, POOL, panel("P1"), panel("P9", 3, entry("Z9", requested_out=barred))))
    assert [one.code for one in drawn.panels] == ["P9", "P1"]
    assert set(drawn.panels[0].chosen) == set(order[:3])
    assert list(drawn.panels[1].chosen) == order[3:6]


@pytest.mark.duty("F1")
def test_an_impossible_panel_is_named_with_its_constraint(hebei: Pack) -> None:
    pool = [
        expert("A", "同一单位"),
        expert("B", "同一单位"),
        expert("C", active=False),
        expert("D", load=1),
        expert("F", "企业Z"),
        expert("G"),
    ]
    answer = run(hebei, pool, panel("P1", 3, entry("Z1", "企业Z")), panel("P2", 1))
    assert [reason.code for reason in answer.refusals] == ["too_few"]
    assert answer.refusals[0].text == (
        "专家组P1需3名专家，可抽取的仅2名（专家库共6名，其中停用1名，应当回避1名，任务已满1名，与他人同单位1名），请补充专家库或减少本组人数"
    )
    assert (answer.refusals[0].article, answer.refusals[0].duty) == ("四(四)1", "F1")
    assert answer.value is None
    alone = run(hebei, [expert("A")], panel("P1", 2), panel("P2", 3))
    assert [reason.text[:5] for reason in alone.refusals] == ["专家组P2", "专家组P1"]


@pytest.mark.parametrize(
    ("pool", "panels", "more", "text"),
    [
        (POOL, [panel()], {"seed": ""}, "未给出随机种子，请先公布种子再抽取"),
        (POOL, [], {}, "没有待抽取的专家组，请先编组"),
        (POOL, [panel()], {"max_load": 0}, "每名专家可参加的专家组数至少为1，请调整"),
        ([*POOL, POOL[3]], [panel()], {}, "专家E03在专家库名单中重复，请删除重复项"),
        (POOL, [panel(), panel("P1", 3, entry("Z"))], {}, "专家组P1重复，请删除重复项"),
        (POOL, [panel(size=0)], {}, "专家组P1人数须为1人以上，请调整"),
        (POOL, [panel("P1", 3, entry("Z")), panel("P2", 3, entry("Z"))], {}, "Z重复编入专家组，请只保留一处"),
    ],
)
def test_wrong_input_is_refused(pool: list[ExpertFacts], panels: list[PanelSpec], more: dict[str, object], text: str, hebei: Pack) -> None:
    answer = run(hebei, pool, *panels, **more)
    assert [reason.text for reason in answer.refusals] == [text]


@pytest.mark.duty("F1", "L3")
def test_another_ticket_changes_the_outcome_only_where_it_must(hebei: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    order = by_ticket(POOL)
    before = done(run(hebei, POOL, panel())).panels[0].chosen
    lots: dict[str, str] = {}
    monkeypatch.setattr(module, "ticket", lambda seed, code, name: lots.get(name) or ticket(seed, code, name))
    lots[order[7]] = "f" * 64  # a loser's ticket gets worse: nothing changes
    assert done(run(hebei, POOL, panel())).panels[0].chosen == before
    lots[order[7]] = "0" * 64  # it becomes the best: it takes the last seat
    assert done(run(hebei, POOL, panel())).panels[0].chosen == (order[7], order[0], order[1])
    lots[order[7]] = ""
    lots[order[0]] = "f" * 64  # the winner's becomes the worst: the next one moves up
    assert list(done(run(hebei, POOL, panel())).panels[0].chosen) == order[1:4]


@pytest.mark.duty("F1")
def test_the_seed_decides(hebei: Pack) -> None:
    outcomes = {done(run(hebei, POOL, panel(), seed=f"{SEED}{number}")).panels[0].chosen for number in range(20)}
    assert len(outcomes) > 15
    assert done(run(hebei, POOL, panel())) == done(run(hebei, POOL, panel()))


@pytest.mark.duty("F1", "L3")
def test_everything_travels_as_json(hebei: Pack) -> None:
    first = expert(
        "E90",
        employers=(("旧单位", date(2024, 2, 29)), ("兼职", None)),
        consulted=(("客户", date(2023, 1, 1)),),
        declared=frozenset({"Z2", "Z1"}),
    )
    pool = [*POOL, first]
    specs = [panel("P1", 3, entry("Z1", requested_out=frozenset({"E01"})), entry("Z2"), industries=frozenset({"26"}), industry_min=1)]
    through = json.loads(
        json.dumps({"pool": [module.expert_to_json(one) for one in pool], "panels": [module.spec_to_json(one) for one in specs]})
    )
    pool_again = [module.expert_from_json(one) for one in through["pool"]]
    specs_again = [module.spec_from_json(one) for one in through["panels"]]
    assert (pool_again, specs_again) == (pool, specs)
    transcript = done(run(hebei, pool, *specs))
    assert module.transcript_from_json(json.loads(json.dumps(module.transcript_to_json(transcript)))) == transcript
    assert done(run(hebei, pool_again, *specs_again)) == transcript
    # Every field of the facts travels: a forgotten one would let a replay differ.
    assert set(through["pool"][0]) == {field.name for field in dataclasses.fields(ExpertFacts)}
    assert set(through["panels"][0]["entries"][0]) == {field.name for field in dataclasses.fields(EntryFacts)}
    with pytest.raises(TypeError):
        module.expert_from_json({**through["pool"][0], "extra": 1})


@pytest.mark.duty("F1", "L3")
def test_the_pool_is_pinned_by_its_digest() -> None:
    specs = [panel("P1"), panel("P2")]
    pinned = pool_digest(POOL, specs)
    assert pinned == pool_digest(POOL[::-1], specs[::-1])
    assert len(pinned) == 64
    assert pinned != pool_digest(POOL[1:], specs)
    assert pinned != pool_digest([replace(POOL[0], leader=True), *POOL[1:]], specs)
    assert pinned != pool_digest(POOL, [panel("P1", 4), panel("P2")])


PARAMETERS = load_pack(HEBEI).parameters
EMPLOYERS = ["甲", "乙", "丙", "丁", "戊", "己", "庚", ""]
EXPERTS = st.lists(
    st.builds(
        dict,
        employer=st.sampled_from(EMPLOYERS),
        industries=st.sampled_from([frozenset({"26"}), frozenset({"85"}), frozenset()]),
        leader=st.booleans(),
        active=st.integers(0, 9).map(bool),
        load=st.integers(0, 1),
        kin_of=st.sampled_from([NOBODY, NOBODY, frozenset({"Z1"}), frozenset({"Z3"})]),
    ),
    min_size=4,
    max_size=24,
).map(lambda rows: [replace(expert(f"E{number:02d}"), **row) for number, row in enumerate(rows)])
SPECS = st.lists(
    st.tuples(st.integers(1, 3), st.booleans(), st.integers(0, 2), st.sampled_from([NOBODY, frozenset({"26"})])), min_size=1, max_size=3
).map(
    lambda rows: [
        panel(f"P{number}", size, entry(f"Z{number}", EMPLOYERS[number]), need_leader=leader, industry_min=least, industries=industries)
        for number, (size, leader, least, industries) in enumerate(rows)
    ]
)


@pytest.mark.duty("F1", "G1", "K7")
@given(EXPERTS, SPECS, st.text("abc123", min_size=1, max_size=6), st.integers(1, 2), st.randoms(use_true_random=False))
def test_every_draw_is_lawful_and_its_order_of_input_irrelevant(
    pool: list[ExpertFacts], specs: list[PanelSpec], seed: str, max_load: int, chance: random.Random
) -> None:
    answer = run(PARAMETERS, pool, *specs, seed=seed, max_load=max_load)
    shuffled, turned = list(pool), list(specs)
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    assert run(PARAMETERS, shuffled, *turned, seed=seed, max_load=max_load) == answer
    assert answer.ok is (answer.value is not None)
    if answer.value is None:
        return
    experts, wanted = {one.code: one for one in pool}, {spec.code: spec for spec in specs}
    load = {one.code: one.load for one in pool}
    for drawn in answer.value.panels:
        spec, seated = wanted.pop(drawn.code), [experts[code] for code in drawn.chosen]
        assert len(set(drawn.chosen)) == len(seated) == spec.size
        employers = [one.employer for one in seated if one.employer]
        assert len(set(employers)) == len(employers)
        assert all(one.active and conflicts(one, each, PARAMETERS, ON, "material").ok for one in seated for each in spec.entries)
        assert (drawn.leader in drawn.chosen and experts[drawn.leader].leader) if spec.need_leader else drawn.leader == ""
        for code in drawn.chosen:
            load[code] += 1
            assert load[code] <= max_load
        assert [code for code, _ in drawn.tickets] == by_ticket(pool, drawn.code, seed)
    assert not wanted


@pytest.mark.duty("F1")
@given(EXPERTS, st.integers(1, 4), st.text("abc123", min_size=1, max_size=6))
def test_one_panel_is_refused_only_when_no_lawful_panel_exists(pool: list[ExpertFacts], size: int, seed: str) -> None:
    spec = panel("P1", size, entry("Z1", "甲"), need_leader=True)
    lawful = [one for one in pool if one.active and not one.load and conflicts(one, spec.entries[0], PARAMETERS, ON, "material").ok]
    houses = {one.employer or one.code for one in lawful}
    possible = len(houses) >= size and any(one.leader for one in lawful)
    assert run(PARAMETERS, pool, spec, seed=seed).ok is possible
