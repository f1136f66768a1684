"""What the tests of draws share; a draw done again by hand, from what is on record, with no line of the engine's own."""

import hashlib
import json
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.process.register import panel
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation.world import World
from zhiheng.stages.panel.models import Conflict, Draw, Expert, Lottery

Json = dict[str, Any]


def sha(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


#: What each party brings to a draw in the tests.
NUMBERS = {"office": "17" * 11, "agency": "4711" * 5, "inspector": "1815" * 6}
#: And to a second one.
OTHERS = {"office": "18" * 11, "agency": "1147" * 5, "inspector": "5180" * 6}


def commit(world: World, cycle: Cycle, numbers: dict[str, str] | None = None) -> None:
    """The tickets are published where they are not; each party commits to its number."""
    if not Lottery.objects.filter(draw__cycle=cycle).order_by("-draw").first().published_at:  # type: ignore[union-attr]
        world.do(panel.publish_lottery, "agency", cycle)
    for role, number in (NUMBERS if numbers is None else numbers).items():
        world.do(panel.commit_seed, role, cycle, commitment=sha(number))


def reveal(world: World, cycle: Cycle, numbers: dict[str, str] | None = None) -> None:
    """Each party reveals its number."""
    for role, number in (NUMBERS if numbers is None else numbers).items():
        world.do(panel.reveal_seed, role, cycle, number=number)


def draw(world: World, cycle: Cycle, cause: str = "", numbers: dict[str, str] | None = None) -> Any:
    """A whole draw; gives the row."""
    world.do(panel.freeze, "agency", cycle, cause=cause)
    return drawn(world, cycle, numbers)


def drawn(world: World, cycle: Cycle, numbers: dict[str, str] | None = None) -> Any:
    """From what is frozen to the seats; gives the row."""
    commit(world, cycle, numbers)
    reveal(world, cycle, numbers)
    return world.do(panel.draw, "agency", cycle).value


def place(sources: list[str], step: int, among: int) -> int:
    """By hand: which of so many places, from 1, the numbers draw at a step."""
    key = "".join(f"{number}./" if number.isdigit() else f"{number.upper()}/" for number in sources)
    twice = step.to_bytes(2, "big")
    return int(hashlib.sha256(twice + key.encode() + twice).hexdigest(), 16) % among + 1


def by_hand(row: Draw) -> dict[str, list[str]]:
    """Panel → experts, by the ticket that the numbers draw from what was published."""
    content = row.lottery.made
    ticket = content["tickets"][place(row.sources, 0, len(content["tickets"])) - 1]
    return {p: [content["experts"][n] for n in members] for p, members in zip(content["panels"], ticket, strict=True)}


def payload(act: str) -> dict[str, Any]:
    """The payload of the last act of this kind."""
    found: dict[str, Any] = json.loads(JournalEntry.objects.filter(act=act, kind="act").order_by("-pk")[0].body)["payload"]
    return found


def other_agency() -> Acting:
    """Somebody of an agency that was not commissioned."""
    unit = Unit.objects.create(code="agency-b", kind="agency", name="另一机构")
    person = Person.objects.create(name="旁人")
    RoleGrant.objects.create(person=person, role="agency", unit=unit, granted_at=clock.now())
    return Acting(Role.AGENCY, person, unit)


def conflict(entry: Any, expert: Expert, kind: str = "declared", status: str = "standing") -> Conflict:
    """A conflict on record."""
    return Conflict.objects.create(entry=entry, person=expert.person, kind=kind, grounds="亲属任职", status=status, found_at=clock.now())


def expert(code: str) -> Expert:
    """The expert of this code."""
    return Expert.objects.select_related("person").get(code=code)
