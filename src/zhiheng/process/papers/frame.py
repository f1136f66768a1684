"""What all documents of a cycle share: the pack's template filled in, its author, and how entries are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiheng.foundation import industries
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.documents.sheet import Table, workbook
from zhiheng.foundation.documents.word import Paper, Properties
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.compose import division
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Award, Pack
from zhiheng.stages.application.models import Entry

BLANK = "＿＿＿＿"
#: A cell to be signed by hand: eight characters wide, two lines high.
TO_SIGN = "　" * 8 + "\n"
Block = Callable[[Paper], None]


@dataclass(frozen=True, slots=True)
class File:
    """A document: its name in the folder, and its bytes."""

    name: str
    data: bytes


class Words(dict[str, str]):
    """The words of a template; one that nobody knows is left as a line to fill in by hand."""

    def __missing__(self, key: str) -> str:
        return BLANK


@dataclass(frozen=True)
class Frame:
    """A cycle with the rules that govern it."""

    cycle: Cycle
    pack: Pack

    @property
    def year(self) -> str:
        """The cycle as titles name it: 2026年度."""
        return f"{self.cycle.year}年度"

    @property
    def office(self) -> str:
        """The office's official name under the pack."""
        return self.role(Role.OFFICE)

    def role(self, role: Role) -> str:
        """A role's official name; its code where the pack has none."""
        return next((title.title for title in self.pack.roles if title.code == role), role.value)

    def properties(self, title: str, created: datetime) -> Properties:
        """The file's own particulars; `created` is the moment of the record, so that the same record gives the same bytes."""
        return Properties(title, self.office, created)

    def words(self, created: datetime, **more: object) -> Words:
        """The words that every template may use, and more; dates in official Chinese."""
        known: dict[str, object] = {
            "cycle": self.year,
            "date": created.astimezone(SHANGHAI).date(),
            "law": self.pack.law.title,
            "sender": self.office,
            "days": self.pack.parameters.publicity_days.value,
        }
        known |= {key: value for key, value in more.items() if value not in (None, "")}
        return Words({key: chinese_date(value) if isinstance(value, date) else str(value) for key, value in known.items()})

    def written(self, kind: str, title: str, created: datetime, blocks: Mapping[str, Block], words: Mapping[str, object]) -> bytes:
        """A document from the pack's template of this kind: `{list}` and other blocks stand where the template has them.

        title: for a pack that has no such template; its document then holds the blocks alone.
        """
        known = self.words(created, **words)
        template = next((document for document in self.pack.documents if document.kind == kind), None)
        body = template.body if template else "\n".join(f"{{{name}}}" for name in blocks)
        heading = template.title.format_map(known) if template else title
        paper = Paper(self.properties(heading, created))
        paper.title(heading)
        part: list[str] = []
        for line in body.split("\n"):
            block = blocks.get(line.strip().removeprefix("{").removesuffix("}")) if line.strip().startswith("{") else None
            if block is None:
                part.append(line.format_map(known))
                continue
            paper.text("\n".join(part))
            part = []
            block(paper)
        paper.letter("\n".join(part))
        return paper.to_bytes()

    def sheets(self, title: str, created: datetime, tables: Sequence[Table]) -> bytes:
        """A workbook of tables."""
        return workbook(tables, self.properties(title, created))


def frame(cycle: Cycle) -> Frame:
    """The frame of a cycle."""
    return Frame(cycle, rules_of(cycle))


def industry_title(code: str) -> str:
    """An industry such as C26 by the title of its division; as it is where the standard has none."""
    try:
        return industries.title_of(division(code))
    except KeyError:
        return code


def of_award(entries: Iterable[Entry], award: Award) -> list[Entry]:
    """The entries of one award, in their order."""
    return [entry for entry in entries if entry.award == award.code]


def counts(entries: Sequence[Entry], pack: Pack) -> str:
    """How many of each award: 组织8家、个人5名."""
    parts = []
    for award in pack.awards:
        number = len(of_award(entries, award))
        if number:
            parts.append(f"组织{number}家" if award.applicant == "organization" else f"个人{number}名")
    return "、".join(parts) or "0项"


def thresholds(pack: Pack) -> dict[str, str]:
    """The words of templates that name quotas."""
    return {"quotas": "、".join(f"{award.title}不超过{award.quota.value}{award.quota.unit}" for award in pack.awards)}
