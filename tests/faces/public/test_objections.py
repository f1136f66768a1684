"""An objection from the form to the answer: kept whole, read over, sent once, looked up by nobody else (J2, L2, Q15; T1, T2, T3, T5, T9, X6)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.public.data import NOW, World, notice
from tests.foundation.test_inspect import GOOD, archive, image, pdf
from zhiheng.faces.public import lookup
from zhiheng.faces.public.views import objections as views
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.files.services import integrity_faults
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.foundation.publicity import services
from zhiheng.foundation.publicity.models import Objection
from zhiheng.rules.lifecycle import Role

pytestmark = [pytest.mark.duty("J2"), pytest.mark.usefixtures("_empty_cache")]
FORM = "/notices/GS2026-014/object/"
SAID = {"entry": "2026-Z-0005", "content": "所报业绩与实际不符：2025年营业收入有误。", "name": "王建国", "contact": "0311-12345678"}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields that the page's form carries on."""
    return dict(re.findall(r'<input type="hidden" name="(token|kept)" value="([^"]*)">', page))


def upload(data: bytes, name: str = "证据.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def checked(client: Client, **changes: Any) -> str:
    """The page that shows once more what was filled in."""
    page = client.get(FORM).text
    answer = client.post(FORM, {**hidden(page), **SAID, "step": "check", **changes})
    assert answer.status_code == 200, answer.text
    return answer.text


def sent(client: Client, page: str, **changes: Any) -> Any:
    return client.post(FORM, {**hidden(page), **SAID, "step": "send", **changes})


def lodged(client: Client, **changes: Any) -> tuple[Objection, str]:
    """An objection through all steps, and its receipt."""
    answer = sent(client, checked(client, **changes), **{key: value for key, value in changes.items() if key != "proof"})
    assert answer.status_code == 303, answer.text
    return Objection.objects.latest("pk"), client.get(answer["Location"]).text


def code_in(receipt: str) -> str:
    found = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", receipt)
    assert found
    return found[0]


def words(page: str) -> str:
    """The text of the page's main part."""
    return re.sub(r"<[^>]+>|\s+", " ", page[page.index("<main") : page.index("</main>")])


def asked(client: Client, number: str, code: str) -> Any:
    return client.post("/objections/", {"number": number, "code": code})


# ------------------------------------------------------------------ the form


def test_the_notice_leads_to_the_form_and_back(site: World, client: Client) -> None:
    assert f'href="{FORM}"' in client.get("/notices/GS2026-014/").text
    assert f'href="{FORM}?entry=2026-Z-0005"' in client.get("/entries/2026-Z-0005/").text
    page = client.get(FORM)
    assert page["Cache-Control"] == "private, no-cache"
    assert 'href="/notices/GS2026-014/"' in page.text
    assert "2026年9月18日（星期五）24时" in page.text
    assert page.text.count("<optgroup") == 2
    assert page.text.count("<option") == 22
    assert 'value="2026-Z-0006" selected' in client.get(f"{FORM}?entry=2026-Z-0006").text


def test_real_name_and_in_time_is_a_formal_objection(site: World, client: Client) -> None:
    page = checked(client)
    assert "将作为正式异议受理" in page
    assert Objection.objects.count() == 0
    objection, receipt = lodged(client)
    assert (objection.formal, objection.status, objection.entry) == (True, "received", "2026-Z-0005")
    assert (objection.name, objection.contact, objection.content) == (SAID["name"], SAID["contact"], SAID["content"])
    assert objection.number in receipt
    assert code_in(receipt) == lookup.code_of(objection.number)
    assert "2026年9月15日 10时30分" in receipt
    act = JournalEntry.objects.get(subject=f"objection:{objection.number}")
    assert (act.act, act.actor, act.role) == ("publicity.object", "", "public")
    assert f"第 {act.seq} 条" in receipt
    assert act.hash in receipt
    assert Notification.objects.get().title == "收到异议"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": ""}, "您没有填写姓名或者单位名称"),
        ({"contact": ""}, "您没有填写联系方式"),
        ({"name": "  ", "contact": ""}, "您没有填写姓名或者单位名称"),
    ],
)
def test_without_name_or_contact_it_is_a_lead_and_the_form_says_so_before(
    site: World, client: Client, changes: dict[str, str], why: str
) -> None:
    page = checked(client, **changes)
    assert "将作为线索登记，不单独答复" in page
    assert why in page
    objection, receipt = lodged(client, **changes)
    assert (objection.formal, objection.status) == (False, "lead")
    assert "情况登记回执" in receipt


