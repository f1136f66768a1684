"""Panels of entries: each entry once, none over the load, the industry kept together where it is large enough."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.rules.compose import PanelPlan, compose, division, section
from zhiheng.rules.recusal import EntryFacts

NOBODY: frozenset[str] = frozenset()


def entry(code: str, industry: str = "C26", award: str = "org", category: str = "org") -> EntryFacts:
    return EntryFacts(code, award, category, f"单位{code}", industry, "唐山市", NOBODY, NOBODY)


def many(prefix: str, count: int, industry: str) -> list[EntryFacts]:
    return [entry(f"{prefix}{number:03d}", industry) for number in range(count)]


@pytest.mark.parametrize(
    ("industry", "letter"),
    [
        *zip(
            [
                "01",
                "05",
                "06",
                "12",
                "13",
                "43",
                "44",
                "47",
                "51",
                "53",
                "61",
                "63",
                "66",
                "70",
                "71",
                "73",
                "76",
                "80",
                "83",
                "84",
                "86",
                "91",
                "96",
                "97",
            ],
            "AABBCCDEFGHIJKLMNOPQRSST",
            strict=True,
        ),
        *[("C26", "C"), ("2614", "C"), ("c", "C"), ("I", "I"), ("A26", "C")],
        *[("", ""), ("00", ""), ("98", ""), ("制造业", ""), ("C261415", "")],
    ],
)
def test_the_section_of_an_industry(industry: str, letter: str) -> None:
    assert section(industry) == letter


def test_the_division_of_an_industry() -> None:
    assert [division(code) for code in ("C26", "26", "2614", "C2614", "C", "x")] == ["26", "26", "26", "26", "", ""]


@pytest.mark.duty("F1", "G1")
def test_large_sections_stand_alone_and_small_ones_together() -> None:
    entries = [*many("c", 9, "C31"), *many("e", 3, "47"), *many("a", 2, "01"), entry("f1", "52"), entry("x1", "")]
    assert compose(entries, 6) == (
        PanelPlan("org-org-01", "org", "org", "C", ("c000", "c001", "c002", "c003")),
        PanelPlan("org-org-02", "org", "org", "C", ("c004", "c005", "c006", "c007", "c008")),
        PanelPlan("org-org-03", "org", "org", "E", ("e000", "e001", "e002")),
        PanelPlan("org-org-04", "org", "org", "A/F", ("x1", "a000", "a001", "f1")),
    )


@pytest.mark.duty("F1", "G1")
def test_one_entry_is_one_panel() -> None:
    assert compose([entry("only")], 5) == (PanelPlan("org-org-01", "org", "org", "C", ("only",)),)
    assert compose([], 5) == ()


@pytest.mark.duty("F1")
def test_awards_and_categories_are_never_mixed() -> None:
    entries = [
        entry("o1"),
        entry("p1", "C26", "person", "leader"),
        entry("p2", "C26", "person", "worker"),
        entry("p3", "85", "person", "worker"),
    ]
    assert [(plan.code, plan.entries) for plan in compose(entries, 10)] == [
        ("org-org-01", ("o1",)),
        ("person-leader-01", ("p1",)),
        ("person-worker-01", ("p2", "p3")),
    ]


@pytest.mark.parametrize(("entries", "load"), [([entry("a")], 0), ([entry("a"), entry("a", "47")], 3)])
def test_impossible_orders_are_errors(entries: list[EntryFacts], load: int) -> None:
    with pytest.raises(ValueError, match=r"one entry at least|appears twice"):
        compose(entries, load)


POOLS = st.lists(
    st.tuples(
        st.sampled_from(["C13", "C26", "47", "52", "01", "85", ""]),
        st.sampled_from([("org", "org"), ("person", "leader"), ("person", "worker")]),
    ),
    max_size=60,
).map(lambda kinds: [entry(f"n{number:03d}", industry, *kind) for number, (industry, kind) in enumerate(kinds)])


@pytest.mark.duty("F1", "G1")
@given(POOLS, st.integers(1, 9), st.randoms(use_true_random=False))
def test_each_entry_once_none_over_the_load_order_irrelevant(entries: list[EntryFacts], load: int, chance: random.Random) -> None:
    plans = compose(entries, load)
    kinds = {one.code: (one.award, one.category) for one in entries}
    assert Counter(code for plan in plans for code in plan.entries) == Counter(list(kinds))
    assert all(1 <= len(plan.entries) <= load for plan in plans)
    assert all(kinds[code] == (plan.award, plan.category) for plan in plans for code in plan.entries)
    assert len({plan.code for plan in plans}) == len(plans)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert compose(shuffled, load) == plans


@given(st.integers(1, 200), st.integers(1, 20))
def test_one_section_gets_the_fewest_panels_of_even_size(count: int, load: int) -> None:
    sizes = [len(plan.entries) for plan in compose(many("c", count, "C31"), load)]
    assert len(sizes) == -(-count // load)
    assert max(sizes) - min(sizes) <= 1
