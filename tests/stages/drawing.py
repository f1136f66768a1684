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
from zhiheng.stages.panel.models import Conflict, Expert

Json = dict[str, Any]


def sha(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


#: What each party brings to a draw in the tests.
NUMBERS = {"office": "17", "agency": "4711", "inspector": "0815"}
#: And to a second one.
OTHERS = {"office": "18", "agency": "1147", "inspector": "5180"}


def commit(world: World, cycle: Cycle, numbers: dict[str, str] | None = None) -> None:
    """Each party commits to its number."""
    for role, number in (NUMBERS if numbers is None else numbers).items():
        world.do(panel.commit_seed, role, cycle, commitment=sha(number))


def draw(world: World, cycle: Cycle, cause: str = "") -> Any:
    """A whole draw; gives the row."""
    world.do(panel.freeze, "agency", cycle, cause=cause)
    commit(world, cycle)
    return world.do(panel.draw, "agency", cycle, seeds=NUMBERS).value


def by_hand(frozen: Json, seed: str, excluded: set[tuple[str, str]], load: int) -> dict[str, list[str]]:
    """Panel → experts in the order of seating: the leader where one is wanted, one of the field, then anyone, one a house."""
    pool = {e["code"]: e for e in frozen["pool"]}
    seats = {e: pool[e]["load"] for e in pool}

    def free(spec: Json) -> list[str]:
        lots = sorted((sha(f"{seed}|{spec['code']}|{e}"), e) for e in pool)
        return [e for _, e in lots if (spec["code"], e) not in excluded]

    drawn: dict[str, list[str]] = {}
    for spec in sorted(frozen["panels"], key=lambda s: (len(free(s)) - s["size"], s["code"])):
        able = [e for e in free(spec) if seats[e] < load]
        field = {
            e for e in able if set(pool[e]["industries"]) & set(spec["industries"]) and set(pool[e]["categories"]) & set(spec["categories"])
        }
        chosen: list[str] = [next(e for e in able if pool[e]["leader"])] if spec["need_leader"] else []
        for only in (True, False):
            for e in able:
                enough = len(chosen) == spec["size"] or (only and field & set(chosen))
                if not enough and (e in field or not only) and pool[e]["employer"] not in {pool[c]["employer"] for c in chosen}:
                    chosen.append(e)
        for e in chosen:
            seats[e] += 1
        drawn[spec["code"]] = chosen
    return drawn


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
