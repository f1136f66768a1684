"""Opening an account for a person: the one place, whoever asks for it."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from zhiheng.foundation.people.models import Account, Person
from zhiheng.foundation.people.signals import opened

#: No "@": a user name that looks like an e-mail could be taken for somebody else's.
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
TAKEN = "该用户名已被使用，请另选一个"


def email_fault(email: str) -> str:
    """What is wrong with an address, or nothing."""
    try:
        validate_email(email)
    except ValidationError:
        return "请填写正确的邮箱"
    return "" if len(email) <= 254 else "邮箱请控制在 254 个字符以内"


def username_fault(username: str) -> str:
    """What is wrong with a user name, or nothing."""
    if not USERNAME.fullmatch(username.lower()):
        return "用户名须为 2 至 40 个小写字母、数字、点、下划线或连字符，以字母或数字开头"
    return TAKEN if Account.objects.filter(username=username.lower()).exists() else ""


def password_fault(username: str, password: str, email: str) -> str:
    """What makes a password weak, or nothing."""
    with translation.override("zh-hans"):  # reasons are kept as they were given, in the language of the rules
        try:
            validate_password(password, Account(username=username, email=email))
        except ValidationError as weak:
            return "".join(weak.messages)
    return ""


def account_fault(username: str, password: str, email: str) -> str:
    """What is wrong with what somebody chose for their account, or nothing."""
    return username_fault(username) or password_fault(username, password, email)


def open_account(person: Person, username: str, password: str, email: str, *, proved: bool) -> Account:
    """The account, saved; `proved`: the e-mail was shown to be theirs."""
    account = Account.objects.create_user(username.lower(), password, email=email.lower(), person=person)
    opened.send(Account, account=account, proved=proved)
    return account
