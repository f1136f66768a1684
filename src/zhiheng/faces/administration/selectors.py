"""What the administrator reads: units, people, accounts, roles. Nothing of what any of them does (T1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, ActSpec
from zhiheng.foundation.administration.people import OF_A_UNIT
from zhiheng.foundation.people.invitations import over
from zhiheng.foundation.people.models import Invitation, Person, RoleGrant, Unit
from zhiheng.process import reach
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import STAGE_TITLES, Role, Stage

OPEN = Q(revoked_at=None)
#: Kinds of units and roles as filters offer them.
UNIT_KINDS = [(role.value, ROLES[role]) for role in Role if role in OF_A_UNIT]
GRANTED = [(role.value, ROLES[role]) for role in Role if role != Role.PUBLIC]
ANYBODY = [*GRANTED, (Role.PUBLIC.value, ROLES[Role.PUBLIC])]
#: Lists of units and roles follow the line of the work, not the alphabet.
IN_ORDER = {role.value: place for place, role in enumerate(Role)}
STATES = {"open": Q(account__is_active=True), "locked": Q(account__is_active=False), "none": Q(account=None)}


def units(acting: Acting, wanted: Mapping[str, str]) -> QuerySet[Unit]:
    """Units by kind, state (open, closed) and words in name, code or city, with how many people act for each."""
    rows = reach.units(acting).annotate(people=Count("grants__person", filter=Q(grants__revoked_at=None), distinct=True))
    if wanted.get("kind") in dict(UNIT_KINDS):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("state") in ("open", "closed"):
        rows = rows.filter(active=wanted["state"] == "open")
    if words := wanted.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(city__icontains=words))
    return rows.order_by("-active", _place("kind"), "name", "pk")


def _place(field: str) -> Case:
    """Where a role stands in the order of the work."""
    return Case(*(When(**{field: role}, then=place) for role, place in IN_ORDER.items()), output_field=IntegerField())


def people(acting: Acting, wanted: Mapping[str, str]) -> QuerySet[Person]:
    """People by role, account (open, locked, none) and words in name, code, user name or e-mail; each with account and roles held."""
    rows = reach.people(acting)
    if wanted.get("role") in dict(GRANTED):
        rows = rows.filter(pk__in=RoleGrant.objects.filter(OPEN, role=wanted["role"]).values("person"))
    if wanted.get("state") in STATES:
        rows = rows.filter(STATES[wanted["state"]])
    if words := wanted.get("q", "").strip():
        account = Q(account__username__icontains=words) | Q(account__email__icontains=words)
        rows = rows.filter(Q(name__icontains=words) | Q(code=words) | account)
    held = RoleGrant.objects.filter(OPEN).select_related("unit").order_by("pk")
    return rows.select_related("account").prefetch_related(Prefetch("grants", held, to_attr="held"))


def grants(acting: Acting, wanted: Mapping[str, str]) -> QuerySet[RoleGrant]:
    """Roles held now, by role, unit and words in the person's or the unit's name."""
    rows = RoleGrant.objects.filter(OPEN, person__in=reach.people(acting))
    if wanted.get("role") in dict(GRANTED):
        rows = rows.filter(role=wanted["role"])
    if words := wanted.get("q", "").strip():
        rows = rows.filter(Q(person__name__icontains=words) | Q(person__code=words) | Q(unit__name__icontains=words))
    return rows.select_related("person__account", "unit").order_by(_place("role"), "unit__name", "person__name", "pk")


@dataclass(frozen=True, slots=True)
class Right:
    """One act of the register: who may do it, and at which stages ("": at any)."""

    spec: ActSpec
    who: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what, as the register has it: the acts in groups by their part of the work."""

    groups: tuple[tuple[Any, tuple[Right, ...]], ...]
    count: int


#: The register's modules as people call them, in the order of the line.
GROUPS: dict[str, Any] = {
    "cycle": _("评审周期"),
    "calendar": _("工作日历"),
    "people": _("人员与角色"),
    "accounts": _("账号"),
    "units": _("单位"),
    "call": _("通知公告"),
    "application": _("申报"),
    "recommendation": _("推荐"),
    "qualification": _("资格审查"),
    "panel": _("专家与评审组"),
    "review": _("材料评审"),
    "shortlist": _("入围"),
    "survey": _("满意度测评"),
    "sitevisit": _("现场评审"),
    "nomination": _("综合提名"),
    "committee": _("省质评委审议"),
    "publicity": _("公示与异议"),
    "commendation": _("表彰"),
    "supervision": _("监督管理"),
}


def rights(role: str = "") -> Rights:
    """The whole register, or what one role may do."""
    chosen = Role(role) if role in dict(ANYBODY) else None
    grouped: dict[str, list[Right]] = {}
    for spec in sorted(REGISTER.values(), key=lambda one: one.id):
        if chosen is None or chosen in spec.roles:
            who = tuple(ROLES[one] for one in Role if one in spec.roles)
            when = "、".join(STAGE_TITLES[stage] for stage in Stage if stage in spec.stages)
            grouped.setdefault(spec.id.partition(".")[0], []).append(Right(spec, who, when))
    names = [*GROUPS, *sorted(grouped.keys() - GROUPS.keys())]
    groups = tuple((GROUPS.get(name, name), tuple(grouped[name])) for name in names if name in grouped)
    return Rights(groups, sum(len(rows) for _name, rows in groups))


#: An invitation's state → its title, and which rows are in it.
INVITED = {"waiting": _("待接受"), "accepted": _("已接受"), "over": _("已过期"), "revoked": _("已撤回")}


def invitations(wanted: Mapping[str, str]) -> QuerySet[Invitation]:
    """Invitations, newest first, by state and words in name or e-mail; each with its `state`."""
    now = clock.now()
    state = Case(
        When(accepted_at__isnull=False, then=Value("accepted")),
        When(revoked_at__isnull=False, then=Value("revoked")),
        When(over(now), then=Value("over")),
        default=Value("waiting"),
    )
    rows = Invitation.objects.annotate(state=state).select_related("person", "unit")
    if wanted.get("state") in INVITED:
        rows = rows.filter(state=wanted["state"])
    if words := wanted.get("q", "").strip():
        rows = rows.filter(Q(person__name__icontains=words) | Q(email__icontains=words))
    return rows.order_by("-pk")


def counts(acting: Acting) -> dict[str, Any]:
    """The numbers of the home page: units, people, accounts, roles held."""
    rows = reach.people(acting)
    found = rows.order_by().aggregate(
        people=Count("pk"), accounts=Count("account"), locked=Count("account", filter=Q(account__is_active=False))
    )
    found["units"] = reach.units(acting).filter(active=True).count()
    found["invited"] = invitations({"state": "waiting"}).count()
    found["grants"] = RoleGrant.objects.filter(OPEN).count()
    return found
