"""What a deadline is: a matter with its days, its article and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What kinds of clocks a cycle has."""

    APPLICATION = "application"
    PUBLICITY = "publicity"
    OBJECTION = "objection"
    SURVEY = "survey"
    VISIT = "visit"
    HANDOVER = "handover"
    MEETING = "meeting"
    WINDOW = "window"
    BAN = "ban"


class State(StrEnum):
    """Where a deadline stands."""

    AHEAD = "ahead"
    RUNNING = "running"
    DUE = "due"  # its time is over, what follows may be done now
    OVERDUE = "overdue"  # what had to be done by then is not done
    UNKNOWN = "unknown"  # the calendar does not reach its end: nothing is guessed
    DONE = "done"


KIND_TITLES: dict[Kind, str] = {
    Kind.APPLICATION: "申报",
    Kind.PUBLICITY: "公示",
    Kind.OBJECTION: "异议",
    Kind.SURVEY: "满意度测评",
    Kind.VISIT: "现场评审",
    Kind.HANDOVER: "提交汇总",
    Kind.MEETING: "全体委员会议",
    Kind.WINDOW: "获奖后监督",
    Kind.BAN: "不予受理期",
}
STATE_TITLES: dict[State, str] = {
    State.AHEAD: "未开始",
    State.RUNNING: "进行中",
    State.DUE: "期满待办",
    State.OVERDUE: "已逾期",
    State.UNKNOWN: "待定",
    State.DONE: "已办结",
}
#: What stands in front, in this order.
PRESSING = (State.OVERDUE, State.DUE)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A matter with its days. key: the same at every look, without any name; title: names no person and nothing unpublished, so that
    it may go into a calendar on somebody's phone.

    first and last: days in Beijing, both included; last None: not known yet, and `note` says why. at: the moment at which it ends, where
    that is not the end of the last day. entries: codes of the entries that wait for it. notice: the code of the notice, if it is one's.
    """

    key: str
    kind: Kind
    title: str
    first: date
    last: date | None
    article: str
    duty: str
    state: State
    at: datetime | None = None
    note: str = ""
    entries: tuple[str, ...] = ()
    notice: str = ""
    left: int | None = None

    @property
    def pressing(self) -> bool:
        """Whether it belongs in front: late, or its time has come."""
        return self.state in PRESSING

    @property
    def kind_title(self) -> str:
        """The kind in words."""
        return KIND_TITLES[self.kind]

    @property
    def state_title(self) -> str:
        """The state in words."""
        return STATE_TITLES[self.state]


@dataclass(frozen=True, slots=True)
class Undated:
    """Something open for which the rules set no date: what, how many entries, on which article. entries: their codes."""

    title: str
    article: str
    duty: str
    entries: tuple[str, ...]
