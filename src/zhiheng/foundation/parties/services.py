"""Making the body known that applies (B1, B2, D5)."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.cn import uscc

from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person
from zhiheng.rules.decision import Decision, no, yes


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization as an applicant describes it: name, unified social credit code, city, GB/T 4754 division, its group's code."""

    name: str
    credit_code: str
    city: str
    industry: str = ""
    group_code: str = ""


@dataclass(frozen=True, slots=True)
class Individual:
    """A person who applies, and the organization where they work."""

    person: Person
    employer: Organization


def known(who: Organization | Individual) -> Decision[Party]:
    """The party over all cycles, made known when new. Refused: a credit code whose check digit is wrong, a person without an identity.

    A party that is known keeps its name; where it is now is what it says now.
    """
    return _individual(who) if isinstance(who, Individual) else _organization(who)


def _organization(who: Organization) -> Decision[Party]:
    code = "".join(who.credit_code.split()).upper()
    if not uscc.is_valid(code):
        return no("统一社会信用代码校验不通过，请核对", article="二(一)", duty="B1", code="credit_code")
    group = "".join(who.group_code.split()).upper()
    if group and not uscc.is_valid(group):
        return no("所属集团的统一社会信用代码校验不通过，请核对", article="二(一)", duty="B1", code="group_code")
    if not who.name.strip() or len(who.name) > 120:
        return no("请填写单位名称（120 字以内）", article="二(一)", duty="B1", code="organization")
    fields = {"kind": "organization", "name": who.name.strip(), "credit_code": code, "group_code": group}
    fields |= {"region": code[2:8], "city": who.city, "industry": who.industry}
    party, fresh = Party.objects.get_or_create(identity=f"uscc:{code}", defaults=fields)
    return yes(value=party if fresh else _moved(party, who))


def _individual(who: Individual) -> Decision[Party]:
    employer = _organization(who.employer)
    if employer.value is None:
        return employer
    if not who.person.id_digest:
        return no("请先完成实名登记", article="二(二)", duty="B2")
    place = employer.value
    fields = {"kind": "person", "name": who.person.name, "person": who.person, "employer": place}
    fields |= {"region": place.region, "city": place.city, "industry": place.industry}
    party, fresh = Party.objects.get_or_create(identity=f"id:{who.person.id_digest}", defaults=fields)
    if not fresh and (party.employer_id, party.city) != (place.pk, place.city):
        party.employer, party.city, party.region = place, place.city, place.region
        party.save(update_fields=["employer", "city", "region"])
    return yes(value=party)


def _moved(party: Party, who: Organization) -> Party:
    """The party with where it is and what it does now; its applications of earlier cycles keep their own record."""
    now = {"city": who.city, "industry": who.industry or party.industry, "group_code": who.group_code or party.group_code}
    if any(getattr(party, name) != value for name, value in now.items()):
        Party.objects.filter(pk=party.pk).update(**now)
        party.refresh_from_db()
    return party
