"""RFC 3797: its worked example step by step, the key's form, what is refused."""

import hashlib

import pytest

from zhiheng.rules.rfc3797 import key_of, select

SOURCES = ["9319", "2 5 12 8 10", "9 18 26 34 41 45"]
#: Digest, those left, selected: the RFC's section 6.
STEPS = [
    ("990DD0A5692A029A98B5E01AA28F3459", 25, 17),
    ("3691E55CB63FCC37914430B2F70B5EC6", 24, 7),
    ("FE814EDF564C190AC1D25753979990FA", 23, 2),
    ("1863CCACEB568C31D7DDBDF1D4E91387", 22, 16),
    ("F4AB33DF4889F0AF29C513905BE1D758", 21, 25),
    ("13EAEB529F61ACFB9A29D0BA3A60DE4A", 20, 23),
    ("992DB77C382CA2BDB9727001F3CDCCD9", 19, 8),
    ("63AB4258ECA922976811C7F55C383CE7", 18, 24),
    ("DFBC5AC97CED01B3A6E348E3CC63F40D", 17, 19),
    ("31CB111C4A4EBE9287CEAE16FE51B909", 16, 13),
    ("07FA46C122F164C215BBC72793B189A3", 15, 22),
    ("AC52F8D75CCBE2E61AFEB3387637D501", 14, 5),
    ("53306F73E14FC0B2FBF434218D25948E", 13, 18),
    ("B5D1403501A81F9A47318BE7893B347C", 12, 9),
    ("85B10B356AA06663EF1B1B407765100A", 11, 1),
    ("3269E6CE559ABD57E2BA6AAB495EB9BD", 10, 4),
]


def md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def test_the_worked_example_of_the_rfc() -> None:
    found = select(25, 16, SOURCES, md5).value
    assert found is not None
    assert found.key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    assert [(step.digest, step.remaining, step.selected) for step in found.steps] == STEPS
    assert found.selected == (17, 7, 2, 16, 25, 23, 8, 24, 19, 13, 22, 5, 18, 9, 1, 4)


def test_fewer_picks_are_the_beginning_of_more() -> None:
    one, all_ = select(25, 1, SOURCES, md5).value, select(25, 25, SOURCES, md5).value
    assert one is not None
    assert all_ is not None
    assert one.selected == (17,)
    assert sorted(all_.selected) == list(range(1, 26))


def test_another_hash_selects_by_the_same_key() -> None:
    found = select(25, 1, SOURCES, lambda data: hashlib.sha256(data).digest()).value
    assert found is not None
    digest = hashlib.sha256(b"\0\0" + b"9319./2.5.8.10.12./9.18.26.34.41.45./" + b"\0\0").hexdigest()
    assert found.steps[0].digest == digest.upper()
    assert found.selected == (int(digest, 16) % 25 + 1,)


@pytest.mark.parametrize(
    ("source", "part"),
    [("007", "7./"), ("0", "0./"), ("10, 9 9", "9.9.10./"), ("3012.450", "3012.45/"), ("1.0", "1./"), ("3fa9", "3FA9/"), ("Abc", "ABC/")],
)
def test_the_form_of_a_source(source: str, part: str) -> None:
    assert key_of([source]).value == part


@pytest.mark.parametrize("source", ["", "  ", "1.5 2.5", "1 x", "上证指数", "-3", "1.2.3"])
def test_a_source_without_a_form_is_refused(source: str) -> None:
    decision = key_of(["9319", source])
    assert decision.value is None
    assert f"“{source}”" in decision.refusals[0].text


@pytest.mark.parametrize(("pool", "picks"), [(0, 1), (65_536, 1), (3, 0), (3, 4)])
def test_impossible_numbers_are_refused(pool: int, picks: int) -> None:
    assert not select(pool, picks, SOURCES, md5).ok


def test_no_source_is_refused() -> None:
    assert [reason.code for reason in select(3, 1, [], md5).refusals] == ["sources"]
