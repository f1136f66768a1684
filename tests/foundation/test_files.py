"""Files under their digest, none kept that was refused, every changed or lost one named; letters of outside parties (D1, L1, T5, X1, X4, X12)."""

import hashlib
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from tests.foundation.conftest import NOW, Town, at_once
from zhiheng.foundation import clock
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.inspect import Limits
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.foundation.files.services import forget, integrity_faults, store
from zhiheng.rules.lifecycle import Role

OWNER = "entry:2026-O-0001"
TODAY = date(2026, 3, 2)


def png(colour: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), (colour, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


def kept(data: bytes, name: str = "证书.png", owner: str = OWNER) -> StoredFile:
    row = store(name, io.BytesIO(data), owner).value
    assert row is not None
    return row


def on_disk() -> list[Path]:
    """Every file below the storage, left-overs too."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def place(data: bytes) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


@pytest.mark.duty("D1")
def test_a_file_lies_under_its_digest(town: Town) -> None:
    data = png()
    row = kept(data, "../../质量 证书.PNG")
    assert on_disk() == [place(data)]
    assert place(data).read_bytes() == data
    assert (row.sha256, row.size, row.kind, row.mime) == (hashlib.sha256(data).hexdigest(), len(data), "png", "image/png")
    assert (row.owner, row.stored_at) == (OWNER, NOW)
    assert "/" not in row.name
    assert row.name.endswith("质量 证书.png")
    assert (place(data).stat().st_mode & 0o777, place(data).parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_files_lie_outside_whatever_is_served(town: Town, client: Client) -> None:
    kept(png())
    served = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    for path in (Path(settings.VAR_DIR) / "files", Path(settings.MEDIA_ROOT), *on_disk()):
        assert not any(path.resolve().is_relative_to(folder.resolve()) for folder in served)
    name = str(kept(png()).content.name)
    for address in (f"/{name}", f"/files/{name}", f"/media/{name}", f"/static/{name}", f"/static/../files/{name}"):
        assert client.get(address).status_code == 404


@pytest.mark.duty("D1")
def test_the_same_content_is_stored_once_and_named_by_each(town: Town) -> None:
    first, second = kept(png(), "甲.png"), kept(png(), "乙.png", "entry:2026-O-0002")
    assert first.pk != second.pk
    assert (first.name, second.name) == ("甲.png", "乙.png")
    assert first.content.name == second.content.name
    assert on_disk() == [place(png())]
    kept(png(1))
    assert len(on_disk()) == 2


@pytest.mark.duty("D1")
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.pdf", b"", "file.empty"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "file.kind"),
        ("图.pdf", png(), "file.mismatch"),
        ("图.png", png()[:-8], "file.broken"),
        ("图.png", png() + b"PK\x03\x04" + b"\0" * 40, "file.polyglot"),
        ("大.png", png() + b"\0" * 2000, "file.too_large"),
    ],
)
def test_a_refused_file_leaves_nothing(town: Town, name: str, data: bytes, code: str) -> None:
    decision = store(name, io.BytesIO(data), OWNER, Limits(max_bytes=1000))
    assert (decision.value, decision.ok) == (None, False)
    assert decision.refusals[0].code == code
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)


class Full(io.BytesIO):
    """A stream whose second reading from the start ends as a full disk would end a writing."""

    starts = 0

    def seek(self, position: int, whence: int = 0) -> int:
        self.starts += position == 0 == whence
        return super().seek(position, whence)

    def read(self, size: int | None = -1) -> bytes:
        if self.starts > self.most:
            raise OSError(28, "No space left on device")
        return super().read(min(size or 100, 100) if size and size > 0 else size)

    most = 0


def filling(data: bytes) -> BinaryIO:
    """A stream that can be inspected and then breaks off while it is being written."""
    probe = Full(data)
    probe.most = 1_000
    assert store("探.png", probe, OWNER).ok
    inspected = probe.starts
    StoredFile.objects.all().delete()
    place(data).unlink()
    stream = Full(data)
    stream.most = inspected - 1
    return stream


@pytest.mark.duty("D1")
def test_a_writing_that_breaks_off_leaves_nothing(town: Town) -> None:
    data = png()
    with pytest.raises(OSError, match="No space"):
        store("证书.png", filling(data), OWNER)
    assert (on_disk(), StoredFile.objects.count()) == ([], 0)
    assert kept(data).sha256 == hashlib.sha256(data).hexdigest()
    assert integrity_faults() == []


@pytest.mark.duty("D1")
def test_what_a_killed_process_left_half_written_is_written_anew(town: Town) -> None:
    data = png()
    place(data).parent.mkdir(parents=True)
    place(data).write_bytes(data[:20])
    row = kept(data)
    assert place(data).read_bytes() == data
    assert on_disk() == [place(data)]
    assert integrity_faults() == []
    assert row.size == len(data)


@pytest.mark.duty("D1")
def test_object_storage_has_no_paths_and_serves_as_well(town: Town, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    first, second = kept(png(), "甲.png"), kept(png(), "乙.png")
    assert first.content.name == second.content.name == f"{first.sha256[:2]}/{first.sha256}"
    with default_storage.open(str(first.content.name)) as stream:
        assert stream.read() == png()
    assert integrity_faults() == []
    assert on_disk() == []
    default_storage.delete(str(first.content.name))
    default_storage.save(str(first.content.name), io.BytesIO(png()[:20]))
    kept(png())
    assert integrity_faults() == []


@pytest.mark.duty("D1")
def test_many_at_once_with_the_same_file(real_town: Town) -> None:
    data = png()
    answers = at_once(8, lambda n: kept(data, f"{n}.png"))
    assert [type(a) for a in answers] == [StoredFile] * 8, answers
    assert {a.sha256 for a in answers} == {hashlib.sha256(data).hexdigest()}
    assert integrity_faults() == []


@pytest.fixture
def three(town: Town) -> list[StoredFile]:
    """Three stored files, all whole."""
    rows = [kept(png(n), f"证书{n}.png", f"entry:2026-O-000{n}") for n in range(3)]
    assert integrity_faults() == []
    return rows


@pytest.mark.duty("L3")
def test_a_changed_byte_is_found(three: list[StoredFile]) -> None:
    data = bytearray(png(1))
    data[20] ^= 1
    place(png(1)).write_bytes(data)
    assert integrity_faults() == ["entry:2026-O-0001 的文件“证书1.png”内容与上传时不符"]


@pytest.mark.duty("L3")
def test_a_lost_file_is_found(three: list[StoredFile]) -> None:
    place(png(2)).unlink()
    assert integrity_faults() == ["entry:2026-O-0002 的文件“证书2.png”已丢失"]
    place(png(2)).mkdir()
    assert integrity_faults() == ["entry:2026-O-0002 的文件“证书2.png”无法读取"]


@pytest.mark.duty("L3")
def test_an_exchanged_row_is_found(three: list[StoredFile]) -> None:
    StoredFile.objects.filter(pk=three[0].pk).update(sha256="0" * 64)
    StoredFile.objects.filter(pk=three[1].pk).update(content=three[2].content.name)
    assert sorted(integrity_faults()) == [
        "entry:2026-O-0000 的文件“证书0.png”内容与上传时不符",
        "entry:2026-O-0001 的文件“证书1.png”内容与上传时不符",
    ]


@pytest.mark.duty("L3")
def test_a_path_out_of_the_storage_is_a_fault_and_is_not_opened(three: list[StoredFile], tmp_path: Path) -> None:
    outside = tmp_path / "canary"
    outside.write_bytes(png(0))
    for path in ("../canary", str(outside)):
        StoredFile.objects.filter(pk=three[0].pk).update(content=path)
        assert integrity_faults() == ["entry:2026-O-0000 的文件“证书0.png”无法读取"]


# ------------------------------------------------------------------ letters

LETTER = Letterhead("某市质量强市领导小组办公室", "某质强办〔2026〕3号", TODAY, "同意")
SPEAKERS = frozenset({Role.COORDINATION})
SCAN = StoredFile(name="来文.pdf")


@pytest.mark.duty("L1")
@pytest.mark.parametrize(
    ("role", "changes", "text"),
    [
        (Role.COORDINATION, None, ""),
        (Role.OFFICE, {}, "请上传来文扫描件（《细则》四）"),
        (Role.OFFICE, {"scan": SCAN}, ""),
        (Role.COORDINATION, {}, ""),
        (Role.OFFICE, None, "代为记录外部单位意见时，须填写来文单位、文号、成文日期并附扫描件（《细则》四）"),
        (Role.OFFICE, {"issuer": " ", "scan": SCAN}, "请填写来文单位（《细则》四）"),
        (Role.OFFICE, {"number": "", "issuer": "", "scan": SCAN}, "请填写来文单位（《细则》四）；请填写文号（《细则》四）"),
        (Role.OFFICE, {"dated": date(2026, 3, 3), "scan": SCAN}, "成文日期 2026-03-03 晚于今日，请核对（《细则》四）"),
        (Role.OFFICE, {"issuer": "位" * 121, "scan": SCAN}, "来文单位请控制在 120 字以内（《细则》四）"),
        (Role.OFFICE, {"number": "号" * 81, "scan": SCAN}, "文号请控制在 80 字以内（《细则》四）"),
    ],
)
def test_whose_word_counts(role: Role, changes: dict[str, Any] | None, text: str) -> None:
    letter = None if changes is None else Letterhead(**{**vars(LETTER), **changes})
    decision = letters.spoken(role, SPEAKERS, letter, TODAY)
    assert (decision.ok, decision.text()) == (not text, text)


@pytest.mark.duty("L1")
def test_a_letter_is_kept_with_its_scan(town: Town) -> None:
    scan = kept(png())
    letter = Letterhead(**{**vars(LETTER), "scan": scan})
    row = letters.keep(letter, "2026", "call.approve_plan")
    assert row == Letter.objects.get()
    assert row is not None
    assert (row.issuer, row.number, row.dated, row.scan, row.purpose) == (LETTER.issuer, LETTER.number, TODAY, scan, "call.approve_plan")
    assert letters.particulars(letter) == {"issuer": LETTER.issuer, "number": LETTER.number, "dated": "2026-03-02", "scan": scan.sha256}
    assert letters.keep(None, "2026", "call.approve_plan") is None
    assert letters.particulars(None) == {}


def test_what_is_kept_apart_shares_no_bytes_and_can_be_forgotten(town: Town) -> None:
    shared = kept(png())
    rows = [store("证书.png", io.BytesIO(png()), f"draft-{n}", apart=True).value for n in range(3)]
    assert len(on_disk()) == 4
    assert all(row is not None and row.sha256 == shared.sha256 for row in rows)
    assert integrity_faults() == []
    with clock.travel(NOW + timedelta(days=1)):
        later = store("证书.png", io.BytesIO(png()), "draft-3", apart=True).value
    assert forget("draft-", NOW) == 0
    assert forget("draft-", NOW + timedelta(days=1), most=2) == 2
    assert forget("draft-", NOW + timedelta(days=1)) == 1
    assert set(StoredFile.objects.all()) == {shared, later}
    assert len(on_disk()) == 2
    assert integrity_faults() == []


def test_what_is_not_apart_is_never_forgotten(town: Town) -> None:
    row = kept(png(), owner="draft-0")
    assert forget("draft-", NOW + timedelta(days=9)) == 0
    assert forget("", NOW + timedelta(days=9)) == 0
    assert StoredFile.objects.get() == row
