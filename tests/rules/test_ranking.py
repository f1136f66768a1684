"""Ranking and candidates: from high to low, ties broken in order, never above the quota."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import with_award, with_parameters
from zhiheng.rules.pack import Award, Pack
from zhiheng.rules.ranking import Candidates, Standing, candidates, rank

F = Fraction


def org(entry: str, final: int | str, material: int | str = 500, site: int | str = 550, seven: int | str = 200) -> Standing:
    return Standing(entry, "organization", F(final), F(material), F(site), None, {"7": F(seven)})


def person(entry: str, final: int | str, material: int | str = 70, site: int | str = 70, performance: int | str = 15) -> Standing:
    return Standing(entry, "individual", F(final), F(material), F(site), F(15), {"performance": F(performance)})


def chosen(hebei: Pack, standings: list[Standing], office: tuple[str, ...] = (), quota: int | None = None) -> Candidates:
    """The organizations' candidate list, with another quota if given."""
    award = hebei.award("organization")
    awards = [award if quota is None else with_award(award, quota=quota)]
    decision = candidates(standings, awards, hebei.parameters, office)
    assert decision.ok
    assert decision.value is not None
    return decision.value


# ---------------------------------------------------------------- rank


@pytest.mark.duty("H3")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (org("b", 561), org("a", "560.999")),
        (org("b", 560, site=551, material=1), org("a", 560, site=550, material=900)),
        (org("b", 560, material=501, seven=1), org("a", 560, material=500, seven=300)),
        (org("b", 560, seven="200.1"), org("a", 560, seven=200)),
    ],
    ids=["final", "site", "material", "section"],
)
def test_each_tie_breaker_in_its_turn(first: Standing, second: Standing, hebei: Pack) -> None:
    ranked = rank([second, first], hebei.award("organization"))
    assert [(r.standing.entry, r.place, r.tied) for r in ranked] == [("b", 1, False), ("a", 2, False)]


@pytest.mark.duty("H3")
def test_equal_on_all_share_the_place_in_neutral_order(hebei: Pack) -> None:
    ranked = rank([org("c", 560), org("a", 560), org("b", 570), org("d", 550), person("p", 90)], hebei.award("organization"))
    assert [(r.standing.entry, r.place, r.tied) for r in ranked] == [("b", 1, False), ("a", 2, True), ("c", 2, True), ("d", 4, False)]


def test_the_survey_may_break_ties_and_a_missing_part_never_wins(hebei: Pack) -> None:
    award = with_award(hebei.award("organization"), tie_breakers=("survey", "section:9"))
    with_survey = Standing("b", "organization", F(560), F(1), survey=F(0))
    without = Standing("a", "organization", F(560), F(1))
    assert [r.standing.entry for r in rank([without, with_survey], award)] == ["b", "a"]


# ---------------------------------------------------------------- candidates


@pytest.mark.duty("H3")
def test_one_and_three_entries(hebei: Pack) -> None:
    assert chosen(hebei, []).chosen == ()
    assert chosen(hebei, [org("a", 550)]).chosen == ("a",)
    assert chosen(hebei, [org("a", 550), org("b", "549.999"), org("c", 600)]).chosen == ("c", "a")


@pytest.mark.duty("H3")
def test_ten_and_no_more(hebei: Pack) -> None:
    result = chosen(hebei, [org(f"e{n:02}", 560 + n) for n in range(12)])
    assert result.chosen == tuple(f"e{n:02}" for n in range(11, 1, -1))
    assert result.left_out_tied == ()


@pytest.mark.duty("H3")
def test_places_stay_empty(hebei: Pack) -> None:
    decision = candidates([org("a", 550), org("b", 549)], [hebei.award("organization")], hebei.parameters)
    assert [reason.text for reason in decision.reasons if reason.code == "candidate.vacancy"] == [
        "组织奖候选名额10个，列入1个，空缺9个，不降低标准递补"
    ]


@pytest.mark.duty("H3")
def test_awards_have_their_own_quotas(hebei: Pack) -> None:
    standings = [org(f"o{n:02}", 560 + n) for n in range(15)] + [person("p1", 90), person("p2", 84)]
    decision = candidates(standings, hebei.awards, hebei.parameters)
    assert decision.value is not None
    assert decision.value.chosen == (*(f"o{n:02}" for n in range(14, 4, -1)), "p1")


