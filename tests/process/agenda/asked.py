"""What the tests of the agenda ask it, in short."""

from __future__ import annotations

from typing import Any

from zhiheng.foundation.acts import Acting
from zhiheng.process.agenda import Todo, next_of, pending, waiting
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation.world import World


class Asking:
    """Mixed into a played test: the agenda of the people of its world."""

    world: World

    def who(self, name: str | Acting) -> Acting:
        return self.world.people[name] if isinstance(name, str) else name

    def acts(self, name: str | Acting) -> list[str]:
        """The acts that wait for somebody; in brackets those that cannot be done yet."""
        return told(waiting(self.who(name)))

    def one(self, name: str | Acting, act: str) -> Todo:
        """The one todo of an act that waits for somebody."""
        (found,) = [todo for todo in waiting(self.who(name)) if todo.act == act]
        return found

    def next(self, name: str | Acting, subject: Any) -> tuple[list[str], list[str]]:
        """What comes next for a thing: one's own, and what others owe."""
        found = next_of(self.who(name), subject)
        return told([t for t in found if t.mine]), told([t for t in found if not t.mine])


def told(todos: list[Todo]) -> list[str]:
    return [f"({todo.act})" if todo.blocked else todo.act for todo in todos]


def waits(subject: Any) -> list[tuple[str, tuple[Role, ...]]]:
    """What a thing waits for, and who may do it."""
    return [(todo.act, todo.roles) for todo in pending(subject)]
