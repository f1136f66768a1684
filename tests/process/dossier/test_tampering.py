"""Whoever changes a dossier is found, and what was changed is named: with the manifest made right again, since that costs nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.process.dossier.tools import Fault, Files, canonical, doubted, edit, lines, prove, read, rechain, relist, with_journal, write

pytestmark = pytest.mark.django_db  # the played cycle needs the database, even where the test itself does not


@pytest.fixture(scope="session")
def files(whole: Path) -> Files:
    """The files of the finished cycle's dossier."""
    return read(whole)


@pytest.fixture
def found(tmp_path: Path) -> Callable[[Files], list[Fault]]:
    """What the script says of changed files."""

    def faults(changed: Files) -> list[Fault]:
        return prove(write(changed, tmp_path / "changed.zip"))

    return faults


def named(faults: list[Fault], duty: str, file: str, record: str = "") -> bool:
    """Whether a fault with this duty, file and record is among them."""
    return any((f.duty, f.file) == (duty, file) and record in f.record for f in faults)


def test_nothing_changed_nothing_found(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    assert found(relist(files)) == []


@pytest.mark.duty("L3")
@pytest.mark.parametrize("part", range(4))
def test_one_byte_of_any_file(files: Files, found: Callable[[Files], list[Fault]], tmp_path: Path, part: int) -> None:
    """Each file in turn, the byte in its middle: named by the manifest; and found without its help when that is made right again."""
    for name in sorted(files)[part::4]:
        if name == "manifest.json":
            continue
        data, place = files[name], len(files[name]) // 2
        changed = files | {name: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]}
        faults = found(changed)
        assert named(faults, "L3", name, "文件"), name
        assert not any(f.record == "文件" and f.file != name for f in faults), name
        assert doubted(write(relist_any(changed), tmp_path / "relisted.zip")), name


def relist_any(files: Files) -> Files:
    """The manifest made right as far as the journal can be read."""
    try:
        return relist(files)
    except (ValueError, KeyError):
        return relist_without_head(files)


def relist_without_head(files: Files) -> Files:
    import hashlib

    manifest = json.loads(files["manifest.json"])
    listed = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items() if name != "manifest.json"
    }
    return files | {"manifest.json": canonical(manifest | {"files": listed})}


@pytest.mark.duty("L3")
def test_every_value_that_a_dossier_states_is_proved(files: Files, tmp_path: Path) -> None:
    """Each field of the first record of each list, changed: nothing may be stated that nothing proves."""
    unproved = []
    for name in sorted(n for n in files if n.endswith(".json") and n not in {"manifest.json", "pack.json"}):
        original = json.loads(files[name])
        for path in _fields(original):
            changed = edit(files, name, lambda value, path=path: _change(value, path))
            if not doubted(write(changed, tmp_path / "changed.zip")):
                unproved.append(f"{name} {path}")
    assert unproved == [], unproved


def _fields(value: Any) -> list[tuple[Any, ...]]:
    """One path to each field of the first record of a list, or of an object."""
    record, start = (value[0], (0,)) if isinstance(value, list) else (value, ())
    found: list[tuple[Any, ...]] = []
    for key, inner in record.items():
        if isinstance(inner, dict) and inner and key not in {"frozen", "lottery"}:
            found += [(*start, key, next(iter(inner)))]
        elif inner != {}:  # which states nothing
            found.append((*start, key))
    return found


def _change(value: Any, path: tuple[Any, ...]) -> None:
    """Change the value at the path to another of its kind."""
    for step in path[:-1]:
        value = value[step]
    old, last = value[path[-1]], path[-1]
    if isinstance(old, bool):
        value[last] = not old
    elif isinstance(old, int):
        value[last] = old + 1
    elif isinstance(old, str) and old[4:5] == "-" and len(old) >= 10:  # a date or a time: a day later
        value[last] = old[:8] + f"{(int(old[8:10]) % 28) + 1:02d}" + old[10:]
    elif isinstance(old, str):
        value[last] = old + "1"
    elif isinstance(old, list):
        value[last] = old[1:] if old else ["x"]
    elif isinstance(old, dict):
        value[last] = {}
    else:
        value[last] = "1"


# ---------------------------------------------------------------- one record each


