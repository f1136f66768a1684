"""Notices as frozen facts for the clock rules."""

from __future__ import annotations

from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.publicity.models import Notice
from zhiheng.foundation.publicity.selectors import waiting_objections
from zhiheng.rules.clocks import PublicityFacts


def of(notice: Notice) -> PublicityFacts:
    """What decides whether a notice may be closed."""
    return PublicityFacts(
        posted_on=notice.posted_at.astimezone(SHANGHAI).date(),
        days=notice.days,
        open_formal_objections=waiting_objections(notice),
        title=notice.title,
    )