@pytest.mark.duty("H3")
def test_each_entry_is_told_why(hebei: Pack) -> None:
    result = chosen(hebei, [org("a", 570), org("b", 560), org("c", 560), org("d", "549.999"), org("e", 555)], quota=2)
    assert {entry: reason.text for entry, reason in result.reasons.items()} == {
        "a": "a最终得分570.00分，组织奖排序第1名，达到550分且在名额之内，列入授奖候选名单",
        "b": "b最终得分560.00分，组织奖排序第2名，与他人在末位名额并列且无法区分，为不超过名额暂不列入；如须列入，请省质评办研究确定先后并记录在案",
        "c": "c最终得分560.00分，组织奖排序第2名，与他人在末位名额并列且无法区分，为不超过名额暂不列入；如须列入，请省质评办研究确定先后并记录在案",
        "e": "e最终得分555.00分，组织奖排序第4名，达到550分但名额已满，不列入授奖候选名单",
        "d": "d最终得分549.99 (<550)分，组织奖排序第5名，未达到550分，不列入授奖候选名单",
    }
    assert [(reason.article, reason.duty) for reason in result.reasons.values()] == [("四(六)3", "H3")] * 5
    assert result.left_out_tied == ("b", "c")


@pytest.mark.duty("H3")
@pytest.mark.parametrize(
    ("office", "picked", "left"),
    [
        ((), ("a",), ("b", "c", "d")),
        (("c",), ("a", "c"), ("b", "d")),
        (("c", "b", "d"), ("a", "b", "c"), ()),
        (("d", "c", "c"), ("a", "c", "d"), ()),
        (("x", "e", "a"), ("a",), ("b", "c", "d")),
    ],
)
def test_the_office_decides_among_the_tied_only(
    office: tuple[str, ...], picked: tuple[str, ...], left: tuple[str, ...], hebei: Pack
) -> None:
    standings = [org("a", 570), org("b", 560), org("c", 560), org("d", 560), org("e", 555)]
    result = chosen(hebei, standings, office, quota=3)
    assert (result.chosen, result.left_out_tied) == (picked, left)


@pytest.mark.duty("H3")
def test_a_tie_that_fits_needs_nobody(hebei: Pack) -> None:
    result = chosen(hebei, [org("a", 570), org("b", 560), org("c", 560)], quota=3)
    assert (result.chosen, result.left_out_tied) == (("a", "b", "c"), ())


@pytest.mark.duty("H3")
def test_a_pooled_quota_goes_to_the_better_share(hebei: Pack) -> None:
    awards = [with_award(award, quota=1) for award in hebei.awards]
    params = with_parameters(hebei.parameters, quota_pooled=True)
    standings = [org("a", 900), org("b", 899)]
    separate = candidates([*standings, person("p", 86)], awards, hebei.parameters).value
    lower = candidates([*standings, person("p", 86)], awards, params).value
    higher = candidates([*standings, person("p", 91)], awards, params).value
    empty = candidates([org("a", 600), org("b", 599), person("p", 84)], awards, params).value
    assert [result and result.chosen for result in (separate, lower, higher, empty)] == [("a", "p"), ("a", "b"), ("a", "p"), ("a", "b")]


@pytest.mark.duty("H3")
def test_wrong_entries_refuse(hebei: Pack) -> None:
    decision = candidates([org("a", 600), org("a", 600), person("p", 90)], [hebei.award("organization")], hebei.parameters)
    assert decision.value is None
    assert [reason.code for reason in decision.refusals] == ["candidate.twice", "candidate.award"]


# ---------------------------------------------------------------- properties

few = st.integers(0, 3)


@st.composite
def cycles(draw: Any) -> tuple[list[Standing], int, int, bool, tuple[str, ...]]:
    """Two awards' entries, crowded around the thresholds so that ties are common; quotas; pooled or not; an office's order."""
    orgs = [
        org(f"o{n}", 548 + final, material=material, site=site, seven=seven)
        for n, (final, material, site, seven) in enumerate(draw(st.lists(st.tuples(st.integers(0, 6), few, few, few), max_size=12)))
    ]
    persons = [
        person(f"p{n}", 84 + final, material=material, site=site)
        for n, (final, material, site) in enumerate(draw(st.lists(st.tuples(few, few, few), max_size=8)))
    ]
    standings = [*orgs, *persons]
    office = draw(st.permutations([s.entry for s in standings]))[: draw(st.integers(0, 20))]
    return standings, draw(st.integers(0, 6)), draw(st.integers(0, 6)), draw(st.booleans()), tuple(office)