@pytest.mark.duty("F2")
def test_one_mark_of_a_sheet(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    sheet = json.loads(files["sheets.json"])[0]
    item = next(i for i, mark in sheet["marks"].items() if mark != "0")

    def change(rows: Any) -> None:
        rows[0]["marks"][item] = "0"

    faults = found(edit(files, "sheets.json", change))
    assert named(faults, "F2", "sheets.json", sheet["entry"])
    assert named(faults, "F3", "results.json", sheet["entry"])


@pytest.mark.duty("F2")
def test_a_mark_off_the_grid_with_everything_about_it_made_right(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """The sheet, its total and its digest agree with each other: the journal still has the digest that was handed in."""
    import hashlib

    sheet = next(s for s in json.loads(files["sheets.json"]) if "-Z-" in s["entry"])
    item = next(iter(sheet["marks"]))

    def change(rows: Any) -> None:
        row = next(r for r in rows if r["sheet_digest"] == sheet["sheet_digest"])
        row["marks"][item] = "53"
        row["sheet_digest"] = hashlib.sha256(canonical({k: row[k] for k in ("entry", "expert", "round", "marks")})).hexdigest()

    faults = found(edit(files, "sheets.json", change))
    assert any("档次" in f.text and f.duty == "F2" for f in faults)
    assert any("日志" in f.text and f.file == "sheets.json" for f in faults)


@pytest.mark.duty("F3", "H1", "H3")
@pytest.mark.parametrize(
    ("name", "field", "duty"), [("results.json", "total", "F3"), ("finals.json", "total", "H1"), ("finals.json", "bonus", "H1")]
)
def test_one_score(files: Files, found: Callable[[Files], list[Fault]], name: str, field: str, duty: str) -> None:
    record = json.loads(files[name])[-1]

    def change(rows: Any) -> None:
        rows[-1][field] = "777"

    faults = found(edit(files, name, change))
    assert named(faults, "G3" if name == "results.json" else duty, name, record["entry"])


@pytest.mark.duty("I2")
def test_one_ballot(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    ballot = json.loads(files["ballots.json"])[0]

    def change(rows: Any) -> None:
        rows[0]["choice"] = "no" if ballot["choice"] == "yes" else "yes"

    faults = found(edit(files, "ballots.json", change))
    assert any(f.duty == "I2" and f.file == "motions.json" and ballot["motion"] in f.record and "票箱" in f.text for f in faults)


@pytest.mark.duty("I2")
def test_a_ballot_taken_out_and_the_tally_made_right(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    ballot = json.loads(files["ballots.json"])[0]
    without = edit(files, "ballots.json", lambda rows: rows.pop(0))

    def change(rows: Any) -> None:
        tally = next(r for r in rows if r["motion"] == ballot["motion"])["tally"]
        tally[ballot["choice"]] -= 1
        tally["missing"] += 1

    faults = found(edit(without, "motions.json", change))
    assert named(faults, "I2", "motions.json", ballot["motion"])


@pytest.mark.duty("L2", "E2", "J1")
@pytest.mark.parametrize(
    ("kind", "duty"), [("accepted_list", "E2"), ("shortlist_publicity", "F5"), ("proposed_winners", "J1"), ("city_publicity", "D4")]
)
def test_a_period_a_day_shorter(files: Files, found: Callable[[Files], list[Fault]], kind: str, duty: str) -> None:
    """The announced end, and with it the closing, moved a day back."""
    code = next(row["notice"] for row in json.loads(files["notices.json"]) if row["kind"] == kind)

    def change(rows: Any) -> None:
        row = next(r for r in rows if r["notice"] == code)
        row["ends_on"] = row["posted"][:10]
        row["at"]["publicity.close"] = row["posted"][:10] + "T23:00:00+08:00"

    faults = found(edit(files, "notices.json", change))
    assert named(faults, duty, "notices.json", code)
    assert any("截止日" in f.text for f in faults)
    assert any("未满" in f.text for f in faults)


@pytest.mark.duty("L2")
def test_a_holiday_taken_from_the_calendar(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """The week after a holiday is reached sooner: the ends of periods that ran over it no longer come out."""
    import hashlib

    notices = [row for row in json.loads(files["notices.json"]) if row["days"]]

    def change(years: Any) -> None:
        for plan in years.values():
            plan["holidays"] = []
            plan["workdays"] = sorted(f"{row['posted'][:8]}{day:02d}" for row in notices for day in range(1, 29))
            plan["digest"] = hashlib.sha256(canonical([plan["holidays"], plan["workdays"]])).hexdigest()

    faults = found(edit(files, "calendar.json", change))
    assert any("截止日" in f.text for f in faults)


def _drawn(files: Files, draw: str = "material-1") -> tuple[Any, str, list[str]]:
    """A draw, its first panel and whom the ticket seats there."""
    row = json.loads(files[f"draws/{draw}.json"])
    lottery = row["lottery"]
    return row, lottery["panels"][0], [lottery["experts"][n] for n in lottery["tickets"][row["ticket"] - 1][0]]


def _sha(value: Any) -> str:
    import hashlib

    return hashlib.sha256(canonical(value)).hexdigest()


@pytest.mark.duty("F1", "G1")
@pytest.mark.parametrize("draw", ["material-1", "site-1"])
def test_one_ticket_of_a_draw(files: Files, found: Callable[[Files], list[Fault]], draw: str) -> None:
    """Two tickets changed places: each is lawful, the chances stay, but it is not what was published."""

    def change(row: Any) -> None:
        tickets = row["lottery"]["tickets"]
        tickets[0], tickets[1] = tickets[1], tickets[0]

    faults = found(edit(files, f"draws/{draw}.json", change))
    assert any("公布的抽签方案摘要" in f.text for f in faults)

    def with_digest(row: Any) -> None:
        change(row)
        row["lottery_digest"] = _sha(row["lottery"])

    faults = found(edit(files, f"draws/{draw}.json", with_digest))
    assert any("日志所载抽签方案摘要" in f.text for f in faults)


@pytest.mark.duty("F1", "K7")
def test_a_ticket_that_breaks_a_need(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    row, _, _ = _drawn(files)
    panel, barred = next((p, e) for p, e, _ in row["frozen"]["excluded"] if p)
    place = row["lottery"]["panels"].index(panel)

    def twice(row: Any) -> None:
        row["lottery"]["tickets"][4][0][0] = row["lottery"]["tickets"][4][0][1]

    def excluded(row: Any) -> None:
        row["lottery"]["experts"][row["lottery"]["tickets"][4][place][0]] = barred

    for change in (twice, excluded):
        faults = found(edit(files, "draws/material-1.json", change))
        assert any("不合要求的签" in f.text for f in faults)


@pytest.mark.duty("F1")
def test_a_chance_shown_too_high(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(row: Any) -> None:
        row["lottery"]["chances"][row["lottery"]["experts"][0]] += 1

    assert any("入选机会" in f.text for f in found(edit(files, "draws/material-1.json", change)))


@pytest.mark.duty("K7")
def test_an_exclusion_taken_out(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(row: Any) -> None:
        place = next(n for n, out in enumerate(row["frozen"]["excluded"]) if out[0])
        row["frozen"]["excluded"].pop(place)
        row["pool_digest"] = row["lottery"]["frozen"] = _sha(row["frozen"])

    faults = found(edit(files, "draws/material-1.json", change))
    assert any(f.duty == "K7" and "应当回避的专家与排除名单不符" in f.text for f in faults)


@pytest.mark.duty("F1", "K7")
def test_an_expert_put_in_by_hand(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """Another expert seated than the ticket says."""
    row, panel, chosen = _drawn(files)
    other = next(code for code in row["lottery"]["experts"] if code not in chosen)

    def seat(rows: Any) -> None:
        next(r for r in rows if (r["panel"], r["round"], r["expert"]) == (panel, "material", chosen[-1]))["expert"] = other

    faults = found(edit(files, "seats.json", seat))
    assert any(f.file == "draws/material-1.json" and panel in f.record and "席位" in f.text for f in faults)


@pytest.mark.duty("F1")
def test_another_ticket_than_drawn(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(row: Any) -> None:
        row["ticket"] = row["ticket"] % len(row["lottery"]["tickets"]) + 1

    assert any("抽中的签" in f.text for f in found(edit(files, "draws/material-1.json", change)))


@pytest.mark.duty("K7")
def test_a_link_that_is_not_of_the_chain(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(row: Any) -> None:
        row["chain_end"] = "0" * 64

    assert any("事先公布的链" in f.text for f in found(edit(files, "draws/material-1.json", change)))


@pytest.mark.duty("F1")
def test_a_seed_chosen_to_please(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(row: Any) -> None:
        row["seeds"][min(row["seeds"])] = "a better number"

    faults = found(edit(files, "draws/material-1.json", change))
    assert any(f.duty == "F1" and "承诺" in f.text for f in faults)


@pytest.mark.duty("A1")
def test_a_weight_of_the_pack(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(pack: Any) -> None:
        pack["awards"][0]["weights"]["value"] = {"material": "7/10", "site": "3/10"}

    faults = found(edit(files, "pack.json", change))
    assert named(faults, "A1", "pack.json")
    assert named(faults, "H1", "finals.json")


@pytest.mark.duty("J1", "J2", "J3")
def test_a_swapped_winner(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """In every list at once, as somebody would who wanted it to be believed."""
    entries = json.loads(files["entries.json"])
    winner = next(e["entry"] for e in entries if e["status"] == "awarded")
    loser = next(e["entry"] for e in entries if e["status"] == "below_material")

    def swap(text: bytes) -> bytes:
        return text.replace(winner.encode(), b"@").replace(loser.encode(), winner.encode()).replace(b"@", loser.encode())

    lists = ("approval", "certificates", "ledger", "meetings", "motions", "candidates")
    faults = found(relist(files | {f"{name}.json": swap(files[f"{name}.json"]) for name in lists}))
    assert named(faults, "J3", "certificates.json", loser)
    assert named(faults, "J2", "approval.json")
    assert named(faults, "J3", "entries.json") or named(faults, "J3", "approval.json")
    assert named(faults, "H3", "candidates.json")


@pytest.mark.duty("K2", "K3")
def test_a_ban_shortened_and_money_not_asked_back(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    ban = json.loads(files["bans.json"])[0]

    def shorten(rows: Any) -> None:
        rows[0]["until"] = f"{int(ban['until'][:4]) - 1}{ban['until'][4:]}"

    assert named(found(edit(files, "bans.json", shorten)), "K1", "bans.json", ban["entry"])
    recall = next(line for line in json.loads(files["ledger.json"]) if line["kind"] == "recall")

    def forgive(rows: Any) -> None:
        rows[:] = [line for line in rows if line["kind"] != "recall"]

    assert named(found(edit(files, "ledger.json", forgive)), "K2", "certificates.json", recall["entry"])


@pytest.mark.duty("J2")
def test_an_upheld_objection_made_to_disappear(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    number = next(o["objection"] for o in json.loads(files["objections.json"]) if o.get("upheld"))

    def remove(rows: Any) -> None:
        rows[:] = [o for o in rows if o["objection"] != number]

    assert named(found(edit(files, "objections.json", remove)), "J2", "objections.json", number)


@pytest.mark.duty("D1")
def test_a_deadline_moved(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    def change(cycle: Any) -> None:
        cycle["deadline"] = "2023" + cycle["deadline"][4:]

    faults = found(edit(files, "cycle.json", change))
    assert any(f.duty == "D1" and "截止" in f.text for f in faults)
    assert named(faults, "A1", "pack.json")


# ---------------------------------------------------------------- the journal


def _score(rows: list[dict[str, Any]]) -> int:
    return next(
        place for place, row in enumerate(rows) if row["read"]["act"] == "nomination.compute_finals" and row["read"]["kind"] == "act"
    )


@pytest.mark.duty("L3")
def test_an_entry_edited_with_its_hash_made_right(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    rows = lines(files)
    place = _score(rows)
    rows[place]["read"]["payload"]["finals"][0]["total"] = "999"
    one = rechain(rows[: place + 1], place) + rows[place + 1 :]
    faults = found(with_journal(files, one))
    assert named(faults, "L3", "journal.jsonl", f"第 {place + 2} 条")
    assert any(f.file == "finals.json" and "日志" in f.text for f in faults)


@pytest.mark.duty("L3")
def test_an_entry_edited_and_everything_after_it_chained_anew(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """The chain is whole again; the heads that were published meanwhile are not in it."""
    rows = lines(files)
    place = _score(rows)
    rows[place]["read"]["payload"]["finals"][0]["total"] = "999"
    faults = found(with_journal(files, rechain(rows, place)))
    assert not named(faults, "L3", "journal.jsonl")
    assert any(f.duty == "L3" and f.file == "notices.json" and "链头" in f.text for f in faults)


@pytest.mark.duty("L3")
@pytest.mark.parametrize("anew", [False, True])
def test_an_entry_deleted(files: Files, found: Callable[[Files], list[Fault]], anew: bool) -> None:
    rows = lines(files)
    place = next(p for p, row in enumerate(rows) if (row["read"]["act"], row["read"]["kind"]) == ("review.submit_sheet", "act"))
    digest = rows[place]["read"]["payload"]["sheet_digest"]
    less = rows[:place] + rows[place + 1 :]
    faults = found(with_journal(files, rechain(less, place) if anew else less))
    assert named(faults, "F2", "sheets.json", digest)
    assert any(f.duty == "L3" and f.file == ("notices.json" if anew else "journal.jsonl") for f in faults)


@pytest.mark.duty("L3")
@pytest.mark.parametrize("anew", [False, True])
def test_an_entry_inserted(files: Files, found: Callable[[Files], list[Fault]], anew: bool) -> None:
    """A second sheet of an expert for an entry, forged into the journal alone."""
    rows = lines(files)
    place = next(p for p, row in enumerate(rows) if (row["read"]["act"], row["read"]["kind"]) == ("review.submit_sheet", "act"))
    forged = json.loads(json.dumps(rows[place]))
    forged["read"]["payload"]["sheet_digest"] = "f" * 64
    more = [*rows[:place], forged, *rows[place:]]
    faults = found(with_journal(files, rechain(more, place) if anew else rechain(more[: place + 1], place) + rows[place:]))
    assert named(faults, "F2", "sheets.json", "f" * 64)
    assert any(f.duty == "L3" and f.file == ("notices.json" if anew else "journal.jsonl") for f in faults)


@pytest.mark.duty("L3")
def test_the_tail_cut(files: Files, found: Callable[[Files], list[Fault]], tmp_path: Path) -> None:
    """Found by the heads published in later notices, by records without an act, and, for the very last ones, by a head published elsewhere."""
    rows = lines(files)
    award = next(p for p, row in enumerate(rows) if row["read"]["act"] == "commendation.award")
    faults = found(with_journal(files, rows[: award - 1]))
    assert any(f.file == "notices.json" and "链头" in f.text for f in faults)
    assert named(faults, "J3", "certificates.json")
    last = rows[-1]
    head = f"{last['read']['chain']}#{last['read']['seq']}#{last['hash']}"
    assert prove(write(files, tmp_path / "whole.zip"), [head]) == []
    cut = prove(write(with_journal(files, rows[:-1]), tmp_path / "cut.zip"), [head])
    assert any(f.duty == "L3" and f.record == head[:100] for f in cut)


@pytest.mark.duty("L3")
@pytest.mark.parametrize("where", ["line", "body"])
def test_a_line_that_says_one_thing_and_hashes_another(files: Files, found: Callable[[Files], list[Fault]], where: str) -> None:
    """Fields put beside the hashed text, or a text and hash put into it, must not stand in for what was hashed."""
    rows = lines(files)
    place = _score(rows)
    row = rows[place]
    forged = json.loads(json.dumps(row["read"]))
    forged["payload"]["finals"][0]["total"] = "999"
    beside = {"body": row["body"], "hash": row["hash"], **forged} if where == "line" else None
    inside = {"body": json.dumps({**forged, "body": row["body"], "hash": row["hash"]}), "hash": row["hash"]}
    text = b"".join(
        canonical((beside or inside) if number == place else {"body": r["body"], "hash": r["hash"]}) + b"\n"
        for number, r in enumerate(rows)
    )
    finals = edit(files, "finals.json", lambda found: found[0].update(total="999"))
    faults = found(relist(finals | {"journal.jsonl": text}))
    assert named(faults, "H1", "finals.json")
    assert where == "line" or named(faults, "L3", "journal.jsonl", f"第 {place + 1} 条")


@pytest.mark.duty("L1", "J1")
def test_an_act_before_its_time(files: Files, found: Callable[[Files], list[Fault]]) -> None:
    """The confirmation of the winners moved before the end of their publicity: the whole journal after it chained anew."""
    rows = lines(files)
    later = next(p for p, row in enumerate(rows) if row["read"]["act"] == "commendation.confirm" and row["read"]["kind"] == "act")
    earlier = next(p for p, row in enumerate(rows) if row["read"]["act"] == "commendation.publish")
    moved = [*rows[: earlier + 1], rows[later], *rows[earlier + 1 : later], *rows[later + 1 :]]
    faults = found(with_journal(files, rechain(moved, earlier)))
    assert any(f.file == "journal.jsonl" and "commendation.confirm" in f.record and "尚未结束" in f.text for f in faults)
