"""The survey: rated once by each identity, told to nobody how, ended without a number (F5, Q24, Q25; T1, T2, T3, T9, T12)."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.public import data
from tests.faces.public.data import NOW, World, notice, persons, with_merits
from tests.foundation.conftest import at_once
from zhiheng.faces.public import identity
from zhiheng.faces.public.views import survey as views
from zhiheng.faces.shared.ordering import by_name
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.survey.models import Answer, Poll
from zhiheng.stages.survey.services import answer as answered
from zhiheng.stages.survey.services import voter_key

pytestmark = [pytest.mark.duty("F5"), pytest.mark.usefixtures("_empty_cache")]
PATH = "/survey/2026/"
#: Made-up numbers with right check digits; 130101 is no place where people live.
NUMBERS = ("130101199003070138", "13010119521211002X", "130101200502280012")
SAID = {"name": "李秀兰", "number": NUMBERS[0], "mobile": "13800000000"}
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
CLOSES = datetime(2026, 9, 19, tzinfo=clock.SHANGHAI)


def check_digit(body: str) -> str:
    """The last sign of a resident's number, by the standard's own table (GB 11643)."""
    return "10X98765432"[sum(int(digit) * 2 ** (17 - n) for n, digit in enumerate(body)) % 11]


def number(n: int) -> str:
    body = f"13010119800101{n:03d}"
    return body + check_digit(body)


def opened(of: Cycle) -> list[Poll]:
    """A poll on each published individual, from the publication until its end."""
    found = of.entries.filter(code__in=[f"2026-G-{n:04d}" for n in range(1, 8)]).order_by("code")
    rows = [Poll(entry=one, cycle=of, opened_at=NOW - timedelta(days=1), closes_at=CLOSES) for one in found]
    return Poll.objects.bulk_create(rows)


@pytest.fixture
def polls(site: World) -> list[Poll]:
    return opened(site.now)


def rated(client: Client, choices: dict[int, str], headers: dict[str, str] | None = None, **said: str) -> Any:
    choice = {f"choice-2026-G-{n:04d}": value for n, value in choices.items()}
    return client.post(PATH, {**choice, **SAID, **said}, **(FROM_HERE if headers is None else headers))


def kept() -> list[tuple[str, str]]:
    return sorted(Answer.objects.values_list("poll__entry__code", "choice"))


# ------------------------------------------------------------------ the page


def test_the_published_individuals_in_neutral_order_with_their_merits(polls: list[Poll], client: Client) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert (answer["Cache-Control"], answer.cookies) == ("public, max-age=60", {})
    names = re.findall(r"<legend>(.+?)</legend>", answer.text)
    assert len(names) == 7
    assert names == sorted(names, key=lambda name: by_name(name, person=True))
    assert names[0] == "陈志强"
    assert answer.text.count(data.MERITS[:20]) == 7
    assert answer.text.count('type="radio"') == 28
    assert "checked" not in answer.text
    assert "2026年9月18日24时</strong>截止" in answer.text
    assert "目前不与公安机关、通信运营商比对" in answer.text


def test_home_and_notice_lead_to_it_while_it_runs(site: World, client: Client) -> None:
    for path in ("/", "/notices/GS2026-014/"):
        assert PATH not in client.get(path).text
    opened(site.now)
    for path in ("/", "/notices/GS2026-014/"):
        assert f'href="{PATH}"' in client.get(path).text
    with clock.travel(CLOSES):
        for path in ("/", "/notices/GS2026-014/"):
            assert PATH not in client.get(path).text
    assert PATH not in client.get("/notices/GS2026-013/").text


@pytest.mark.parametrize("path", [PATH, "/survey/2024/", "/survey/1999/", "/survey/2026/thanks/"])
def test_where_no_survey_was_opened_there_is_none(site: World, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    if "thanks" not in path:
        assert client.post(path, SAID, **FROM_HERE).status_code == 404


def test_queries_stay_the_same_with_many_individuals_and_answers(site: World, client: Client) -> None:
    opened(site.now)

    def queries(ask: Any) -> int:
        ask()
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    before = [queries(lambda: client.get(PATH)), queries(lambda: rated(client, dict.fromkeys(range(1, 8), "satisfied")))]
    more = persons("2026", 60, first=100)
    entries = [data.entry(site.now, one["code"], one["name"], EntryStatus.REVIEWED) for one in more]
    Poll.objects.bulk_create([Poll(entry=one, cycle=site.now, opened_at=NOW, closes_at=CLOSES) for one in entries])
    notice(site.now, site.office, "shortlist_publicity", NOW, with_merits(more + persons("2026", 7)), days=5)
    answers = [Answer(poll=poll, voter=f"{n}", choice="satisfied") for poll in Poll.objects.all() for n in range(20)]
    Answer.objects.bulk_create(answers)
    assert client.get(PATH).text.count("<legend>") == 67
    codes = {f"choice-{one['code']}": "satisfied" for one in more}
    after = [queries(lambda: client.get(PATH)), queries(lambda: client.post(PATH, {**codes, **SAID}, **FROM_HERE))]
    assert after == before
    assert max(before) <= 10


# ------------------------------------------------------------------ answering


@pytest.mark.parametrize("choices", [{1: "satisfied"}, {1: "satisfied", 2: "dissatisfied", 7: "unknown"}])
def test_what_was_chosen_is_kept_and_nothing_else_of_the_person(polls: list[Poll], client: Client, choices: dict[int, str]) -> None:
    answer = rated(client, choices)
    assert (answer.status_code, answer["Location"]) == (303, "/survey/2026/thanks/")
    assert "感谢您的参与" in client.get(answer["Location"]).text
    assert kept() == [(f"2026-G-{n:04d}", choice) for n, choice in sorted(choices.items())]
    stored = " ".join(f"{row.voter} {row.choice}" for row in Answer.objects.all())
    for typed in SAID.values():
        assert typed not in stored
    assert {row.voter for row in Answer.objects.all()} == {voter_key(polls[n - 1], NUMBERS[0]) for n in choices}
    assert not JournalEntry.objects.filter(act__startswith="survey").exists()


def test_the_page_and_the_engine_know_one_identity(polls: list[Poll], client: Client) -> None:
    assert answered(polls[0], NUMBERS[1], "satisfied").ok
    assert rated(client, {1: "dissatisfied"}, number=NUMBERS[1].lower()).status_code == 303
    assert kept() == [("2026-G-0001", "satisfied")]


@pytest.mark.parametrize("write", [lambda text: f" {text[:6]} {text[6:]} ", lambda text: "".join(chr(ord(sign) + 0xFEE0) for sign in text)])
def test_a_second_answer_is_thanked_for_and_changes_nothing(polls: list[Poll], client: Client, write: Any) -> None:
    first = rated(client, {1: "satisfied"})
    again = rated(client, {1: "dissatisfied", 2: "unknown"}, number=write(NUMBERS[0]), name="王五", mobile="13900000000")
    assert kept() == [("2026-G-0001", "satisfied"), ("2026-G-0002", "unknown")]
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])


def test_nobody_learns_whether_somebody_took_part(polls: list[Poll], client: Client) -> None:
    rated(client, {1: "satisfied"})
    known, new = (rated(client, {1: "satisfied"}, number=one) for one in NUMBERS[:2])
    assert (known.status_code, known.content, dict(known.headers)) == (new.status_code, new.content, dict(new.headers))


@pytest.mark.parametrize(
    ("said", "field", "says"),
    [
        ({"number": ""}, "number", "请填写18位居民身份证号码"),
        ({"number": "13010119900307013"}, "number", "请填写18位居民身份证号码"),
        ({"number": "130101199003070139"}, "number", "身份证号码有误"),
        ({"number": "13010119901332001" + check_digit("13010119901332001")}, "number", "身份证号码有误"),
        ({"number": "13010120991212001" + check_digit("13010120991212001")}, "number", "身份证号码有误"),
        ({"number": "13010118801212001" + check_digit("13010118801212001")}, "number", "身份证号码有误"),
        ({"number": "٣" * 18}, "number", "请填写18位居民身份证号码"),
        ({"name": ""}, "name", "请填写真实姓名"),
        ({"name": "a"}, "name", "请填写真实姓名"),
        ({"name": "<script>"}, "name", "请填写真实姓名"),
        ({"mobile": "0311-12345678"}, "mobile", "请填写11位手机号码"),
        ({"mobile": "1380000000\x00"}, "mobile", "请填写11位手机号码"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    polls: list[Poll], client: Client, said: dict[str, str], field: str, says: str
) -> None:
    answer = rated(client, {1: "satisfied", 2: "unknown"}, **said)
    assert answer.status_code == 422
    assert "no-store" in answer["Cache-Control"]
    assert f'<li><a href="#{field}">{says}' in answer.text
    assert f'id="{field}-error">{says}' in answer.text
    assert answer.text.count(" checked") == 2
    for other in set(SAID) - set(said):
        assert f'value="{SAID[other]}"' in answer.text
    assert "<script>" not in answer.text
    assert kept() == []


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({}, "请至少对一名申报人作出评价"),
        ({"choice-2026-G-0001": "wonderful"}, "请至少对一名申报人作出评价"),
        ({"choice-2026-G-0099": "satisfied"}, "所评申报人不在本次测评名单中"),
        ({"choice-2026-G-0001": "satisfied", "choice-2026-Z-0005": "satisfied"}, "所评申报人不在本次测评名单中"),
    ],
)
def test_nothing_chosen_or_nobody_who_is_asked_about(polls: list[Poll], client: Client, choices: dict[str, str], says: str) -> None:
    answer = client.post(PATH, {**choices, **SAID}, **FROM_HERE)
    assert answer.status_code == 422
    assert says in answer.text
    assert kept() == []


def test_names_as_people_have_them() -> None:
    for name in ("王五", "阿依古丽·买买提", "欧阳 修", "Li Xiulan", "𠮷田"):
        found = identity.faults(identity.read(name, NUMBERS[0], "+86 138-0000-0000"), date(2026, 9, 15))
        assert found == ([] if name != "欧阳 修" else [("name", "请填写真实姓名")])


# ------------------------------------------------------------------ the end


@pytest.mark.parametrize("counted", [False, True])
def test_after_the_end_only_that_it_has_ended(polls: list[Poll], client: Client, counted: bool) -> None:
    rated(client, {1: "satisfied"})
    if counted:
        Poll.objects.update(closed_at=CLOSES, counts={"satisfied": 7311}, score="17.25")
    with clock.travel(CLOSES if not counted else CLOSES + timedelta(hours=9)):
        page = client.get(PATH)
        late = rated(client, {2: "satisfied"}, number=NUMBERS[1])
        thanks = client.get("/survey/2026/thanks/")
    assert (page.status_code, late.status_code, thanks.status_code) == (200, 409, 200)
    for answer in (page, late):
        assert "测评已经结束" in answer.text
        assert "<form method" not in answer.text[answer.text.index("<main") :]
    for answer in (page, late, thanks):
        for canary in ("7311", "17.25", "69", data.MERITS[:10]):
            assert canary not in re.sub(r"2026年9月18日", "", answer.text[answer.text.index("<main") : answer.text.index("</main>")])
    assert kept() == [("2026-G-0001", "satisfied")]


def test_a_second_before_the_end_counts_and_the_end_does_not(polls: list[Poll], client: Client) -> None:
    with clock.travel(CLOSES - timedelta(seconds=1)):
        assert rated(client, {1: "satisfied"}).status_code == 303
    with clock.travel(CLOSES):
        assert rated(client, {1: "satisfied"}, number=NUMBERS[1]).status_code == 409
    assert len(kept()) == 1


def test_no_page_tells_how_many_took_part(polls: list[Poll], client: Client) -> None:
    before = client.get(PATH).text
    for n in range(37):
        assert answered(polls[0], number(n), "dissatisfied").ok
    assert client.get(PATH).text == before


# ------------------------------------------------------------------ stuffing


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_REFERER": "https://evil.example/"}])
def test_sent_from_elsewhere_it_is_refused(polls: list[Poll], headers: dict[str, str]) -> None:
    assert rated(Client(enforce_csrf_checks=True), {1: "satisfied"}, headers=headers).status_code == 403
    assert kept() == []


def test_one_telephone_for_a_family_not_for_a_village(polls: list[Poll], client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_MOBILE", 2)
    answers = [rated(client, {1: "satisfied"}, number=number(n)) for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 422]
    assert "该手机号码参与测评的次数已满" in answers[2].text
    assert rated(client, {1: "satisfied"}, number=number(2), mobile="13900000000").status_code == 303


def test_too_many_from_one_address_wait(polls: list[Poll], client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_POSTED", 2)
    answers = [rated(client, {1: "satisfied"}, number=number(n), mobile=f"1390000000{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[2]["Retry-After"] == "600"
    assert SAID["name"] in answers[2].text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [2, 8])
def test_the_same_identity_several_times_at_once_is_one_answer(times: int) -> None:
    with clock.travel(NOW):
        opened(data.world().now)
        answers = at_once(times, lambda n: rated(Client(), {1: "satisfied", 2: views.CHOICES[n % 4][0]}, mobile=f"1390000000{n}"))
        assert [answer.status_code for answer in answers] == [303] * times
    assert [code for code, _ in kept()] == ["2026-G-0001", "2026-G-0002"]