def settle(hebei: Pack, standings: list[Standing], o: int, p: int, pooled: bool, office: tuple[str, ...]) -> Candidates:
    awards: list[Award] = [with_award(hebei.award("organization"), quota=o), with_award(hebei.award("individual"), quota=p)]
    result = candidates(standings, awards, with_parameters(hebei.parameters, quota_pooled=pooled), office).value
    assert result is not None
    return result


@pytest.mark.duty("H3")
@given(cycle=cycles())
def test_never_above_the_quota_nor_below_the_threshold(hebei: Pack, cycle: tuple[list[Standing], int, int, bool, tuple[str, ...]]) -> None:
    standings, o, p, pooled, office = cycle
    result = settle(hebei, standings, o, p, pooled, office)
    awards = {s.entry: s.award for s in standings}
    counts = [sum(awards[entry] == award for entry in result.chosen) for award in ("organization", "individual")]
    assert sum(counts) <= o + p
    assert pooled or (counts[0] <= o and counts[1] <= p)
    line = {"organization": 550, "individual": 85}
    finals = {s.entry: s.final for s in standings}
    assert all(finals[entry] >= line[awards[entry]] for entry in (*result.chosen, *result.left_out_tied))
    assert set(result.reasons) == set(awards)
    assert not set(result.chosen) & set(result.left_out_tied)
    # Nobody better is out while a worse one of the same award is in.
    worst = {award: min((finals[entry] for entry in result.chosen if awards[entry] == award), default=None) for award in line}
    for standing in standings:
        if standing.entry not in result.chosen:
            low = worst[standing.award]
            assert low is None or standing.final <= low


@pytest.mark.duty("H3")
@given(cycle=cycles())
def test_places_stay_empty_only_for_want_of_entries_or_for_a_tie(
    hebei: Pack, cycle: tuple[list[Standing], int, int, bool, tuple[str, ...]]
) -> None:
    standings, o, p, pooled, office = cycle
    result = settle(hebei, standings, o, p, pooled, office)
    passing = sum(s.final >= (550 if s.award == "organization" else 85) for s in standings)
    if not result.left_out_tied and pooled:
        assert len(result.chosen) == min(o + p, passing)
    # With an order of all entries nobody stays tied.
    full = settle(hebei, standings, o, p, pooled, tuple(s.entry for s in standings))
    assert full.left_out_tied == ()
    if pooled:
        assert len(full.chosen) == min(o + p, passing)


@pytest.mark.duty("H3")
@given(cycle=cycles(), order=st.randoms(use_true_random=False))
def test_the_order_of_entries_is_irrelevant(hebei: Pack, cycle: tuple[list[Standing], int, int, bool, tuple[str, ...]], order: Any) -> None:
    standings, o, p, pooled, office = cycle
    shuffled = list(standings)
    order.shuffle(shuffled)
    one, two = settle(hebei, standings, o, p, pooled, office), settle(hebei, shuffled, o, p, pooled, office)
    assert one == two


@pytest.mark.duty("H3")
@given(cycle=cycles(), who=st.integers(0, 30), final=st.integers(0, 3), site=st.integers(0, 3))
def test_a_better_score_never_gets_a_worse_place(
    hebei: Pack, cycle: tuple[list[Standing], int, int, bool, tuple[str, ...]], who: int, final: int, site: int
) -> None:
    standings, o, p, pooled, office = cycle
    if not standings:
        return
    index = who % len(standings)
    old = standings[index]
    assert old.site is not None
    new = Standing(old.entry, old.award, old.final + final, old.material, old.site + site, old.survey, old.sections)
    raised = [*standings[:index], new, *standings[index + 1 :]]
    places = [{r.standing.entry: r.place for r in rank(some, hebei.award(old.award))}[old.entry] for some in (standings, raised)]
    assert places[1] <= places[0]
    if old.entry in settle(hebei, standings, o, p, pooled, office).chosen:
        assert new.entry in settle(hebei, raised, o, p, pooled, office).chosen
