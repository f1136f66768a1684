"""The clocks and deadlines of a cycle, as far as a role may see them: what runs, what is due, what is late. Only looks (L1, L2)."""

from zhiheng.process.deadlines.collect import KINDS, OF_ENTRIES, by_day, deadlines, pressing, undated
from zhiheng.process.deadlines.model import Deadline, Kind, State, Undated

__all__ = ["KINDS", "OF_ENTRIES", "Deadline", "Kind", "State", "Undated", "by_day", "deadlines", "pressing", "undated"]