@pytest.mark.duty("L2")
def test_after_the_last_day_only_leads_are_taken_and_none_once_closed(site: World, client: Client) -> None:
    with clock.travel(NOW + timedelta(days=4)):
        assert "公示期已经届满" in client.get(FORM).text
        objection, _ = lodged(client)
        assert objection.formal is False
    site.notices["shortlist"].closed_at = NOW + timedelta(days=5)
    site.notices["shortlist"].save()
    with clock.travel(NOW + timedelta(days=6)):
        assert "不再受理异议" in client.get(FORM).text
        assert client.post(FORM, {**SAID, "step": "send"}).status_code == 409
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("code", ["GS2026-001", "GS2024-005", "GS2026-999"])
def test_what_has_no_clock_takes_no_objection(site: World, client: Client, code: str) -> None:
    assert client.get(f"/notices/{code}/object/").status_code == 404
    assert client.post(f"/notices/{code}/object/", {**SAID, "step": "send"}).status_code == 404


def test_a_notice_that_is_not_posted_yet_takes_none(site: World, client: Client) -> None:
    later = notice(site.now, site.office, "proposed_winners", NOW + timedelta(minutes=1), days=5)
    assert client.get(f"/notices/{later.code}/object/").status_code == 404


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("content", "", "请写明异议内容"),
        ("content", "   \n ", "请写明异议内容"),
        ("content", "字" * 5001, "异议内容请控制在 5000 字以内"),
        ("name", "王" * 61, "姓名（名称）请控制在 60 字以内"),
        ("contact", "1" * 121, "联系方式请控制在 120 字以内"),
        ("entry", "2026-Z-0001", "所选申报对象不在本公示名单中"),
        ("website", "http://spam.example", "请清空“网址”一栏"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    site: World, client: Client, field: str, value: str, says: str, step: str
) -> None:
    answer = client.post(FORM, {**SAID, field: value, "step": step})
    assert answer.status_code == 422
    if field == "website":
        assert says in answer.text
    else:
        assert f'<li><a href="#{field}">{says}' in answer.text
        assert f'id="{field}-error">{says}' in answer.text
        assert f'id="{field}"' in answer.text
    for other, typed in SAID.items():
        if other != field:
            assert typed in answer.text
    assert Objection.objects.count() == 0


def test_a_nul_or_a_lone_surrogate_breaks_nothing(site: World, client: Client) -> None:
    assert client.post(FORM, {**SAID, "content": "a\x00b", "step": "check"}).status_code == 422
    assert client.post(FORM, {**SAID, "entry": "\x00", "step": "check"}).status_code == 422


def test_hostile_words_are_only_words(site: World, client: Client) -> None:
    hostile = "<script>alert(1)</script>\"'{{ 7|add:7 }}</textarea>"
    words = {"content": hostile, "name": hostile[:60], "contact": hostile}
    page = checked(client, **words)
    _, receipt = lodged(client, **words)
    back = client.post(FORM, {**SAID, **words, "step": "edit"}).text
    for text in (page, receipt, back):
        assert "<script>alert" not in text
        assert "</textarea>&" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_what_was_typed_and_the_receipt_are_kept_by_no_cache(site: World, client: Client) -> None:
    page = client.get(FORM).text
    for step, status in (("check", 200), ("edit", 200), ("send", 303)):
        answer = client.post(FORM, {**hidden(page), **SAID, "step": step})
        assert (answer.status_code, answer["Cache-Control"]) == (status, "private, no-store")
    assert client.get(answer["Location"])["Cache-Control"] == "private, no-store"
    assert client.get("/objections/")["Cache-Control"] == "private, no-cache"
    assert asked(client, "x", "y")["Cache-Control"] == "private, no-store"


def test_back_from_the_check_everything_is_still_there(site: World, client: Client) -> None:
    page = checked(client, proof=upload(pdf()))
    back = client.post(FORM, {**hidden(page), **SAID, "step": "edit"}).text
    for typed in SAID.values():
        assert typed in back
    assert "证据.pdf" in back
    assert hidden(back) == hidden(page)


