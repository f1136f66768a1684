"""What the meeting is to one member: signed in or not, and what there is to vote on now. Never what they voted (T13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhiheng.foundation.acts import Acting
from zhiheng.stages.committee import selectors
from zhiheng.stages.committee.models import Meeting, Member, Motion
from zhiheng.stages.panel.selectors import barred_by_conflict

State = Literal["over", "outside", "waiting", "vote", "voted", "recused", "late"]
#: The choices as forms send them: of one length, so that not even the length of a request or of an answer tells them apart.
CHOICES = {"1": "yes", "2": "no", "3": "abstain"}


@dataclass(frozen=True, slots=True)
class Own:
    """A member's place in a meeting. state: over, outside (not signed in), waiting (no ballot open), vote, voted, recused, late."""

    member: Member
    state: State
    motion: Motion | None = None

    @property
    def version(self) -> str:
        """What changes when there is something else for the member to do."""
        return f"{self.state}-{self.motion.pk if self.motion else 0}"


def own(acting: Acting, meeting: Meeting) -> Own | None:
    """The acting person's place in the meeting; None for who is no member. A constant number of queries."""
    member = selectors.member_of(acting, meeting.cycle)
    if member is None:
        return None
    if meeting.status != "open":
        return Own(member, "over")
    if not meeting.attendances.filter(member=member).exists():
        return Own(member, "outside")
    motion = meeting.motions.filter(closed_at=None).select_related("entry").defer("entry__form").first()
    if motion is None:
        return Own(member, "waiting")
    return Own(member, standing(member, motion), motion)


def standing(member: Member, motion: Motion) -> State:
    """What an open ballot is to a member."""
    if member.seat in motion.recused or barred_by_conflict(member.person_id, motion.entry):
        return "recused"
    if member.seat not in motion.entitled:
        return "late"
    return "voted" if motion.issues.filter(seat=member.seat).exists() else "vote"
