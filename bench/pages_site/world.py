"""500 entries before 50 experts, three to an entry, in the material review: written as rows, in seconds."""

from datetime import date
from typing import Any

ENTRIES, EXPERTS, A_PANEL, SEATS = 500, 50, 10, 3
HALF = 5  # entries of a panel whose sheets are in; the others wait


def build() -> dict[str, Any]:
    """The site's data; gives the code of the cycle, an expert's and the office's session, and what waits to be scored."""
    from django.conf import settings

    from zhiheng.foundation import clock, entropy
    from zhiheng.foundation.packs.loader import load_pack
    from zhiheng.simulation import applying, play

    with entropy.seeded("bench pages") as rng:
        players = play.players(rng, 20, 1, EXPERTS, 2026, 3)
        world = play.begin(load_pack(settings.RULEPACKS_DIR / "hebei-2022"), players, rng)
        cycle = applying.issue_call(world, 2026)
        world.today(date(2026, 6, 10))
        cycle.stage = "material_review"
        cycle.save()
        entries = _entries(world, cycle)
        experts = _panels(world, cycle, entries)
        clock.set_to(None)
    _analyzed()
    waiting = {}
    for number, expert in enumerate(experts):
        codes = [e.code for p in range(3) for e in entries[_first(number, p) + HALF : _first(number, p) + A_PANEL]]
        waiting[expert.code] = {"session": _session(expert.person, "expert"), "codes": codes}
    office = world.people["office"].person
    return {"cycle": cycle.code, "experts": waiting, "office": _session(office, "office")}


def _analyzed() -> None:
    """What a server's autovacuum does by itself within a minute: the planner learns what the tables hold."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _first(expert: int, place: int) -> int:
    """Where the entries of an expert's panel begin: expert n sits on the panels n, n+1 and n+2."""
    return ((expert + place) % (ENTRIES // A_PANEL)) * A_PANEL


def _entries(world: Any, cycle: Any) -> list[Any]:
    from zhiheng.foundation.clock import now
    from zhiheng.foundation.parties.models import Party
    from zhiheng.foundation.people.models import Person, Unit
    from zhiheng.stages.application.models import Entry

    units = list(Unit.objects.filter(kind="recommender").order_by("pk"))
    owner = Person.objects.create(name="经办人")
    items = world.pack.scheme("organization", "organization").items
    answers = {item.code: f"{item.title}：建立制度、落实责任、定期测量并持续改进。" * 8 for item in items}
    form = {"achievements": "近三年质量指标持续提升，获得用户认可。\n" * 6, "main_business": "装备制造", "answers": answers}
    parties = Party.objects.bulk_create(
        Party(identity=f"bench:{n}", kind="organization", name=f"河北第{n}装备制造有限公司", city=units[n % len(units)].city, industry="34")
        for n in range(ENTRIES)
    )
    return Entry.objects.bulk_create(
        Entry(
            code=f"{cycle.code}-Z-{n + 1:04d}", cycle=cycle, party=party, owner=owner, recommender=units[n % len(units)],
            award="organization", category="organization", status="accepted", name=party.name,
            industry="34", form=form, submitted_at=now(), declared=[],
        )
        for n, party in enumerate(parties)
    )  # fmt: skip


def _panels(world: Any, cycle: Any, entries: list[Any]) -> list[Any]:
    from zhiheng.foundation.clock import now
    from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat
    from zhiheng.stages.review.models import Sheet
    from zhiheng.stages.review.scoring import sheet_digest

    experts = list(Expert.objects.select_related("person").order_by("code"))
    draw = Draw.objects.create(cycle=cycle, round="material", frozen={}, pool_digest="0" * 64, frozen_at=now(), drawn_at=now())
    items = world.pack.scheme("organization", "organization").items
    marks = {item.code: "60" for item in items}
    sheets = []
    for number in range(ENTRIES // A_PANEL):
        panel = Panel.objects.create(
            code=f"P{number:02d}", cycle=cycle, round="material", award="organization", category="organization", draw=draw
        )
        group = entries[number * A_PANEL : (number + 1) * A_PANEL]
        panel.entries.set(group)
        seated = [experts[(number - place) % EXPERTS] for place in range(SEATS)]
        Seat.objects.bulk_create(Seat(panel=panel, expert=e) for e in seated)
        for entry in group[:HALF]:
            for expert in seated:
                digest = sheet_digest(entry.code, expert.code, "material", marks)
                fields = {"marks": marks, "total": 600, "digest": digest, "submitted_at": now()}
                sheets.append(Sheet(panel=panel, entry=entry, expert=expert, round="material", **fields))
    Sheet.objects.bulk_create(sheets)
    return experts


def _session(person: Any, role: str) -> str:
    from allauth.account.internal.flows import login
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from zhiheng.faces.desk.acting import CHOSEN
    from zhiheng.foundation.people.models import Account, RoleGrant

    account, _ = Account.objects.get_or_create(person=person, defaults={"username": person.code})
    grant = RoleGrant.objects.filter(person=person, role=role, revoked_at=None).first()
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY], store[CHOSEN] = account.get_session_auth_hash(), grant.pk
    # signed in with the second factor, as the office must be
    store[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0}]
    store[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)  # noqa: SLF001
    store.save()
    return str(store.session_key)
