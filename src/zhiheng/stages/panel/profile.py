"""An expert's profile as it is typed in: what is in it, what is wrong with it, what of it the draw rests on (F1, Q18, Q36)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from stdnum.cn import uscc

from zhiheng.foundation import industries
from zhiheng.stages.panel.models import Expert

Values = dict[str, Any]

KINDS = dict(Expert._meta.get_field("kind").flatchoices)
QUALIFICATIONS = {"assessor": "卓越绩效评审员", "lead": "卓越绩效评审组长", "auditor": "管理体系审核员", "other": "其他"}
#: What the draw and recusal rest on: an expert's own change of it waits for the office.
GATED = (
    "kind", "employer", "credit_code", "group_code", "employers", "consulted", "industries", "main_industries", "categories", "criteria",
    "qualifications", "leader", "city",
)  # fmt: skip
#: What an expert changes at once.
FREE = ("title", "training", "languages", "max_load")
#: What the office alone sets.
TERM = ("term_from", "term_until")
FIELDS = (*GATED, *FREE, *TERM)
TITLES: dict[str, str] = {name: str(Expert._meta.get_field(name).verbose_name) for name in FIELDS}  # type: ignore[union-attr]

MOST = {"title": 60, "employer": 120, "city": 40}
MOST_ROWS = 100  # of a list; GB/T 4754 has 97 divisions
NEEDED = "请填写专家的工作单位、熟悉行业和可评类别"
TIES = "请填写单位名称、离任日期（年-月-日，在任的留空）和不少于 1 组的工作量上限"


def cleaned(given: Mapping[str, Any]) -> tuple[Values, str]:
    """Some fields of a profile as they are kept, and what is wrong with them, in Chinese; nothing may be used when something is wrong.

    KeyError for a field that a profile does not have.
    """
    values = {name: _CLEAN[name](value) for name, value in given.items()}
    return values, next((wrong for wrong in (check(values) for check in _CHECKS) if wrong), "")


def held(expert: Expert, names: Sequence[str] = FIELDS) -> Values:
    """These fields of an expert as they stand."""
    return {name: getattr(expert, name) for name in names}


def changes(expert: Expert, values: Mapping[str, Any]) -> Values:
    """Of these values those that differ from what stands."""
    return {name: value for name, value in values.items() if getattr(expert, name) != value}


def put(expert: Expert, values: Mapping[str, Any]) -> None:
    """Save these fields."""
    for name, value in values.items():
        setattr(expert, name, value)
    expert.save(update_fields=list(values))


def reach_at(expert: Expert, contact: str | None) -> list[str]:
    """Save how the expert is reached, when that is given and new; ["contact"] then, else nothing."""
    text = (contact or "").strip()[:120]
    if contact is None or text == expert.person.contact:
        return []
    expert.person.contact = text
    expert.person.save(update_fields=["contact"])
    return ["contact"]


def _text(value: Any) -> str:
    return " ".join(str(value or "").split())


def _code(value: Any) -> str:
    return uscc.compact(str(value or "")).upper()


def _texts(value: Any) -> list[str]:
    return [text for text in dict.fromkeys(map(_text, value or ())) if text]


def _sorted(value: Any) -> list[str]:
    return sorted(set(_texts(value)))


def _rows(value: Any) -> list[Any]:
    return [dict(row) if isinstance(row, Mapping) else row for row in value or ()]


_CLEAN: dict[str, Callable[[Any], Any]] = {
    "kind": str, "title": _text, "employer": _text, "city": _text, "credit_code": _code, "group_code": _code,
    "employers": _rows, "consulted": _rows, "qualifications": _rows, "training": _rows,
    "industries": _sorted, "main_industries": _sorted, "categories": _sorted, "criteria": _sorted, "languages": _texts,
    "leader": bool, "max_load": int, "term_from": lambda day: day or None, "term_until": lambda day: day or None,
}  # fmt: skip


def _needed(values: Values) -> str:
    return NEEDED if not all(values.get(name, True) for name in ("employer", "industries", "categories")) else ""


def _ties(values: Values) -> str:
    sound = all(_tie(row) for name in ("employers", "consulted") for row in values.get(name, ()))
    return "" if sound and values.get("max_load", 1) >= 1 else TIES


def _tie(row: Any) -> bool:
    """Whether a former employer or client is named, with a date that is one or none: recusal counts years from it (Q18)."""
    return isinstance(row, dict) and bool(_text(row.get("employer"))) and _day(row.get("until")) and _valid(_code(row.get("code")))


def _codes(values: Values) -> str:
    wrong = [TITLES[name] for name in ("credit_code", "group_code") if not _valid(values.get(name, ""))]
    return f"{wrong[0]}有误，应为18位统一社会信用代码，请核对" if wrong else ""


def _fields(values: Values) -> str:
    if strange := [code for code in values.get("industries", ()) if code not in industries.divisions()]:
        return f"“{strange[0]}”不是《国民经济行业分类》的大类代码"
    main = set(values.get("main_industries", ()))
    if "industries" in values and not main <= set(values["industries"]):
        return "主攻行业须在熟悉行业之内"
    return "" if values.get("kind", "assessor") in KINDS else "请选择专家类型"


def _papers(values: Values) -> str:
    for row in values.get("qualifications", ()):
        ends = isinstance(row, dict) and (not row.get("issued") or not row.get("until") or row["issued"] <= row["until"])
        if not ends or row.get("kind") not in QUALIFICATIONS or not _day(row.get("issued")) or not _day(row.get("until")):
            return "评审资格须写明类别，发证日期不晚于有效期，日期按“2024-05-01”的格式填写"
    if not all(isinstance(row, dict) and _text(row.get("course")) and _day(row.get("on")) for row in values.get("training", ())):
        return "培训经历须写明培训名称，日期按“2024-05-01”的格式填写"
    return ""


def _size(values: Values) -> str:
    for name, value in values.items():
        most = MOST.get(name)
        if most and len(value) > most:
            return f"{TITLES[name]}请控制在 {most} 字以内"
        if isinstance(value, list) and (
            len(value) > max(MOST_ROWS, 100 if name == "industries" else 0) or any(_long(one) for one in value)
        ):
            return f"{TITLES[name]}内容过多，请精简"
    first, last = values.get("term_from"), values.get("term_until")
    return "聘期止不应早于聘期起" if first and last and last < first else ""


def _long(one: Any) -> bool:
    return any(len(str(text or "")) > 120 for text in (one.values() if isinstance(one, dict) else (one,)))


def _day(value: Any) -> bool:
    try:
        return not value or bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _valid(code: str) -> bool:
    return not code or uscc.is_valid(code)


_CHECKS = (_needed, _ties, _codes, _fields, _papers, _size)
