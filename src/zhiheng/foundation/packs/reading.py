"""Reading the YAML and text files of a pack strictly: every fault is collected and names its file and line.

Only what a pack needs is let through: mappings, lists, texts, whole numbers, yes/no, dates. Anchors, tags and further documents are
refused (they make a short file expand without end, or mean more than the reader sees), so is whatever is too large or leads out of
the directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_BYTES = 1_000_000  # the largest real file is about 60 kB
MAX_DEPTH = 20
MAX_FILES = 200

Place = tuple[str | int, ...]
Lines = dict[Place, int]
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?\d+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where. file: path inside the directory; line: from 1; message: Chinese."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.message}"


class PackError(ValueError):
    """A pack or a calendar that may not be used; `faults` says why, in the order of files and lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Source:
    """One file as read: plain data, the line of each part by its path, and the faults found."""

    file: str
    data: Any = None
    lines: Lines = field(default_factory=lambda: {(): 1})
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Record a fault of this file."""
        self.faults.append(Fault(self.file, line, message))


class _Refused(Exception):
    """The file cannot be read on: line and message."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def inside(directory: Path) -> tuple[dict[str, Path], list[Fault]]:
    """The files of a directory by their path in it, and a fault for each link, for too many files, or for a missing directory."""
    if not directory.is_dir():
        return {}, [Fault(directory.name, 1, "目录不存在")]
    files: dict[str, Path] = {}
    faults: list[Fault] = []
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_symlink():
            faults.append(Fault(name, 1, "不接受符号链接，文件须在规则包目录之内"))
        elif path.is_file():
            files[name] = path
        if len(files) > MAX_FILES:
            return {}, [Fault(directory.name, 1, f"文件超过{MAX_FILES}个，不予读取")]
    return files, faults


def read_text(path: Path, name: str) -> Source:
    """A text file whole, as UTF-8."""
    source = Source(name)
    if (size := path.stat().st_size) > MAX_BYTES:
        source.fault(1, f"文件过大（{size}字节），上限为{MAX_BYTES}字节")
        return source
    raw = path.read_bytes()
    try:
        source.data = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        source.fault(raw[: error.start].count(b"\n") + 1, "不是 UTF-8 编码")
    return source


def read_yaml(path: Path, name: str) -> Source:
    """A YAML file as plain data with the line of each part. `data` stays None where the file cannot be read on."""
    source = read_text(path, name)
    if source.faults:
        return source
    text, source.data = source.data, None
    try:
        source.data = _Builder(source, text).document()
    except _Refused as refused:
        source.fault(refused.line, refused.message)
    except ReaderError as error:
        source.fault(text[: error.position].count("\n") + 1, "含有不允许的控制字符")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.fault(mark.line + 1 if mark else 1, f"YAML 语法错误：{error.problem or error.context}")
    except YAMLError as error:
        source.fault(1, f"YAML 语法错误：{error}")
    return source


class _Builder:
    """Plain data out of the parser's events, one pass, nothing resolved that a pack does not need."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))

    def document(self) -> Any:
        """The one document of the file."""
        data: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(event.start_mark.line + 1, "一个文件只能有一个 YAML 文档")
                data = self.node(next(self.events), (), 0)
        return data

    def node(self, event: Any, path: Place, depth: int) -> Any:
        """One value and all below it."""
        line = event.start_mark.line + 1
        self.check(event, line, depth)
        self.source.lines.setdefault(path, line)
        if isinstance(event, MappingStartEvent):
            return self.mapping(path, depth)
        if isinstance(event, SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self.events), SequenceEndEvent):
                items.append(self.node(event, (*path, len(items)), depth + 1))
            return items
        return self.scalar(event, line)

    def check(self, event: Any, line: int, depth: int) -> None:
        """Refuses what could expand without end or carries a meaning of its own."""
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise _Refused(line, "不允许使用锚点和别名")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Refused(line, "不允许使用标签")
        if depth > MAX_DEPTH:
            raise _Refused(line, f"嵌套超过{MAX_DEPTH}层")

    def mapping(self, path: Place, depth: int) -> dict[str, Any]:
        """A mapping; the line of a part is that of its key."""
        result: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            line = event.start_mark.line + 1
            self.check(event, line, depth)
            if not isinstance(event, ScalarEvent):
                raise _Refused(line, "键须为文字")
            key = event.value
            if key in first:
                self.source.fault(line, f"键“{key}”重复，首次出现在第{first[key]}行")
                self.node(next(self.events), (*path, f"{key}#{line}"), depth + 1)
                continue
            first[key] = line
            self.source.lines[(*path, key)] = line
            result[key] = self.node(next(self.events), (*path, key), depth + 1)
        return result

    def scalar(self, event: Any, line: int) -> Any:
        """A value: quoted text as it is; plain text by the few forms that a pack knows."""
        value: str = event.value
        if event.style is not None:
            return value
        if value in _EMPTY:
            return None
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
        if _INT.fullmatch(value):
            if len(value) <= 18:
                return int(value)
            self.source.fault(line, "整数过大")
        elif _FLOAT.fullmatch(value):
            self.source.fault(line, f"“{value}”是浮点数，请写成整数或加引号的小数、分数")
        elif _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.source.fault(line, f"“{value}”不是存在的日期")
        return value
