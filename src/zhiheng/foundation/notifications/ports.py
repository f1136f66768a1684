"""The ways out: mail by Django, SMS and WeCom by a gateway that the installation names; without one they write files.

A gateway says what became of a message by what it raises. Whatever else it raises means that nobody knows.
"""

from __future__ import annotations

import json
import smtplib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.notifications.models import Channel


class Down(Exception):
    """The way is shut: surely not sent, nor will the next one be. Later again, all of them."""


class Deferred(Exception):
    """This one was not taken now: surely not sent. Later again."""


class Rejected(Exception):
    """This one will never be taken: surely not sent."""


class Gateway(Protocol):
    """A way out."""

    def send(self, address: str, text: str, title: str = "") -> None:
        """Hand a message over. Raises Down, Deferred or Rejected when it was surely not sent; any other exception: nobody knows."""
        ...


class FileGateway:
    """Writes each message into a file of `settings.OUTBOX_DIR`, for an installation without a gateway and for demos."""

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, address: str, text: str, title: str = "") -> None:
        """One JSON file a message, complete or not there. Raises Down when the disk takes nothing."""
        folder: Path = settings.OUTBOX_DIR
        moment = clock.now()
        content = {"to": address, "title": title, "text": text, "at": moment.isoformat()}
        target = folder / f"{self.channel}-{moment:%Y%m%dT%H%M%S}-{entropy.token(4)}.json"
        aside = target.with_suffix(".part")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
            aside.chmod(0o600)
            aside.replace(target)
        except OSError as error:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise Down(f"无法写入文件：{error.strerror}") from error


class MailGateway:
    """Mail through Django's backend: plain text, one recipient, one connection a message, so that a failure is the message's own."""

    def send(self, address: str, text: str, title: str = "") -> None:
        """Raises Down before a message is begun, Deferred on 4xx and Rejected on 5xx; a connection lost within is an open question."""
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:  # smtplib's errors are among them
            raise Down(_said(error)) from error
        try:
            EmailMessage(" ".join(title.split()), text, to=[address], connection=connection).send()
        except smtplib.SMTPHeloError as error:
            raise Down(_said(error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, why = next(iter(error.recipients.values()))
            raise _answer(code, why) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _answer(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise Rejected(_said(error)) from error
        finally:
            connection.close()


def _answer(code: int, why: bytes | str) -> Exception:
    text = f"{code} {why.decode(errors='replace') if isinstance(why, bytes) else why}"
    return Deferred(text) if 400 <= code < 500 else Rejected(text)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}：{error}"


def gateway(channel: Channel) -> Gateway:
    """The way out that this installation has chosen for a channel."""
    if channel == Channel.MAIL:
        return MailGateway()
    chosen = settings.GATEWAYS.get(channel.value)
    if not chosen:
        return FileGateway(channel.value)
    found: Gateway = import_string(chosen)()
    return found