# ------------------------------------------------------------------ the proof


def test_the_proof_belongs_to_the_objection_once_it_is_sent(site: World, client: Client) -> None:
    page = checked(client, proof=upload(pdf()))
    file = StoredFile.objects.get()
    assert file.owner == f"objection:draft-{hidden(page)['token']}"
    sent(client, page)
    objection = Objection.objects.get()
    assert objection.proof == file
    file.refresh_from_db()
    assert file.owner == f"objection:{objection.number}"
    assert integrity_faults() == []


def test_a_file_once_taken_survives_every_other_mistake(site: World, client: Client) -> None:
    page = client.get(FORM).text
    for wrong in ({"content": ""}, {"name": "王" * 61}):
        answer = client.post(
            FORM, {**hidden(page), **SAID, **wrong, "step": "check", **({"proof": upload(pdf())} if "kept" not in page else {})}
        )
        assert answer.status_code == 422
        page = answer.text
        assert "已上传：<strong>证据.pdf</strong>" in page
    page = client.post(FORM, {**hidden(page), **SAID, "step": "check"}).text
    sent(client, page)
    assert StoredFile.objects.count() == 1
    assert Objection.objects.get().proof == StoredFile.objects.get()


def test_another_file_takes_the_place_of_the_first_and_either_can_be_left_out(site: World, client: Client) -> None:
    page = checked(client, proof=upload(pdf()))
    other = client.post(FORM, {**hidden(page), **SAID, "step": "check", "proof": upload(image("PNG"), "照片.png")}).text
    assert "照片.png" in other
    assert "证据.pdf" not in other
    none = client.post(FORM, {**hidden(other), **SAID, "step": "check", "drop": "1"}).text
    assert "照片.png" not in none
    assert "kept" not in hidden(none)
    sent(client, none)
    assert Objection.objects.get().proof is None


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "空.pdf", "文件为空"),
        (b"MZ" + bytes(100), "程序.exe", "不支持"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.svg", "不支持"),
        (pdf(b"<< /S /JavaScript /JS (app.alert) >>"), "证据.pdf", "脚本"),
        (pdf()[:-20], "证据.pdf", "已损坏或不完整"),
        (pdf(), "证据.png", "扩展名“.png”与文件内容不符"),
        (image("PNG") + b"PK\x03\x04" + bytes(30), "照片.png", "夹带"),
        (archive({"a.txt": b"x"}), "材料.zip", "压缩包请解压后逐个上传"),
        (archive({"[Content_Types].xml": b"x" * (61 * 1024 * 1024)}), "炸弹.docx", "过大"),
        (b"%PDF-1.4\n" + bytes(10 * 1024 * 1024), "大.pdf", "文件超过10MB"),
    ],
)
def test_hostile_files_are_refused_in_chinese_and_nothing_is_kept(site: World, client: Client, data: bytes, name: str, says: str) -> None:
    answer = client.post(FORM, {**SAID, "step": "check", "proof": upload(data, name)})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'id="proof-error"' in answer.text
    assert SAID["content"] in answer.text
    assert StoredFile.objects.count() == 0


def test_xlsx_and_ofd_are_not_taken_here(site: World, client: Client) -> None:
    for kind in ("xlsx", "ofd"):
        answer = client.post(FORM, {**SAID, "step": "check", "proof": upload(GOOD[kind], f"材料.{kind}")})
        assert answer.status_code == 422
        assert "此处不接受" in answer.text


def test_a_file_waits_a_day_for_its_form(site: World, client: Client) -> None:
    page = checked(client, proof=upload(pdf()))
    for later, status in ((timedelta(hours=24), 200), (timedelta(hours=24, seconds=1), 422)):
        with clock.travel(NOW + later):
            assert client.post(FORM, {**hidden(page), **SAID, "step": "check"}).status_code == status


