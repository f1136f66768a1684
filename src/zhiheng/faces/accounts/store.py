"""Sessions in the database, found by a question whose SQL is written once: every page of a signed-in person begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from zhiheng.foundation import clock
from zhiheng.foundation.question import Question

_alive = Question(lambda key, moment: db.SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=moment))


class SessionStore(db.SessionStore):
    """Django's own, under its own name, which its signatures carry."""

    def _get_session_from_db(self) -> Any:
        found = _alive.first(self.session_key, clock.real()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
