"""What the tests of the committee's pages share: a sitting of twenty-five members, seen through browsers."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.faces.rooms import entered, hidden
from tests.stages.test_committee import Sitting
from zhiheng.process.register import committee
from zhiheng.stages.committee.models import Meeting, Motion


class Rooms(Sitting):
    """A sitting and the pages of its room. `there`: how many members have signed in; None: no meeting yet."""

    there: int | None = 17

    def setUp(self) -> None:
        super().setUp()
        self.browsers: dict[str, Client] = {}
        self.row: Meeting | None = None if self.there is None else self.meet(self.there)

    @property
    def room(self) -> Meeting:
        assert self.row is not None
        return self.row

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"committee:{name}", args=args or [self.room.pk])

    def as_(self, who: str, **options: Any) -> Client:
        """The browser of one of the play, the same for a whole test; with options a new one."""
        if options:
            return entered(self.world.people[who], **options)
        if who not in self.browsers:
            self.browsers[who] = entered(self.world.people[who])
        return self.browsers[who]

    def get(self, who: str, name: str, *args: Any) -> Any:
        return self.as_(who).get(self.url(name, *args))

    def confirm(self, who: str, name: str, *args: Any, **typed: Any) -> Any:
        """Open the page of an act and send its form."""
        client, path = self.as_(who), self.url(name, *args)
        return client.post(path, hidden(client.get(path), '<form method="post" class="block') | typed)

    def vote(self, who: str, motion: Motion, choice: str) -> Any:
        """Choose and confirm on one's own device; the answer to the confirmation."""
        client = self.as_(who)
        room = client.get(self.url("meeting", motion.meeting_id))
        path = self.url("vote", motion.pk)
        sure = client.post(path, hidden(room, '<form class="block own-box ballot') | {"choice": choice})
        return client.post(path, hidden(sure))

    def opened(self, number: int = 0) -> Motion:
        return self.open(self.room, self.candidates[number])

    def close(self, motion: Motion) -> Motion:
        found: Motion = self.world.do(committee.close_ballot, "chair", motion).value
        return found