@pytest.mark.parametrize("forged", ["", "x", "other", "foreign"])
def test_nobody_s_file_comes_in_by_the_hidden_field(site: World, client: Client, forged: str) -> None:
    secret = StoredFile.objects.create(
        owner="entry:2026-Z-0005", name="金丝雀.pdf", kind="pdf", mime="x", size=1, sha256="0" * 64, content="x", stored_at=NOW
    )
    page = checked(client, proof=upload(pdf()))
    kept = {"x": "x", "": "", "other": hidden(page)["kept"], "foreign": hidden(page)["kept"].replace(hidden(page)["kept"][:4], "AAAA")}[
        forged
    ]
    fresh = client.get(FORM).text  # another form, with another token
    answer = client.post(FORM, {**hidden(fresh), **SAID, "kept": kept, "step": "check"})
    assert answer.status_code == (200 if forged == "" else 422)
    if forged:
        assert "此前上传的材料已失效，请重新上传" in answer.text
    assert "证据.pdf" not in answer.text
    assert "金丝雀" not in answer.text
    assert str(secret.pk) not in answer.text


def test_files_of_forms_that_were_never_sent_are_forgotten(site: World, client: Client) -> None:
    checked(client, proof=upload(pdf()))
    used, _ = lodged(client, proof=upload(pdf()))
    dropped = StoredFile.objects.get(owner__startswith="objection:draft-")
    path = dropped.content.path
    with clock.travel(NOW + timedelta(days=2, minutes=1)):
        checked(client, proof=upload(image("PNG"), "照片.png"))
    assert not StoredFile.objects.filter(pk=dropped.pk).exists()
    assert not Path(path).exists()
    assert StoredFile.objects.filter(pk=used.proof_id).exists()
    assert integrity_faults() == []


# ------------------------------------------------------------------ once


def test_sent_again_it_is_the_same_objection(site: World, client: Client) -> None:
    page = checked(client, proof=upload(pdf()))
    first, second = sent(client, page), sent(client, page)
    assert (first.status_code, second.status_code) == (303, 303)
    numbers = {re.search(r"YY2026-[0-9A-F]{8}", client.get(answer["Location"]).text)[0] for answer in (first, second)}  # type: ignore[index]
    assert numbers == {Objection.objects.get().number}
    assert JournalEntry.objects.filter(act="publicity.object", kind="act").count() == 1


def test_other_words_under_the_same_token_are_another_objection(site: World, client: Client) -> None:
    page = checked(client)
    sent(client, page)
    sent(client, page, content="另一件事。")
    assert sorted(Objection.objects.values_list("content", flat=True)) == sorted([SAID["content"], "另一件事。"])


def test_the_same_words_from_another_form_are_another_objection(site: World, client: Client) -> None:
    for _ in range(2):
        lodged(client)
    assert Objection.objects.count() == 2


@pytest.mark.parametrize("step", ["check", "send", "edit"])
def test_sent_from_elsewhere_it_is_refused(site: World, step: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORM, {**SAID, "step": step}).status_code == 403
    answer = strict.post("/objections/", {"number": "x", "code": "x"})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.text
    assert Objection.objects.count() == 0


# ------------------------------------------------------------------ looking it up


def office(site: World) -> Acting:
    person = Person.objects.create(name="金丝雀办事员")
    RoleGrant.objects.create(person=person, role=Role.OFFICE.value, unit=site.office, granted_at=NOW)
    return Acting(Role.OFFICE, person, site.office)


def test_number_and_code_tell_what_became_of_it(site: World, client: Client) -> None:
    objection, receipt = lodged(client)
    code = code_in(receipt)
    assert "等待调查核实" in asked(client, objection.number, code).text
    acting = office(site)
    services.investigate(acting, objection, findings="金丝雀调查笔录")
    assert "正在调查核实" in asked(client, objection.number, code).text
    services.answer(acting, objection, upheld=True, text="经核，2025年营业收入多报 120 万元。")
    page = asked(client, objection.number, code)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "经调查属实" in page.text
    assert "经核，2025年营业收入多报 120 万元。" in page.text
    for word in ("金丝雀", SAID["name"], SAID["contact"], SAID["content"]):
        assert word not in page.text


@pytest.mark.parametrize(
    "write", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} ", lambda text: text.replace("-", "－")]
)
def test_number_and_code_are_read_as_people_type_them(site: World, client: Client, write: Any) -> None:
    objection, receipt = lodged(client)
    assert "等待调查核实" in asked(client, write(objection.number), write(code_in(receipt))).text


