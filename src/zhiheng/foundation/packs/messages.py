"""What the model says of a wrong part, in Chinese for those who write packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    name = _name(error["loc"])
    if kind == "missing":
        return "缺少条款出处（article）" if name == "article" else f"缺少必填项“{name}”"
    if kind == "extra_forbidden":
        return f"未知的键“{name}”"
    if kind in _CHOICES:
        choices = error["ctx"]["expected"].replace(" or ", "、").replace(", ", "、").replace("'", "")
        return f"“{name}”的值“{error['input']}”不在可选范围内，可选：{choices}"
    if kind == "string_pattern_mismatch":
        return f"“{name}”的值“{error['input']}”写法不对，应符合 {error['ctx']['pattern']}"
    if kind == "value_error":
        return f"“{name}”{error['ctx']['error']}"
    return f"“{name}”{_PLAIN.get(kind, '的值不符合要求')}"


def essential(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The errors without those that only repeat others: a list counts as too short when its one part is wrong, and a value that may
    also be absent is blamed for not being absent."""
    places = [tuple(error["loc"]) for error in errors]

    def repeats(error: Mapping[str, Any]) -> bool:
        place = tuple(error["loc"])
        below = any(other != place and other[: len(place)] == place for other in places)
        return error["type"] == "none_required" or (error["type"] == "too_short" and below)

    return [error for error in errors if not repeats(error)]


def _name(place: Sequence[str | int]) -> str:
    """The key that a person would look for; pydantic's own marks of unions and functions are left out."""
    keys = [part for part in place if isinstance(part, str) and "(" not in part and "[" not in part]
    return ".".join(keys[-2:] if keys[-1:] == ["value"] else keys[-1:])
