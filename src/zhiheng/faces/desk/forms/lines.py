"""Fields of an expert's profile that hold several things, typed one a line, and their text again for a form that is opened anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.fields import DayField, LinesField
from zhiheng.stages.panel import profile

_CODE = re.compile(r"[0-9A-Za-z]{18}")
_COMMA = re.compile(r"[，,]")
_PART = re.compile(r"[、，,；;\s]+")


def _parts(line: str) -> list[str]:
    return [part.strip() for part in _COMMA.split(line)]


def _wrong(line: str, like: str) -> ValidationError:
    return ValidationError(_("“%(line)s”的格式有误，请按“%(like)s”填写") % {"line": line[:40], "like": like})


def _day(text: str, line: str, like: str) -> str | None:
    try:
        return DayField().clean(text).isoformat() if text else None
    except ValidationError:
        raise _wrong(line, like) from None


class TiesField(LinesField):
    """Former employers or clients, one a line: name, perhaps the credit code, and after a comma the day it ended (none: still)."""

    like = "单位名称，2024-06-30"

    def lines(self, typed: list[str]) -> list[Any]:
        """[{employer, until, code?}] as the library keeps it."""
        found = []
        for line in typed:
            name, *rest = _parts(line)
            codes = [part.upper() for part in rest if _CODE.fullmatch(part)]
            days = [part for part in rest if part and not _CODE.fullmatch(part)]
            if not name or len(codes) > 1 or len(days) > 1:
                raise _wrong(line, self.like)
            row = {"employer": name, "until": _day(days[0], line, self.like) if days else None}
            found.append(row | ({"code": codes[0]} if codes else {}))
        return found

    @staticmethod
    def typed(rows: Iterable[Mapping[str, Any]]) -> str:
        """The lines that `lines` reads."""
        return "\n".join("，".join(filter(None, (r["employer"], r.get("code"), r.get("until")))) for r in rows)


class QualificationsField(LinesField):
    """Qualifications, one a line: kind, certificate number, day of issue, last day."""

    like = "卓越绩效评审员，HB2023-0187，2023-05-01，2028-04-30"

    def lines(self, typed: list[str]) -> list[Any]:
        """[{kind, number, issued, until}] as the library keeps it."""
        kinds = {title: kind for kind, title in profile.QUALIFICATIONS.items()}
        found = []
        for line in typed:
            name, number, issued, until, *more = [*_parts(line), "", "", ""]
            if name not in kinds or any(more):
                raise _wrong(line, self.like)
            row = {"kind": kinds[name], "number": number, "issued": _day(issued, line, self.like), "until": _day(until, line, self.like)}
            found.append(row)
        return found

    @staticmethod
    def typed(rows: Iterable[Mapping[str, Any]]) -> str:
        """The lines that `lines` reads."""
        made = ((profile.QUALIFICATIONS[r["kind"]], r.get("number") or "", r.get("issued") or "", r.get("until") or "") for r in rows)
        return "\n".join("，".join(parts).rstrip("，") for parts in made)


class TrainingField(LinesField):
    """Courses, one a line: name, and after a comma the day."""

    like = "评审员继续教育，2025-03-20"

    def lines(self, typed: list[str]) -> list[Any]:
        """[{course, on}] as the library keeps it."""
        found = []
        for line in typed:
            course, on, *more = [*_parts(line), ""]
            if not course or any(more):
                raise _wrong(line, self.like)
            found.append({"course": course, "on": _day(on, line, self.like)})
        return found

    @staticmethod
    def typed(rows: Iterable[Mapping[str, Any]]) -> str:
        """The lines that `lines` reads."""
        return "\n".join("，".join(filter(None, (r["course"], r.get("on")))) for r in rows)


class PeriodsField(LinesField):
    """Periods, one a line: first day, last day, and perhaps a note."""

    like = "2026-03-02，2026-03-08，出国"

    def lines(self, typed: list[str]) -> list[Any]:
        """[(first, last, note)]."""
        found = []
        for line in typed:
            first, last, note, *more = [*_parts(line), "", ""]
            days = [_day(text, line, self.like) for text in (first, last or first)]
            if not all(days) or any(more):
                raise _wrong(line, self.like)
            found.append((date.fromisoformat(str(days[0])), date.fromisoformat(str(days[1])), note))
        return found


class PartsField(forms.CharField):
    """Several short texts on one line: 英语、日语."""

    def clean(self, value: Any) -> list[str]:
        """The texts, each once."""
        return [part for part in dict.fromkeys(_PART.split(str(super().clean(value)))) if part]
