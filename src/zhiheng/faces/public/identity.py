"""Who answers the survey: what is asked, what is checked of it, and what is kept (F5, Q24, T12).

Checked are the number's form and check digit, the birth date in it, and the forms of name and mobile number. Whether the three belong
together is known to the police and the carriers only; a gateway to them may be asked here one day. Of all this one thing goes further:
the number, into a keyed digest that differs from poll to poll.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from stdnum.cn import ric

from zhiheng.foundation.people.selectors import compact

_OLDEST = date(1900, 1, 1)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_NAME = re.compile(r"[㐀-鿿\U00020000-\U000323af·•．.]{2,30}|[A-Za-z][A-Za-z .'-]{1,59}")


@dataclass(frozen=True, slots=True)
class Identity:
    """As typed, tidied: name, ID number of 18 signs, mobile number of 11 digits."""

    name: str
    number: str
    mobile: str


def read(name: str, number: str, mobile: str) -> Identity:
    """What was typed without the spaces, dashes and full-width signs that people type it with."""
    plain = unicodedata.normalize("NFKC", mobile[:40]).replace("-", "")
    digits = "".join(plain.split()).removeprefix("+86")
    return Identity(" ".join(unicodedata.normalize("NFC", name[:80]).split()), compact(number[:40]), digits)


def faults(identity: Identity, today: date) -> list[tuple[str, str]]:
    """(field, what is wrong with it); empty when everything that can be checked is right."""
    found = []
    if not _NAME.fullmatch(identity.name):
        found.append(("name", _("请填写真实姓名")))
    if text := _number_fault(identity.number, today):
        found.append(("number", text))
    if not _MOBILE.fullmatch(identity.mobile):
        found.append(("mobile", _("请填写11位手机号码")))
    return found


def _number_fault(number: str, today: date) -> str:
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return _("请填写18位居民身份证号码")
    if number[-1] != ric.calc_check_digit(number):
        return _("身份证号码有误，请核对后重填")
    try:
        born = ric.get_birth_date(number)
    except ValueError:
        return _("身份证号码有误，请核对后重填")
    return "" if _OLDEST <= born <= today else _("身份证号码有误，请核对后重填")
