"""Whether the texts of a pack leave open only what the engine fills in (A1, L4)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from zhiheng.rules.pack import Pack
from zhiheng.rules.placeholders import MESSAGES, PLACEHOLDERS, SHORT, SHORT_MOST

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

_BRACES = re.compile(r"\{([^{}]*)\}")


def documents(pack: Pack) -> Iterator[Fault]:
    """Templates hold known placeholders only, and no stray brace."""
    for d, document in enumerate(pack.documents):
        yield from _braces(("documents", d, "title"), document.title, PLACEHOLDERS)
        yield from _braces(("documents", d, "body"), document.body, PLACEHOLDERS)


def _braces(path: Path, text: str, known: Container[str]) -> Iterator[Fault]:
    for name in _BRACES.findall(text):
        if name not in known:
            yield path, f"未知的填充项“{{{name}}}”"
    if "{" in _BRACES.sub("", text) or "}" in _BRACES.sub("", text):
        yield path, "花括号不成对"


def messages(pack: Pack) -> Iterator[Fault]:
    """A mail has a title and the way to the desk; a short message is short even with many messages and names nothing."""
    for m, message in enumerate(pack.messages):
        path: Path = ("messages", m)
        known = SHORT if message.kind == "sms" else MESSAGES.keys()
        yield from _braces((*path, "title"), message.title, known)
        yield from _braces((*path, "body"), message.body, known)
        if message.kind in ("once", "digest"):
            if not message.title:
                yield path, "邮件须有标题“title”"
            if "{link}" not in message.body:
                yield (*path, "body"), "正文须写明工作台地址“{link}”"
        if message.kind == "sms" and (length := len(_filled(pack, message.body))) > SHORT_MOST:
            yield (*path, "body"), f"短信最长{length}字，超过{SHORT_MOST}字"


def _filled(pack: Pack, text: str) -> str:
    return text.replace("{award}", pack.award_name).replace("{count}", "999")
