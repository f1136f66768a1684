"""Lotteries over all panels of a round: as fair as trying everything says, every ticket lawful, collisions in words (F1, G1)."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.rules.test_draw import POOL, entry, expert, frozen, panel
from zhiheng.foundation.lottery.joint import Joint, build
from zhiheng.foundation.lottery.plainly import plain_chances
from zhiheng.foundation.lottery.solver import Linear
from zhiheng.rules.draw import Candidate, broken, candidates, drawn_place
from zhiheng.rules.draw_record import Exclusion, Frozen, PanelSpec
from zhiheng.rules.lottery_chances import evenness
from zhiheng.stages.panel.lotteries import content_of, faults_of, seating_of

TICKETS = 100
#: A solver's number and a fraction to nine places agree within this.
NEAR = 1e-6

Names = tuple[str, ...]


def made(what: Frozen, tickets: int = TICKETS) -> Joint:
    """The lottery, with every ticket looked over."""
    answer = build(what, tickets)
    assert answer.value is not None, answer.text()
    known = {one.code: one for one in candidates(what)}
    assert len(answer.value.tickets) == tickets
    for seating in answer.value.tickets:
        assert broken(seating, what, known, answer.value.short) == []
    return answer.value


def counts(joint: Joint) -> Counter[str]:
    """Seats over all tickets, by expert."""
    return Counter(code for seating in joint.tickets for members in seating.values() for code in members)


def small(seed: int) -> Frozen:
    """Two or three panels from six to eight experts, some barred, with houses, loads and needs."""
    dice = random.Random(seed)
    pool = [
        expert(f"E{n}", dice.choice(["甲", "乙", f"单位{n}", f"单位{n}"]), leader=dice.random() < 0.5, assessor=dice.random() < 0.4)
        for n in range(dice.randint(6, 8))
    ]
    most = dice.choice([1, 1, 2])
    pool = [replace(one, load=dice.randint(0, most - 1)) for one in pool]
    specs = [
        panel(f"P{n}", dice.choice([1, 2]), least={"leader": dice.randint(0, 1), "assessor": dice.randint(0, 1)})
        for n in range(dice.choice([2, 3]))
    ]
    out = tuple(Exclusion(spec.code, one.code, "x") for spec in specs for one in pool if dice.random() < 0.25)
    return frozen(pool, *specs, excluded=out, max_load=most, weights={"assessor": 1})


def everything(what: Frozen, short: Mapping[tuple[str, str], int]) -> list[dict[str, Names]]:
    """Every lawful seating there is."""
    known = {one.code: one for one in candidates(what)}
    each = [[(spec.code, members) for members in itertools.combinations(sorted(known), spec.size)] for spec in what.panels]
    return [seating for chosen in itertools.product(*each) if not broken(seating := dict(chosen), what, known, short)]


def fairest(seatings: Sequence[Mapping[str, Names]], codes: Sequence[str]) -> dict[str, float]:
    """The leximin seats on average over mixtures of the seatings: each level by asking of everybody alone whether they could have more."""
    seats = [Counter(code for members in seating.values() for code in members) for seating in seatings]
    fixed: dict[str, float] = {}
    while len(fixed) < len(codes):
        free = [code for code in codes if code not in fixed]
        level = best(seats, codes, fixed, dict.fromkeys(free), free)
        stuck = [code for code in free if best(seats, codes, fixed, dict.fromkeys(free, level), [code]) < level + NEAR]
        assert stuck
        fixed |= dict.fromkeys(stuck, level)
    return fixed


def best(
    seats: Sequence[Counter[str]], codes: Sequence[str], fixed: Mapping[str, float], floor: Mapping[str, float | None], whom: Sequence[str]
) -> float:
    """The most that all of `whom` can have at least, others keeping what is fixed, or their floor."""
    rows: list[tuple[float, float]] = [(1.0, 1.0)]
    rows += [(fixed.get(code, floor.get(code) or 0.0) - 1e-9, math.inf) for code in codes]
    rows += [(0.0, math.inf) for _ in whom]
    program = Linear(rows)
    for taken in seats:
        entries = {0: 1.0} | {1 + n: float(taken[code]) for n, code in enumerate(codes) if taken[code]}
        program.column(0.0, math.inf, entries | {1 + len(codes) + n: float(taken[code]) for n, code in enumerate(whom) if taken[code]})
    height = program.column(0.0, math.inf, {1 + len(codes) + n: -1.0 for n in range(len(whom))}, cost=1.0)
    found = program.solve()
    assert found is not None
    return found.values[height]


def instances() -> Iterator[tuple[int, Frozen]]:
    return ((seed, small(seed)) for seed in range(60))


@pytest.mark.duty("F1", "G1")
def test_it_is_as_fair_as_any_mixture_of_lawful_seatings() -> None:
    compared = 0
    for seed, what in instances():
        answer = build(what, TICKETS)
        short = answer.value.short if answer.value else {}
        seatings = everything(what, short)
        if answer.value is None:
            assert seatings == [], seed
            continue
        codes = [one.code for one in candidates(what)]
        right = fairest(seatings, codes)
        assert set(answer.value.expected) == set(codes)
        assert max(abs(float(share) - right[code]) for code, share in answer.value.expected.items()) < NEAR, seed
        found = counts(answer.value)
        off = {code: abs(found[code] - TICKETS * right[code]) for code in codes}
        assert max(off.values()) <= 1 + NEAR, (seed, off)
        compared += 1
    assert compared > 30


@pytest.mark.duty("F1")
def test_no_more_is_gone_without_than_must_be() -> None:
    """The wanted kinds given up weigh as little as in the best seating of all."""
    compared = 0
    for seed, what in instances():
        answer = build(what, TICKETS)
        if answer.value is None:
            continue
        wanted = {(spec.code, "assessor"): spec.least["assessor"] for spec in what.panels}
        known = {one.code: one for one in candidates(what)}

        def missing(
            seating: Mapping[str, Names], wanted: Mapping[tuple[str, str], int] = wanted, known: Mapping[str, Candidate] = known
        ) -> int:
            return sum(
                max(0, least - sum("assessor" in known[code].panels[name] for code in seating[name])) for (name, _), least in wanted.items()
            )

        free = {key: least for key, least in wanted.items() if least}
        assert sum(answer.value.short.values()) == min(missing(seating) for seating in everything(what, free)), seed
        compared += bool(answer.value.short)
    assert compared > 3


def crowd(people: int = 60, panels: int = 8, size: int = 5, **more: object) -> Frozen:
    """A round of middling size."""
    dice = random.Random(11)
    pool = [
        expert(
            f"E{n:03}",
            f"单位{dice.randrange(people * 3 // 4)}",
            industries=frozenset(dice.sample(["26", "30", "36", "85"], 2)),
            leader=dice.random() < 0.3,
            assessor=dice.random() < 0.5,
        )
        for n in range(people)
    ]
    specs = [
        panel(f"P{n}", size, industries=frozenset({dice.choice(["26", "30", "36", "85"])}), least={"leader": 1, "field": 1, "assessor": 1})
        for n in range(panels)
    ]
    out = tuple(Exclusion(spec.code, one.code, "x") for spec in specs for one in pool if dice.random() < 0.1)
    return replace(frozen(pool, *specs, excluded=out), **more)


@pytest.mark.duty("F1", "G1")
def test_everybody_gets_their_share_of_the_tickets_to_within_one() -> None:
    what = crowd()
    joint = made(what, 250)
    found = counts(joint)
    assert {abs(found[code] - 250 * share) < 1 for code, share in joint.expected.items()} == {True}
    assert max(Counter(code for members in seating.values() for code in members).most_common(1)[0][1] for seating in joint.tickets) == 1
    assert joint.short == {}
    # Each panel can be of many people, not only of those whom one corner of the program names.
    for spec in what.panels:
        assert len({code for seating in joint.tickets for code in seating[spec.code]}) > 40


def test_the_same_frozen_draw_gives_the_same_lottery() -> None:
    what = crowd(30, 3)
    again = replace(what, pool=what.pool[::-1], panels=what.panels[::-1], excluded=what.excluded[::-1])
    assert made(what) == made(again)


def test_progress_reaches_the_end() -> None:
    heard: list[tuple[int, int]] = []
    build(crowd(30, 3), TICKETS, lambda done, of: heard.append((done, of)))
    assert heard[-1] == (TICKETS, TICKETS)
    assert heard == sorted(heard)


def test_alike_experts_take_turns() -> None:
    joint = made(frozen(POOL[:7], panel("P1", 3)), 100)
    assert sorted(counts(joint).values()) == [42, 43, 43, 43, 43, 43, 43]


@pytest.mark.duty("F1")
def test_more_seats_than_experts_are_shared_evenly() -> None:
    joint = made(frozen(POOL[:4], panel("P1", 2), panel("P2", 2), panel("P3", 2), max_load=2), 100)
    assert sorted(counts(joint).values()) == [150, 150, 150, 150]
    for seating in joint.tickets:
        assert sorted(Counter(code for members in seating.values() for code in members).values()) == [1, 1, 2, 2]


@pytest.mark.duty("F1", "K7")
def test_everybody_of_an_industry_recused() -> None:
    """The industry is wanted and given up openly; nobody recused is seated."""
    pool = [replace(one, industries=frozenset({"85"} if n < 4 else {"26"})) for n, one in enumerate(POOL)]
    spec = panel("P1", 3, industries=frozenset({"85"}), least={"field": 1})
    out = tuple(Exclusion("P1", f"E{n:02}", "回避") for n in range(4))
    joint = made(frozen(pool, spec, panel("P2", 3), excluded=out))
    assert joint.short == {("P1", "field"): 1}
    assert {f"E{n:02}" for n in range(4)}.isdisjoint(code for seating in joint.tickets for code in seating["P1"])


@pytest.mark.duty("F1")
def test_a_wanted_mix_of_the_criteria_is_kept_as_far_as_it_can_be() -> None:
    """Each part of the criteria by somebody who knows it best; the part that nobody knows is given up, and said."""
    parts = [frozenset({f"org:{n % 3}"}) for n in range(12)]
    pool = [replace(one, criteria=known) for one, known in zip(POOL, parts, strict=True)]
    least = {f"criteria:org:{n}": 1 for n in (0, 1, 2, 7)}
    what = frozen(pool, panel("P1", 3, least=least), panel("P2", 3, least=least), weights=dict.fromkeys(least, 1))
    joint = made(what)
    assert joint.short == {("P1", "criteria:org:7"): 1, ("P2", "criteria:org:7"): 1}
    knows = {one.code: next(iter(one.criteria)) for one in pool}
    assert all(
        {knows[code] for code in members} == {"org:0", "org:1", "org:2"} for seating in joint.tickets for members in seating.values()
    )
    assert sorted(counts(joint).values()) == [50] * 12
    assert content_of(what, "", joint)["notes"][0] == "专家组P1应有擅长评价标准第7部分的专家1名，可抽取的不足，按0名抽取"


@pytest.mark.duty("G1")
def test_the_only_leader_leads_in_every_ticket() -> None:
    pool = [replace(POOL[0], leader=True), *POOL[1:]]
    joint = made(frozen(pool, panel("P1", 3, least={"leader": 1}), panel("P2", 3)))
    assert all("E00" in seating["P1"] for seating in joint.tickets)
    assert counts(joint)["E00"] == TICKETS
    others = {counts(joint)[one.code] for one in POOL[1:]}
    assert max(others) - min(others) <= 1


@pytest.mark.duty("F1", "G1")
def test_one_leader_for_two_panels_collides() -> None:
    pool = [replace(POOL[0], leader=True), *POOL[1:]]
    said = build(frozen(pool, panel("P1", 3, least={"leader": 1}), panel("P2", 3, least={"leader": 1}), round="site"), TICKETS)
    clash, relax = said.refusals
    assert clash.text == (
        "以下要求不能同时满足：专家组P1、P2各须有具备组长资格的专家至少1名（可抽取的1名）；每名专家本轮至多参加1个专家组（可抽取的专家共12名）"
    )
    either = "作以下调整即可抽取：将专家组{}的具备组长资格的专家由至少1名降为0名，或者每组补充1名可以参加该组的此类专家"
    assert relax.text in (either.format("P1"), either.format("P2"))
    assert {(reason.article, reason.duty) for reason in said.refusals} == {("四(五)1", "G1")}


@pytest.mark.duty("F1")
def test_too_few_houses_collide() -> None:
    pool = [expert("A", "同一单位"), expert("B", "同一单位"), expert("C"), expert("D", load=1)]
    said = build(frozen(pool, panel("P1", 3)), TICKETS)
    assert [reason.text for reason in said.refusals] == [
        "以下要求不能同时满足：专家组P1须有专家3名；同组专家不出自同一单位",
        "作以下调整即可抽取：允许专家组P1有2名专家出自同一单位",
    ]


@pytest.mark.duty("F1")
def test_too_few_experts_collide() -> None:
    said = build(frozen(POOL[:5], panel("P1", 3), panel("P2", 3)), TICKETS)
    assert [reason.text for reason in said.refusals] == [
        "以下要求不能同时满足：专家组P1、P2各须有专家3名；每名专家本轮至多参加1个专家组（可抽取的专家共5名）",
        said.refusals[1].text,
    ]
    either = "作以下调整即可抽取：将专家组{}的人数由3名减为2名，或者每组补充1名可以参加该组的专家"
    assert said.refusals[1].text in (either.format("P1"), either.format("P2"))
    nobody = build(frozen([expert("A", load=1)], panel("P1", 1)), TICKETS)
    assert [reason.text for reason in nobody.refusals] == ["没有可以抽取的专家，请补充专家库"]


@pytest.mark.duty("F1")
def test_where_halving_gives_up_single_seatings_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way out of last resort, taken from the beginning: lawful still, and near to everybody's share."""
    from zhiheng.foundation.lottery.halving import Halving

    monkeypatch.setattr(Halving, "_parts", lambda *_: None)
    joint = made(crowd(30, 3))
    found = counts(joint)
    assert max(abs(found[code] - TICKETS * share) for code, share in joint.expected.items()) <= 3


