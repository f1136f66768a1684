"""Files that may not be read at all: missing, foreign, linked, huge, of another encoding, made to expand without end (T5, T8)."""

from pathlib import Path

import pytest

from zhiheng.foundation.packs.loader import Fault, PackError, check_pack, load_pack
from zhiheng.foundation.packs.reading import MAX_BYTES, MAX_FILES

REQUIRED = ["pack.yaml", "parameters.yaml", "awards.yaml", "stages.yaml", "roles.yaml", "recommenders.yaml", "text.md"]


@pytest.mark.duty("A1")
@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_named_once(small: Path, name: str) -> None:
    (small / name).unlink()
    assert check_pack(small) == [Fault(name, 1, "缺少文件")]


def test_missing_criteria(small: Path) -> None:
    (small / "criteria" / "benchmark.yaml").unlink()
    assert check_pack(small) == [Fault("criteria/", 1, "缺少文件")]


def test_three_missing_files_are_all_named(small: Path) -> None:
    for name in ("awards.yaml", "roles.yaml", "text.md"):
        (small / name).unlink()
    assert check_pack(small) == [Fault(name, 1, "缺少文件") for name in ("awards.yaml", "roles.yaml", "text.md")]


@pytest.mark.parametrize("name", ["checks.yaml", "documents.yaml", "messages.yaml"])
def test_a_part_that_may_be_absent(small: Path, name: str) -> None:
    (small / name).unlink()
    assert check_pack(small) == []
    assert getattr(load_pack(small), name[:-5]) == ()


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        load_pack(tmp_path / "nowhere")
    assert error.value.faults == [Fault("nowhere", 1, "目录不存在")]


def test_an_empty_directory_misses_everything(tmp_path: Path) -> None:
    assert {fault.file for fault in check_pack(tmp_path)} == {*REQUIRED, "criteria/"}


@pytest.mark.parametrize(
    "name", ["parameters.yml", "award.yaml", "criteria/more/deep.yaml", "criteria/notes.txt", ".hidden.yaml", "run.py"]
)
def test_a_file_that_no_pack_has(small: Path, name: str) -> None:
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_text("code: x\n", encoding="utf-8")
    assert check_pack(small) == [Fault(name, 1, "未知的文件")]


def test_notes_and_cases_may_lie_beside(small: Path) -> None:
    digest = load_pack(small).digest
    (small / "README.md").write_text("说明\n", encoding="utf-8")
    (small / "cases").mkdir()
    (small / "cases" / "totals.yaml").write_text("- {total: 1.5}\n", encoding="utf-8")
    assert load_pack(small).digest == digest


