"""What a dossier holds and what it must not hold; the same bytes for the same data; queries that do not grow with the cycle."""

import json
import zipfile
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from tests.process.dossier.conftest import SECRET_NAME, play_cycle
from tests.process.dossier.tools import prove, read
from zhiheng.faces.cli.dossier import app
from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Person
from zhiheng.process import dossier
from zhiheng.process.dossier import VERIFIER
from zhiheng.stages.committee.models import Ballot, Motion
from zhiheng.stages.panel.models import Expert

AWARDED = 2

pytestmark = pytest.mark.django_db  # the played cycle needs the database, even where the test itself does not


@pytest.fixture
def _files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]


@pytest.mark.duty("A1", "L3")
def test_a_finished_cycle_is_proved(whole: Path) -> None:
    assert prove(whole) == []


def test_it_holds_everything_of_the_cycle(whole: Path) -> None:
    files = read(whole)
    lists = {name: json.loads(data) for name, data in files.items() if name.endswith(".json")}
    for name in (
        "bans", "ballots", "bonus", "cancellations", "candidates", "certificates", "consensus", "entries", "finals", "ledger", "meetings",
        "motions", "notices", "objections", "panels", "results", "revocations", "seats", "sheets", "shortlist", "survey", "approval",
    ):  # fmt: skip
        assert lists[f"{name}.json"], name
    assert {"draws/material-1.json", "draws/site-1.json"} <= set(files)
    assert files["verify.py"] == VERIFIER.read_bytes()
    assert len({row["version"] for row in lists["results.json"]}) > 1, "a correction stands beside what it corrects"
    assert any("review.void_sheet" in row["at"] for row in lists["sheets.json"])


def test_names_are_sorted_and_times_fixed(whole: Path) -> None:
    with zipfile.ZipFile(whole) as archive:
        infos = archive.infolist()
    names = [info.filename for info in infos]
    assert names == [*sorted(set(names) - {"manifest.json"}), "manifest.json"], "the manifest lists the others, so it comes last"
    assert {(info.date_time, info.compress_type, info.external_attr, info.create_system) for info in infos} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_DEFLATED, 0o644 << 16, 3)
    }


@pytest.mark.duty("I2", "L3")
@pytest.mark.usefixtures("_files")
def test_the_same_bytes_the_same_queries_and_nobody_s_name(tmp_path: Path) -> None:
    """One play of a small and one of a larger cycle: the exports of each agree, the number of queries is that of the other."""
    counts = []
    for size in (8, 12):
        with transaction.atomic():
            cycle = play_cycle(size, 3, 40)
            with clock.travel(clock.now()), CaptureQueriesContext(connection) as queries:
                dossier.export(cycle, tmp_path / "one.zip")
            with clock.travel(clock.now()):
                dossier.export(cycle, tmp_path / "two.zip")
            moment = clock.now()
            with clock.travel(moment):
                dossier.export(cycle, tmp_path / "three.zip")
                dossier.export(cycle, tmp_path / "four.zip")
            counts.append(len(queries))
            assert (tmp_path / "three.zip").read_bytes() == (tmp_path / "four.zip").read_bytes()
            _no_names(tmp_path / "four.zip")
            transaction.set_rollback(True)
    assert counts[0] == counts[1]


def _no_names(path: Path) -> None:
    """Experts, members and staff appear by code or seat; an applicant that no notice named does not appear by name."""
    text = b"\n".join(data for name, data in read(path).items() if name not in {"journal.jsonl", "notices.json", "entries.json"}).decode()
    everything = b"\n".join(read(path).values()).decode()
    experts = list(Expert.objects.select_related("person"))
    assert experts
    assert [e.person.name for e in experts if e.person.name in text] == []
    assert SECRET_NAME not in everything
    people = list(Person.objects.exclude(id_digest=""))
    assert [p.code for p in people if p.id_digest in everything or p.salt in everything] == []


@pytest.mark.duty("I2")
def test_secret_ballots_tell_nothing_of_the_member(whole: Path) -> None:
    files = read(whole)
    ballots = json.loads(files["ballots.json"])
    assert ballots
    assert {frozenset(ballot) for ballot in ballots} == {frozenset({"motion", "token", "choice"})}
    order = [(ballot["motion"], ballot["token"]) for ballot in ballots]
    assert order == sorted(order)
    tokens = [ballot["token"] for ballot in ballots]
    assert len(set(tokens)) == len(tokens)
    assert [token for token in tokens if token.encode() in files["journal.jsonl"]] == []


@pytest.mark.usefixtures("_files")
def test_whole_or_not_at_all_and_open_motions_stay_sealed(tmp_path: Path) -> None:
    cycle = play_cycle(8, 3, 40)
    with pytest.raises(FileNotFoundError):
        dossier.export(cycle, tmp_path / "no such folder" / "dossier.zip")
    (tmp_path / "old.zip").write_bytes(b"old")
    with clock.travel(clock.now()):
        found = dossier.export(cycle, tmp_path / "old.zip")
    assert prove(tmp_path / "old.zip", [found["journal"]]) == []
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["old.zip"]

    said = CliRunner().invoke(app, ["export", "2024", str(tmp_path / "said.zip"), "--json"])
    assert (said.exit_code, json.loads(said.stdout)["journal"]) == (0, found["journal"])
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "said.zip"), "--head", found["journal"]]).exit_code == 0
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "said.zip"), "--head", "cycle:2024#1#0"]).exit_code == 1
    for arguments, text in (
        (["2031", "x.zip"], "没有评审周期“2031”，现有：2024"),
        (["2024", str(tmp_path / "no" / "x.zip")], "文件夹不存在"),
    ):
        refused = CliRunner().invoke(app, ["export", *arguments, "--json"])
        assert refused.exit_code == 1
        assert text in json.loads(refused.stdout)["errors"][0]

    motion = Motion.objects.filter(cycle=cycle).order_by("pk")[0]
    Motion.objects.filter(pk=motion.pk).update(closed_at=None, tally=None, passed=None)
    dossier.export(cycle, tmp_path / "open.zip")
    ballots = json.loads(read(tmp_path / "open.zip")["ballots.json"])
    assert Ballot.objects.filter(motion=motion).exists()
    assert ballots
    assert [ballot for ballot in ballots if ballot["motion"] == motion.code] == []