@pytest.mark.duty("F1")
def test_a_hundred_thousand_draws_have_the_shown_chances() -> None:
    """Chi-square, over the tickets and over the experts; the seeds are fixed, so that this cannot fail by chance."""
    what = crowd(40, 4)
    joint = made(what, 1000)
    content = content_of(what, "0" * 64, joint)
    assert faults_of(content, what, "0" * 64, 1000) == []
    times = 100_000
    drawn: Counter[int] = Counter()
    for number in range(times):
        place = drawn_place(["9319", str(10**20 + number)], 0, 1000).value
        assert place is not None
        drawn[place] += 1
    by_ticket = sum((drawn[n] - times / 1000) ** 2 / (times / 1000) for n in range(1, 1001))
    assert by_ticket < 1144  # 999 degrees of freedom, 0.999
    seats: Counter[str] = Counter()
    for ticket, often in drawn.items():
        for members in seating_of(content, ticket).values():
            seats.update(dict.fromkeys(members, often))
    chances = content["chances"]
    by_expert = sum((seats[code] - times * k / 1000) ** 2 / (times * k / 1000 * (1 - k / 1000)) for code, k in chances.items() if k < 1000)
    assert by_expert < 73  # 40 experts, 0.999


def test_what_is_published() -> None:
    what = crowd(40, 4)
    content = content_of(what, "ab", made(what, 100))
    known = candidates(what)
    plain = plain_chances(known, what.panels, {}, "ab")
    assert content["plain"] == {one.code: int(plain[one.code] * 1000) for one in known}
    assert plain == plain_chances(known, what.panels, {}, "ab") != plain_chances(known, what.panels, {}, "cd")
    shown = evenness({code: Fraction(k, 100) for code, k in content["chances"].items()})
    assert content["evenness"]["tickets"]["minimum"] == f"{float(shown.minimum):.9f}"
    assert float(content["evenness"]["tickets"]["minimum"]) > float(content["evenness"]["plain"]["minimum"])
    assert content["evenness"]["exact"]["gini"] <= content["evenness"]["plain"]["gini"]
    assert content["panels"] == sorted(spec.code for spec in what.panels)
    assert content["experts"] == [one.code for one in known]


def test_a_plain_draw_fills_what_it_can_and_breaks_nothing() -> None:
    spec = PanelSpec("P1", 2, (entry("Z1"),), frozenset(), frozenset(), {"leader": 1})
    pool = [expert("A", "甲", leader=True), expert("B", "甲"), expert("C")]
    what = frozen(pool, spec)
    chances = plain_chances(candidates(what), what.panels, {}, "x")
    assert chances == {"A": 1, "B": 0, "C": 1}
