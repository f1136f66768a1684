"""Loading rule packs from their directories, strictly: all faults at once, each with file, line and reason (A1).

A pack is a directory: `pack.yaml` (who and when), one file for each part, `criteria/*.yaml` (lists of schemes), `text.md` (the regulation
word for word). `README.md` and `cases/` may lie beside them and are no part of the pack.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zhiheng.foundation.packs.calendar_files import load_calendars
from zhiheng.foundation.packs.messages import chinese, essential
from zhiheng.foundation.packs.reading import Fault, PackError, Place, Source, inside, read_text, read_yaml
from zhiheng.rules.pack import Pack
from zhiheng.rules.pack_checks import faults as cross_faults

__all__ = ["Fault", "PackError", "check_pack", "describe", "load_calendars", "load_pack"]

#: The keys of pack.yaml; all else of a pack has a file of its own.
HEAD = ("id", "version", "title", "law", "effective", "region", "award_name", "duty_articles")
#: File → where its content belongs, and its kind. Files named in REQUIRED must be there.
PARTS: dict[str, tuple[Place, type]] = {
    "pack.yaml": ((), dict),
    "parameters.yaml": (("parameters",), dict),
    "awards.yaml": (("awards",), list),
    "guides.yaml": (("criteria", "guides"), list),
    "concepts.yaml": (("criteria",), dict),
    "stages.yaml": (("stages",), list),
    "roles.yaml": (("roles",), list),
    "recommenders.yaml": (("recommenders",), list),
    "checks.yaml": (("checks",), list),
    "steps.yaml": (("steps",), list),
    "documents.yaml": (("documents",), list),
    "messages.yaml": (("messages",), list),
    "questions.yaml": (("questions",), list),
}
REQUIRED = ("pack.yaml", "parameters.yaml", "awards.yaml", "stages.yaml", "roles.yaml", "recommenders.yaml", "text.md")
BOOK = ("concepts", "definitions", "requirements", "notes")
SCHEMES: Place = ("criteria", "schemes")


def load_pack(directory: Path) -> Pack:
    """The pack in `directory`. Raises PackError with every fault found."""
    loading = _Loading(directory)
    pack = loading.pack()
    if pack is None or loading.faults:
        raise PackError(loading.faults)
    return pack


def check_pack(directory: Path) -> list[Fault]:
    """Every fault of the pack in `directory`, by file and line; empty when it is right."""
    try:
        load_pack(directory)
    except PackError as error:
        return error.faults
    return []


class _Loading:
    """One reading of a directory: the parts put together, and where each of them stands."""

    def __init__(self, directory: Path) -> None:
        files, self.faults = inside(directory)
        self.data: dict[str, Any] = {"criteria": {"schemes": []}}
        self.where: dict[Place, tuple[str, int]] = {(): ("pack.yaml", 1), ("criteria",): ("criteria/", 1)}
        self.absent: set[Place] = set()
        if files or not self.faults:
            self._take(files)

    def _take(self, files: dict[str, Path]) -> None:
        schemes = [name for name in files if name.startswith("criteria/") and name.endswith(".yaml") and name.count("/") == 1]
        known = {*PARTS, "text.md", "README.md", *schemes}
        self.faults += [Fault(name, 1, "未知的文件") for name in files if name not in known and not name.startswith("cases/")]
        self.faults += [Fault(name, 1, "缺少文件") for name in REQUIRED if name not in files]
        for name, (target, kind) in PARTS.items():
            if name in files:
                self._part(read_yaml(files[name], name), target, kind)
            else:
                self.absent.add(target)
        if "text.md" in files:
            self._part(read_text(files["text.md"], "text.md"), ("text",), str)
        else:
            self.absent.add(("text",))
        if not schemes:
            self.faults.append(Fault("criteria/", 1, "缺少文件"))
        for name in schemes:
            self._schemes(read_yaml(files[name], name))

    def _part(self, source: Source, target: Place, kind: type) -> None:
        """Put one file's content in its place."""
        if not self._usable(source, kind):
            self.absent.add(target)
            return
        content = source.data
        allowed = HEAD if not target else BOOK if target == ("criteria",) else None
        if allowed is not None:
            for key in [key for key in content if key not in allowed]:
                self.faults.append(Fault(source.file, source.lines[key,], f"未知的键“{key}”"))
                del content[key]
        self._mark(source, target)
        if not target:
            self.data.update(content)
        elif target == ("criteria",):
            self.data["criteria"].update(content)
        elif len(target) == 2:
            self.data["criteria"][target[1]] = content
        else:
            self.data[str(target[0])] = content

    def _schemes(self, source: Source) -> None:
        """Add one file of schemes to those before it."""
        if not self._usable(source, list):
            self.absent.add(SCHEMES)
            return
        held = self.data["criteria"]["schemes"]
        for path, line in source.lines.items():
            if path and isinstance(path[0], int):
                self.where[*SCHEMES, len(held) + path[0], *path[1:]] = (source.file, line)
        held.extend(source.data)

    def _usable(self, source: Source, kind: type) -> bool:
        """Whether the content is of the kind wanted; faults are kept either way."""
        self.faults += source.faults
        if source.data is None and source.faults:
            return False
        if isinstance(source.data, kind):
            return True
        self.faults.append(Fault(source.file, source.lines[()], "应为列表" if kind is list else "应为键值对"))
        return False

    def _mark(self, source: Source, target: Place) -> None:
        for path, line in source.lines.items():
            if path or target not in self.where:
                self.where[*target, *path] = (source.file, line)

    def locate(self, path: Place) -> tuple[str, int]:
        """File and line of the longest known part of `path`."""
        while path not in self.where:
            path = path[:-1]
        return self.where[path]

    def pack(self) -> Pack | None:
        """The pack, or None with the reasons in `faults`; cross-checks run as soon as the parts are right."""
        if self.faults and not self.data.keys() - {"criteria"}:
            return None
        try:
            pack = Pack.model_validate(self.data)
        except ValidationError as error:
            found = [(tuple(part["loc"]), chinese(part)) for part in essential(error.errors(include_url=False))]
        else:
            self._add(cross_faults(pack))
            return pack
        self._add([(path, message) for path, message in found if not self._is_absent(path)])
        return None

    def _is_absent(self, path: Place) -> bool:
        """Whether the model misses what a missing or unreadable file should have held: said once already."""
        if () in self.absent and len(path) == 1 and path[0] in HEAD:
            return True
        return path in self.absent

    def _add(self, found: list[tuple[Place, str]]) -> None:
        """Add faults by place; a line that already has one is not blamed twice for the same cause."""
        taken = {(fault.file, fault.line) for fault in self.faults}
        for path, message in found:
            file, line = self.locate(path)
            if (file, line) not in taken:
                self.faults.append(Fault(file, line, message))


