"""The script itself: one file of the standard library, short, with nothing of the engine; its SM3 and its arithmetic against known figures."""

import ast
import hashlib
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from tests.process.dossier.conftest import played
from tests.process.dossier.tools import SCRIPT, prove
from tests.process.test_made_up_pack import PACK as LAKESIDE
from tests.process.test_made_up_pack import lakeside
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.canonical import digest
from zhiheng.process import dossier
from zhiheng.process.dossier import VERIFIER
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation import play

TEXT = VERIFIER.read_text(encoding="utf-8")


def test_it_is_one_short_file_of_the_standard_library() -> None:
    assert len(TEXT.splitlines()) < 500
    assert max(len(line) for line in TEXT.splitlines()) <= 140
    modules = set()
    for node in ast.walk(ast.parse(TEXT)):
        if isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert node.module is not None
            modules.add(node.module.partition(".")[0])
    assert modules <= sys.stdlib_module_names
    assert "zhiheng" not in modules
    assert "exec" not in {node.id for node in ast.walk(ast.parse(TEXT)) if isinstance(node, ast.Name)}


def test_the_readme_is_the_one_it_knows() -> None:
    assert hashlib.sha256((VERIFIER.parent / "README.md").read_bytes()).hexdigest() == SCRIPT.README


@pytest.mark.duty("L3")
def test_sm3_is_the_standard_s() -> None:
    assert SCRIPT.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert SCRIPT.sm3(b"abcd" * 16) == digest(b"abcd" * 16, "sm3")


@pytest.mark.parametrize(
    ("text", "value"), [("0", Fraction(0)), (7, Fraction(7)), ("0.5", Fraction(1, 2)), ("1999/4", Fraction(1999, 4)), ("-3", Fraction(-3))]
)
def test_exact_numbers(text: str | int, value: Fraction) -> None:
    assert SCRIPT.number(text) == value


@pytest.mark.parametrize("text", ["1e5", "nan", "", "1/0", " 1", "0x1", True, None, "1" * 90])
def test_what_is_no_exact_number(text: object) -> None:
    with pytest.raises(ValueError, match="不是精确数"):
        SCRIPT.number(text)


@pytest.mark.duty("K1")
@pytest.mark.parametrize(
    ("day", "years", "end"), [("2024-02-29", 5, "2029-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2024-06-03", 10, "2034-06-03")]
)
def test_corresponding_days(day: str, years: int, end: str) -> None:
    assert SCRIPT.plus_years(day, years) == end


@pytest.mark.django_db
@pytest.mark.duty("A1", "L3")
def test_a_journal_hashed_by_sm3(settings: object, tmp_path: Path) -> None:
    settings.JOURNAL_HASH = "sm3"  # type: ignore[attr-defined]
    with played(tmp_path, 8, 3, 40) as cycle, clock.travel(clock.now()):
        dossier.export(cycle, tmp_path / "dossier.zip")
    assert prove(tmp_path / "dossier.zip") == []
    with zipfile.ZipFile(tmp_path / "dossier.zip") as archive:
        assert b'\\"alg\\":\\"sm3\\"' in archive.read("journal.jsonl")


@pytest.mark.django_db
@pytest.mark.duty("A1", "L3")
def test_any_pack(settings: object, tmp_path: Path) -> None:
    """Other points, one award, a pooled quota, an open ballot, the median, half of the members as quorum, three stages fewer."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    with entropy.seeded(5) as rng, clock.travel(clock.now()):
        cast = lakeside(play.players(rng, 6, 0, 12, 2025, 6), LAKESIDE)
        world = play.begin(LAKESIDE, cast, rng)
        plot = play.Plot(objections=False, failing=False, late_recusal=False, tie=False)
        cycle = play.cycle(world, 2025, play.applicants(cast), plot)
        dossier.export(cycle, tmp_path / "dossier.zip")
    assert prove(tmp_path / "dossier.zip") == []


@pytest.mark.django_db
@pytest.mark.duty("L3")
@pytest.mark.parametrize("stage", [Stage.MATERIAL_REVIEW, Stage.NOMINATION])
def test_a_cycle_that_still_runs(settings: object, tmp_path: Path, stage: Stage) -> None:
    """A dossier may be written at any time; what has been done by then is proved."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    from tests.stages.playing import played as up_to

    _, cycle = up_to(stage)
    with clock.travel(clock.now()):
        dossier.export(cycle, tmp_path / "dossier.zip")
    clock.set_to(None)
    assert prove(tmp_path / "dossier.zip") == []
