"""A mail server for tests: speaks SMTP on a loopback port, keeps what it is given, and misbehaves on demand."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Postbox:
    """What arrived, and how the server behaves: "ok", "defer" (451), "refuse" (550), "cut" (gone after the text), "hang" (silent then)."""

    mode: str = "ok"
    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)  # a text was received whole
    let_go: threading.Event = field(default_factory=threading.Event)  # ends the silence of "hang"

    @property
    def mails(self) -> list[EmailMessage]:
        """What was accepted, parsed."""
        return [message_from_bytes(one, policy=policy.default) for one in self.raw]  # type: ignore[misc]


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        box = self.server.box
        self._say("220 test")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self._say("250 test")
            elif word == b"RCPT" and box.mode in ("defer", "refuse"):
                self._say("451 later" if box.mode == "defer" else "550 no such user")
            elif word == b"DATA":
                self._say("354 go on")
                if not self._take(box):
                    return
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, box: Postbox) -> bool:
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line.removeprefix(b".") if line.startswith(b"..") else line
        mode = box.mode
        box.reached.set()
        if mode == "hang":
            box.let_go.wait(30)
        if mode in ("hang", "cut"):
            return False
        box.raw.append(text)
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Postbox


@contextmanager
def postbox(port: int = 0) -> Iterator[Postbox]:
    """Within the block the server answers; on a port of its own unless told."""
    with _Server(("127.0.0.1", port), _Talk) as server:
        server.box = box = Postbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield box
        finally:
            box.let_go.set()
            server.shutdown()
            thread.join()
