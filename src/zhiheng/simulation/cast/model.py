"""The fictional people and bodies of a play, as frozen data. What is hidden from the acts (ability, strictness) only drives the play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Claim:
    """A ground for the bonus, as the applicant claims it. sound: hidden; whether staff would find it proven and in time."""

    kind: str  # code of a bonus kind of the pack
    title: str
    granted_on: date | None
    valid_until: date | None
    sound: bool = True


@dataclass(frozen=True, slots=True)
class OrganizationCast:
    """A fictional organization. ability: hidden, 0–100, the percentage that its marks lie around."""

    name: str
    credit_code: str
    kind: str  # manufacturing, construction, service, farm, hospital, school, institute
    city: str
    region: str  # GB/T 2260
    recommender: str
    industry: str  # GB/T 4754 division
    established_on: date
    employees: int
    main_business: str
    achievements: tuple[str, ...]
    traits: tuple[str, ...]
    group_code: str  # credit code of the group's parent, or empty
    contact: str
    phone: str
    ability: int
    claims: tuple[Claim, ...]
    improvement: str  # what became better since an earlier application


@dataclass(frozen=True, slots=True)
class PersonCast:
    """A fictional person who applies. The employer may or may not apply itself."""

    name: str
    id_number: str
    category: str  # senior_leader, middle_manager, front_line, other
    employer: OrganizationCast
    job: str
    phone: str
    work_since: date
    local_work_since: date
    achievements: tuple[str, ...]
    traits: tuple[str, ...]
    ability: int
    claims: tuple[Claim, ...]
    improvement: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A body that an expert works or worked for, or advised for pay; `until` is None while it goes on."""

    name: str
    credit_code: str
    until: date | None


@dataclass(frozen=True, slots=True)
class ExpertCast:
    """A fictional expert of the library. strictness: hidden, percentage points added to every mark (negative: strict)."""

    name: str
    id_number: str
    title: str
    employer: str
    employer_code: str
    past_employers: tuple[Tie, ...]
    consulted: tuple[Tie, ...]
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    city: str
    phone: str
    leader: bool
    strictness: int
    max_load: int


@dataclass(frozen=True, slots=True)
class MemberCast:
    """A fictional member of the committee; the first is its chair."""

    seat: int
    name: str
    id_number: str
    position: str
    chair: bool


@dataclass(frozen=True, slots=True)
class StaffCast:
    """A fictional person acting for a unit."""

    name: str
    id_number: str
    position: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitCast:
    """A unit that acts, with its staff. role: the value of `rules.lifecycle.Role`."""

    code: str
    role: str
    name: str
    city: str
    staff: tuple[StaffCast, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in a play. employers: bodies that only employ persons and experts and do not apply."""

    year: int
    organizations: tuple[OrganizationCast, ...]
    employers: tuple[OrganizationCast, ...]
    persons: tuple[PersonCast, ...]
    experts: tuple[ExpertCast, ...]
    members: tuple[MemberCast, ...]
    recommenders: tuple[UnitCast, ...]
    departments: tuple[UnitCast, ...]
    office: UnitCast
    agency: UnitCast
    inspection: UnitCast
    administration: UnitCast