def test_a_lead_and_a_dismissed_objection(site: World, client: Client) -> None:
    lead, receipt = lodged(client, name="")
    assert "不再单独答复" in asked(client, lead.number, code_in(receipt)).text
    objection, receipt = lodged(client)
    acting = office(site)
    services.investigate(acting, objection, findings="查")
    services.answer(acting, objection, upheld=False, text="所报业绩属实。")
    assert "经调查不属实" in asked(client, objection.number, code_in(receipt)).text


def test_every_wrong_pair_is_told_the_same(site: World, client: Client) -> None:
    first, receipt = lodged(client)
    second, other = lodged(client)
    pairs = [
        (first.number, code_in(other)),
        (second.number, code_in(receipt)),
        (first.number, ""),
        ("", code_in(receipt)),
        ("YY2026-00000000", code_in(receipt)),
        ("YY2026-00000000", "22222-22222"),
        ("%", "%"),
    ]
    answers = [asked(client, number, code) for number, code in pairs]
    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert "编号与查询码不符" in answers[0].text


def test_the_database_is_not_asked_for_a_wrong_pair(site: World, client: Client, django_assert_num_queries: Any) -> None:
    objection, receipt = lodged(client)
    with django_assert_num_queries(0):
        assert lookup.find(objection.number, "22222-22222") is None
        assert lookup.find("YY2026-00000000", "22222-22222") is None
    with django_assert_num_queries(1):
        assert lookup.find("YY2026-00000000", lookup.code_of("YY2026-00000000")) is None
    with django_assert_num_queries(1):
        assert lookup.find(objection.number, code_in(receipt)) == objection


def test_codes_differ_and_follow_the_key(settings: Any) -> None:
    codes = {lookup.code_of(f"YY2026-{n:08X}") for n in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", code) for code in codes)
    before = lookup.code_of("YY2026-00000001")
    settings.SECRET_KEY = "another"
    assert lookup.code_of("YY2026-00000001") != before


def test_the_receipt_s_address_is_ours_and_runs_out(site: World, client: Client) -> None:
    assert client.get("/objections/received/x/").status_code == 404
    objection, _ = lodged(client)
    key = lookup.receipt_key(objection.number)
    assert client.get(f"/objections/received/{key}/").status_code == 200
    assert client.get(f"/objections/received/{key[:-1]}/").status_code == 404
    assert client.get(f"/objections/received/{lookup.receipt_key('YY2026-00000000')}/").status_code == 404
    for later, status in ((3600, 200), (3601, 404)):
        with clock.travel(NOW + timedelta(seconds=later)):
            assert client.get(f"/objections/received/{key}/").status_code == status


# ------------------------------------------------------------------ too often


def test_too_many_objections_from_one_address_wait_and_lose_nothing(site: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_SENT", 2)
    for _ in range(2):
        lodged(client)
    page = checked(client, proof=upload(pdf()))
    answer = sent(client, page)
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert "请十分钟后再试" in answer.text
    for typed in SAID.values():
        assert typed in answer.text
    assert "证据.pdf" in answer.text
    assert Objection.objects.count() == 2
    assert client.post(FORM, {**hidden(page), **SAID, "step": "send"}, REMOTE_ADDR="192.0.2.9").status_code == 303
    with clock.travel(NOW + timedelta(minutes=10)):
        assert sent(client, page).status_code == 303


def test_too_many_uploads_and_too_many_guesses(site: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_POSTED", 3)
    monkeypatch.setattr(views, "MOST_ASKED", 3)
    posted = [client.post(FORM, {**SAID, "step": "check"}).status_code for _ in range(4)]
    assert posted == [200, 200, 200, 429]
    objection = Objection(number="YY2026-00000001")
    guessed = [asked(client, objection.number, "22222-22222").status_code for _ in range(4)]
    assert guessed == [422, 422, 422, 429]
    answer = asked(client, objection.number, lookup.code_of(objection.number))
    assert answer.status_code == 429
    cache.clear()


@pytest.mark.parametrize("rows", [0, 40])
def test_queries_stay_the_same_however_many_objections_there_are(
    site: World, client: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    objection, receipt = lodged(client)
    one = {"notice": site.notices["shortlist"], "content": "x", "received_at": NOW, "formal": True}
    Objection.objects.bulk_create([Objection(number=f"YY2026-0000{n:04d}", **one) for n in range(rows)])
    with django_assert_max_num_queries(4):
        client.get(FORM)
    with django_assert_max_num_queries(3):
        asked(client, objection.number, code_in(receipt))
