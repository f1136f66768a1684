"""What the model says of a wrong part, in Chinese for those who write packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PLAIN = {
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字，数字、日期须加引号",
    "string_too_short": "不能为空",
    "too_short": "至少应有一项",
    "date_type": "应为日期，例如 2022-08-08",
    "date_parsing": "应为日期，例如 2022-08-08",
    "date_from_datetime_parsing": "应为日期，例如 2022-08-08",
    "model_type": "应为键值对",
    "model_attributes_type": "应为键值对",
    "dict_type": "应为键值对",
    "mapping_type": "应为键值对",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
}
_CHOICES = frozenset({"literal_error", "enum"})


def chinese(error: Mapping[str, Any]) -> str:
    """One validation error as a Chinese sentence. error: an entry of pydantic's `errors()`."""
    kind = error["type"]
    name = next((part for part in reversed(error["loc"]) if isinstance(part, str) and "(" not in part and "[" not in part), "")
    if kind == "missing":
        return "缺少条款出处（article）" if name == "article" else f"缺少必填项“{name}”"
    if kind == "extra_forbidden":
        return f"未知的键“{name}”"
    if kind in _CHOICES:
        return f"“{name}”的值“{error['input']}”不在可选范围内，可选：{error['ctx']['expected'].replace(' or ', '、').replace(', ', '、')}"
    if kind == "string_pattern_mismatch":
        return f"“{name}”的值“{error['input']}”写法不对，应符合 {error['ctx']['pattern']}"
    if kind == "value_error":
        return f"“{name}”{error['ctx']['error']}"
    return f"“{name}”{_PLAIN.get(kind, '的值不符合要求')}"
