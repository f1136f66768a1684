"""Texts that lie encrypted in the database, each purpose under a key of its own made from the server's key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings


def seal(purpose: str, text: str) -> str:
    """The text encrypted; only `unseal` under the same purpose and key gives it back."""
    return _chest(purpose).encrypt(text.encode()).decode("ascii")


def unseal(purpose: str, sealed: str) -> str:
    """The text again. Raises cryptography.fernet.InvalidToken when it was changed or the server's key is another."""
    return _chest(purpose).decrypt(sealed.encode("ascii")).decode()


def _chest(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"{purpose}|{settings.SECRET_KEY}".encode()).digest()))
