"""A visitor checks a draw by its file: every check in words, whatever is sent; nothing kept, no cookie (F1, G1, L3, T5, T17)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.draws.drawing import Composing
from tests.faces.rooms import text
from zhiheng.process.dossier.writing import draw_bytes
from zhiheng.process.drawfile import LARGEST, read
from zhiheng.process.register import panel
from zhiheng.stages.panel.models import Draw, Seat

PATH = "/draws/check/"
OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.mark.duty("F1", "L3")
@pytest.mark.usefixtures("_empty_cache")
class TestCheck(Composing):
    def send(self, data: bytes, **options: Any) -> Any:
        return Client().post(PATH, {"file": SimpleUploadedFile("material-1.json", data)}, **(OURS | options))

    def file(self) -> bytes:
        self.drawn()
        seat: Seat = self.seat()
        self.world.do(panel.answer, seat.expert.code, seat, answer="declined", reason="出差")
        return draw_bytes(Draw.objects.get())

    def test_a_draw_with_a_succession_is_right_in_every_point(self) -> None:
        found = self.send(self.file())
        assert found.status_code == 200
        assert "9项核验全部相符" in text(found)
        for word in ("密钥：", "密钥前后各加两个零字节，求SHA-256：", "作为一个整数除以1000", "第1个种子抽中"):
            assert word in text(found), word
        assert found.cookies == {}
        assert "no-store" in found["Cache-Control"]

    def test_what_was_changed_is_named(self) -> None:
        plain = json.loads(self.file())
        role = min(plain["seeds"])
        changed: list[tuple[str, Any]] = [
            ("冻结的专家池", lambda p: p["frozen"]["pool"].pop()),
            ("公布的抽签方案", lambda p: p.update(lottery_digest="0" * 64)),
            ("每张签均合乎要求", lambda p: p["lottery"]["tickets"][0][0].reverse() or p["lottery"]["tickets"][0][0].pop()),
            ("所示入选机会", lambda p: p["lottery"]["chances"].update({p["lottery"]["experts"][0]: 1})),
            ("各方揭示的数", lambda p: p["seeds"].update({role: "4" * 24})),
            ("抽中的签", lambda p: p.update(ticket=p["ticket"] % 1000 + 1)),
            ("递补所用", lambda p: p["followed"][0].update({"in": p["followed"][0]["out"]})),
            ("递补所用", lambda p: p["followed"][0].update(link="0" * 64)),
        ]
        for title, change in changed:
            one = json.loads(json.dumps(plain))
            change(one)
            found = read(json.dumps(one).encode()).value
            assert found is not None, title
            assert [check.title for check in found if not check.ok and check.title.startswith(title)], title

    def test_before_the_draw_only_what_there_is(self) -> None:
        self.published()
        found = read(draw_bytes(Draw.objects.get())).value
        assert found is not None
        assert [check.ok for check in found] == [True] * 4

    def test_what_is_no_draws_file(self) -> None:
        whole = self.file()
        plain = json.loads(whole)
        hostile = [
            b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'"' + b'\\"' * 300_000, b'{"a":' * 50_000, b"1" * 5000,
            whole[:-20], whole.replace(b'"version":1', b'"version":1e3'), whole.replace(b'"version":1', b'"version":NaN'),
            *(json.dumps({k: v for k, v in plain.items() if k != name}).encode() for name in plain if name not in ("at", "discarded", "public_source")),
            *(json.dumps(plain | {name: value}).encode() for name in ("frozen", "lottery", "seeds", "sources", "followed", "leaders")
              for value in ("x", 7, [[[]]], {"a": {"b": []}})),
            json.dumps(plain | {"ticket": 10**30}).encode(),
            json.dumps(plain | {"hash_name": "shake_128"}).encode(),
            json.dumps(plain | {"sources": ["9" * 5000]}).encode(),
            json.dumps(plain | {"followed": [plain["followed"][0] | {"number": 10**9}]}).encode(),
        ]  # fmt: skip
        began = time.monotonic()
        for data in hostile:
            found = read(data)
            assert found.value is None or not all(check.ok for check in found.value), data[:80]
        assert time.monotonic() - began < 60
        answer = self.send(b"[" * 1000)
        assert answer.status_code == 422
        assert "不是抽取记录文件" in text(answer)

    def test_too_much_too_often_from_elsewhere_and_nothing_at_all(self) -> None:
        assert self.send(b" " * (LARGEST + 100_000)).status_code == 413
        assert read(b" " * (LARGEST + 1)).refusals[0].text.startswith("文件过大")
        assert self.send(b"{}", HTTP_ORIGIN="https://elsewhere.example").status_code == 403
        assert Client().post(PATH, {}, **OURS).status_code == 422
        answers = [self.send(b"{}").status_code for _ in range(25)]
        assert answers[0] == 422
        assert answers[-1] == 429

    def test_the_form_is_everybodys(self) -> None:
        page = Client().get(PATH)
        assert page.cookies == {}
        assert "public" in page["Cache-Control"] or "no-store" in page["Cache-Control"]
        assert "<script" not in page.content.decode()
        assert PATH in Client().get("/").content.decode()
