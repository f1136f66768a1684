"""docs/law.md is what the register, the source and the tests say; nothing cites a duty that does not exist."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, sources
from zhiheng.process import citations, law
from zhiheng.process.duties import DUTIES
from zhiheng.process.register import REGISTER
from zhiheng.rules.lifecycle import Role

#: How many duties each part of the regulation lays down.
COUNTS = {"A": 1, "B": 5, "C": 1, "D": 5, "E": 3, "F": 6, "G": 5, "H": 3, "I": 2, "J": 6, "K": 7, "L": 4}


def test_the_document_is_what_would_be_generated() -> None:
    assert (ROOT / law.TARGET).read_text(encoding="utf-8") == law.render(), "out of date: run `make law`"


def test_every_duty_is_listed_once_in_order() -> None:
    assert [duty.id for duty in law.duties()] == [f"{letter}{n}" for letter, count in COUNTS.items() for n in range(1, count + 1)]
    assert [duty.id for duty in DUTIES if not duty.title.strip()] == []
    assert [duty.id for duty in DUTIES if not duty.article] == ["L1", "L2", "L3", "L4"]


def test_every_duty_is_carried_out_and_proved() -> None:
    rules, modules, tests = citations.rules(ROOT), citations.modules(ROOT), citations.tests(ROOT)
    idle = [d.id for d in DUTIES if not (law.acts_of(d.id) or rules.get(d.id) or modules.get(d.id))]
    unproved = [d.id for d in DUTIES if not tests.get(d.id)]
    assert (idle, unproved) == ([], [])


def test_every_duty_with_an_article_has_an_act_or_a_rule() -> None:
    rules = citations.rules(ROOT)
    assert [d.id for d in DUTIES if d.article and not (law.acts_of(d.id) or rules.get(d.id))] == []


def test_acts_and_tests_cite_known_duties() -> None:
    assert len(REGISTER) > 90, "the register is not filled"
    assert [(spec.id, duty) for spec in REGISTER.values() for duty in spec.duties if duty not in citations.IDS] == []
    assert [spec.id for spec in REGISTER.values() if not spec.duties or not spec.article] == []
    assert sorted(set(citations.tests(ROOT)) - citations.IDS) == []


def test_every_declared_act_is_in_the_register() -> None:
    declared = {
        str(node.args[0].value)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "act"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert declared == set(REGISTER)


def test_every_role_has_a_title() -> None:
    assert set(law.ROLES) == set(Role)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Acts of applying (B1–B5, D1).", ["B1", "B2", "B3", "B4", "B5", "D1"]),
        ("(F4–F6; Q10)", ["F4", "F5", "F6"]),
        ("(A1, L2)", ["A1", "L2"]),
        ("A-D-L-I, T1, X6, Q14, K9, AB1, D12", []),
    ],
)
def test_citations_are_read(text: str, found: list[str]) -> None:
    assert citations.duties_in(text) == found


def test_marks_are_read_wherever_they_stand(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(
        "import pytest\n\n"
        "pytestmark = [pytest.mark.django_db, pytest.mark.duty('A1')]\n\n"
        "@pytest.mark.duty('F2', 'F3')\ndef test_a(): ...\n\n"
        "@pytest.mark.duty('G1')\nclass TestB:\n    @pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.duty('K7'))])\n"
        "    def test_c(self, x): ...\n",
        encoding="utf-8",
    )
    found = citations.tests(Path(str(tmp_path)))
    both = ["tests/test_x.py::test_a", "tests/test_x.py::TestB::test_c"]
    assert found == {"A1": both, "F2": both[:1], "F3": both[:1], "G1": both[1:], "K7": both[1:]}


def test_every_code_reference_of_the_document_exists() -> None:
    text = (ROOT / law.TARGET).read_text(encoding="utf-8")
    named = re.findall(r"`(src/zhiheng/[\w/]+\.py|tests/[\w/]+\.py)", text)
    assert len(named) > 100
    assert sorted({name for name in named if not (ROOT / name).is_file()}) == []
