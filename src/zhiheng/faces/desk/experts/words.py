"""An expert's profile in words, field by field, as pages and recaps show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.faces.shared.official import day
from zhiheng.foundation import industries
from zhiheng.rules.pack import Pack
from zhiheng.stages.panel import profile


@dataclass(frozen=True, slots=True)
class Book:
    """The titles that the newest pack gives to what a profile names by code. categories, criteria: code → title."""

    categories: dict[str, str]
    criteria: dict[str, str]
    cities: tuple[str, ...] = ()

    def text(self, name: str, value: Any) -> str:
        """A field's value in words; lists one a line where their items are long."""
        if value is None or value in ("", []):
            return ""
        if name in ("industries", "main_industries"):
            return "、".join(division(code) for code in value)
        if name in ("categories", "criteria"):
            titles = self.categories if name == "categories" else self.criteria
            return "、".join([named for code, named in titles.items() if code in value] + [code for code in value if code not in titles])
        if name in _ROWS:
            return "\n".join(_ROWS[name](row) for row in value)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, date):
            return day(value)
        if isinstance(value, list):
            return "、".join(value)
        return _(profile.KINDS[value]) if name == "kind" and value in profile.KINDS else str(value)

    def rows(self, values: Mapping[str, Any], names: Iterable[str]) -> list[tuple[str, str]]:
        """Title and text of these fields, as far as they hold anything."""
        return [(title(name), text) for name in names if (text := self.text(name, values[name]))]

    def compared(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Title, text before and text after of each field that changes."""
        return [(title(name), self.text(name, before.get(name)), self.text(name, after[name])) for name in profile.FIELDS if name in after]


def book(pack: Pack | None) -> Book:
    """The titles of a pack; without one there are none."""
    if pack is None:
        return Book({}, {})
    categories = {c.code: c.title for award in pack.awards for c in award.categories}
    judged = {c.criteria: c.title for award in pack.awards for c in award.categories}
    schemes = [scheme for scheme in pack.criteria.schemes if scheme.code in judged]
    criteria = {f"{s.code}:{section.code}": f"{judged[s.code]} · {section.title}" for s in schemes for section in s.sections}
    return Book(categories, criteria, tuple(r.city for r in pack.recommenders))


def title(name: str) -> str:
    """A field's title in the page's language."""
    return _(profile.TITLES[name])


def division(code: str) -> str:
    """A division with its code: 26 化学原料和化学制品制造业."""
    return f"{code} {industries.divisions().get(code, '')}".strip()


def _tie(row: Mapping[str, Any]) -> str:
    code = f"（{row['code']}）" if row.get("code") else ""
    until = day(date.fromisoformat(row["until"])) if row.get("until") else ""
    return f"{row['employer']}{code}，{_('至%(day)s') % {'day': until} if until else _('至今')}"


def _qualification(row: Mapping[str, Any]) -> str:
    parts = [_(profile.QUALIFICATIONS.get(row["kind"], row["kind"])), row.get("number") or ""]
    if row.get("issued"):
        parts.append(_("%(day)s发证") % {"day": day(date.fromisoformat(row["issued"]))})
    if row.get("until"):
        parts.append(_("有效期至%(day)s") % {"day": day(date.fromisoformat(row["until"]))})
    return _("，").join(part for part in parts if part)


def _training(row: Mapping[str, Any]) -> str:
    return f"{row['course']}{_('，')}{day(date.fromisoformat(row['on']))}" if row.get("on") else str(row["course"])


_ROWS = {"employers": _tie, "consulted": _tie, "qualifications": _qualification, "training": _training}