@pytest.mark.parametrize("name", ["roles.yaml", "text.md", "criteria/benchmark.yaml"])
def test_a_link_is_not_followed(small: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    (small / name).rename(outside)
    (small / name).symlink_to(outside)
    where = "criteria/" if name.startswith("criteria") else name
    assert check_pack(small) == sorted([Fault(name, 1, "不接受符号链接，文件须在规则包目录之内"), Fault(where, 1, "缺少文件")])


def test_a_linked_directory_is_not_followed(small: Path, tmp_path: Path) -> None:
    (small / "criteria").rename(tmp_path / "outside")
    (small / "criteria").symlink_to(tmp_path / "outside")
    assert check_pack(small) == [Fault("criteria", 1, "不接受符号链接，文件须在规则包目录之内"), Fault("criteria/", 1, "缺少文件")]


@pytest.mark.parametrize("name", ["text.md", "roles.yaml"])
def test_a_huge_file_is_not_read(small: Path, name: str) -> None:
    with (small / name).open("ab") as file:
        file.truncate(MAX_BYTES + 1)
    assert check_pack(small) == [Fault(name, 1, f"文件过大（{MAX_BYTES + 1}字节），上限为{MAX_BYTES}字节")]


def test_a_file_of_the_largest_size_is_read(small: Path) -> None:
    text = (small / "text.md").read_bytes()
    (small / "text.md").write_bytes(text + b"\n" * (MAX_BYTES - len(text)))
    assert check_pack(small) == []


def test_too_many_files(small: Path) -> None:
    (small / "cases").mkdir()
    for number in range(MAX_FILES):
        (small / "cases" / f"{number}.yaml").touch()
    assert check_pack(small) == [Fault("pack", 1, f"文件超过{MAX_FILES}个，不予读取")]


def test_an_alias_bomb_is_refused_at_its_first_anchor(small: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (small / "checks.yaml").write_text(bomb, encoding="utf-8")
    assert check_pack(small) == [Fault("checks.yaml", 1, "不允许使用锚点和别名")]


def test_a_merge_key_is_refused(small: Path) -> None:
    (small / "checks.yaml").write_text("- {code: a, <<: {title: 甲}, article: 第五条, stage: qualification}\n", encoding="utf-8")
    assert [fault.message for fault in check_pack(small)] == ["未知的键“<<”", "缺少必填项“title”"]


def test_deep_nesting_is_refused_without_exhausting_the_stack(small: Path) -> None:
    (small / "checks.yaml").write_text("[" * 50_000, encoding="utf-8")
    assert check_pack(small) == [Fault("checks.yaml", 1, "嵌套超过20层")]


def test_another_encoding_is_named_with_its_line(small: Path) -> None:
    text = (small / "roles.yaml").read_text(encoding="utf-8").split("\n")
    raw = "\n".join(text[:2]).encode() + b"\n" + "\n".join(text[2:]).encode("gb18030")
    (small / "roles.yaml").write_bytes(raw)
    assert check_pack(small) == [Fault("roles.yaml", 3, "不是 UTF-8 编码")]


@pytest.mark.parametrize(
    ("content", "message"), [("", "应为列表"), ("# nothing\n", "应为列表"), ("角色\n", "应为列表"), ("a: 1\n", "应为列表")]
)
def test_a_list_file_that_holds_no_list(small: Path, content: str, message: str) -> None:
    (small / "roles.yaml").write_text(content, encoding="utf-8")
    assert check_pack(small) == [Fault("roles.yaml", 1, message)]


def test_an_empty_list_where_one_is_needed(small: Path) -> None:
    (small / "roles.yaml").write_text("[]\n", encoding="utf-8")
    assert check_pack(small) == [Fault("roles.yaml", 1, "“roles”至少应有一项")]


def test_an_empty_regulation(small: Path) -> None:
    (small / "text.md").write_text("", encoding="utf-8")
    assert check_pack(small) == [Fault("text.md", 1, "“text”不能为空")]


def test_a_part_smuggled_into_another_file(small: Path) -> None:
    last = len((small / "pack.yaml").read_text(encoding="utf-8").splitlines()) + 1
    with (small / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("text: 另一部规则\n")
    (small / "concepts.yaml").write_text("schemes: []\n", encoding="utf-8")
    assert check_pack(small) == [Fault("concepts.yaml", 1, "未知的键“schemes”"), Fault("pack.yaml", last, "未知的键“text”")]


def test_a_second_scheme_in_a_second_file_is_counted_on(small: Path) -> None:
    text = (small / "criteria" / "benchmark.yaml").read_text(encoding="utf-8")
    (small / "criteria" / "second.yaml").write_text(text.replace("method: percentage", "method: none"), encoding="utf-8")
    assert check_pack(small) == [Fault("criteria/second.yaml", 4, "“method”的值“none”不在可选范围内，可选：percentage、points")]
    (small / "criteria" / "second.yaml").write_text(text, encoding="utf-8")
    assert check_pack(small) == [Fault("criteria/second.yaml", 1, "代码“benchmark”重复")]
    (small / "criteria" / "second.yaml").write_text(text.replace("- code: benchmark", "- code: second"), encoding="utf-8")
    assert [scheme.code for scheme in load_pack(small).criteria.schemes] == ["benchmark", "second"]
