"""The reader of a regulation's text."""

from zhiheng.faces.shared.markdown import Block, blocks, contents

TEXT = """# 细则

为了评审，制定本细则。

## 一、总则
### （一）依据
依据办法。
- 甲
- 乙

| 条款 | 分值 |
|---|---|
| 领导 | 110 |
| 合计 | |

## 二、附则
本细则自发布之日起施行。

# 附件
### 1 术语
<b>不是</b>标签
"""


def test_blocks_in_order() -> None:
    found = blocks(TEXT)
    assert [block.kind for block in found] == [
        "heading", "paragraph", "heading", "heading", "paragraph", "table", "heading", "paragraph", "heading", "heading", "paragraph",
    ]  # fmt: skip
    assert [block.anchor for block in found if block.kind == "heading"] == ["s1", "s1-1", "s1-1-1", "s1-2", "s2", "s2-1"]
    assert [block.level for block in found if block.kind == "heading"] == [1, 2, 3, 2, 1, 2]
    assert found[5].rows == (("条款", "分值"), ("领导", "110"), ("合计", ""))
    assert found[-1].text == "<b>不是</b>标签"


def test_list_needs_a_blank_line_before() -> None:
    assert blocks("- 甲\n- 乙") == (Block("list", ("甲", "乙")),)
    assert blocks("- 甲\n乙")[0].kind == "paragraph"


def test_contents_as_a_tree() -> None:
    first, second = contents(blocks(TEXT), 2)
    assert (first.text, [one.text for one in first.below]) == ("细则", ["一、总则", "二、附则"])
    assert [one.below for one in first.below] == [[], []]
    assert [one.anchor for one in second.below] == ["s2-1"]
    assert contents(blocks(TEXT), 3)[0].below[0].below[0].text == "（一）依据"
    assert contents((), 3) == ()


def test_what_looks_like_a_table_or_a_heading_but_is_none() -> None:
    assert blocks("甲 | 乙\n丙 | 丁")[0].kind == "paragraph"
    assert blocks("#没有空格")[0].kind == "paragraph"
    assert blocks("") == ()