def describe(pack: Pack) -> dict[str, Any]:
    """What a pack holds, in numbers, for `pack check` and for people."""
    book = pack.criteria
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "law": pack.law.title,
        "effective": pack.effective.isoformat(),
        "digest": pack.digest,
        "awards": [
            {
                "code": award.code,
                "title": award.title,
                "categories": len(award.categories),
                "conditions": len(award.conditions),
                "full_mark": str(award.full_mark),
                "material_threshold": str(award.material_threshold.value),
                "final_threshold": str(award.final_threshold.value),
                "quota": award.quota.value,
            }
            for award in pack.awards
        ],
        "criteria": [
            {
                "code": scheme.code,
                "sections": len(scheme.sections),
                "items": len(scheme.items),
                "clauses": sum(len(item.clauses) for item in scheme.items),
                "details": sum(len(clause.details) for item in scheme.items for clause in item.clauses),
                "points": str(sum((item.points for item in scheme.items), start=scheme.full_mark * 0)),
            }
            for scheme in book.schemes
        ],
        "guides": len(book.guides),
        "bands": sum(len(guide.bands) for guide in book.guides),
        "concepts": len(book.concepts),
        "definitions": len(book.definitions),
        "requirements": len(book.requirements),
        "parameters": len(type(pack.parameters).model_fields),
        "stages": len(pack.stages),
        "roles": len(pack.roles),
        "recommenders": len(pack.recommenders),
        "checks": len(pack.checks),
        "steps": len(pack.steps),
        "documents": len(pack.documents),
        "messages": len(pack.messages),
        "questions": len(pack.questions),
        "text_characters": len(pack.text),
    }
