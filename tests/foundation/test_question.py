"""A question gives what its query set gives, from the database as it is now (decision 0025)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.db.transaction import TransactionManagementError, atomic
from django.test.utils import CaptureQueriesContext

from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.question import MOST, Question
from zhiheng.rules.lifecycle import Role

MORNING = clock.at(date(2026, 3, 2))


def granted(name: str, role: str, after: timedelta = timedelta(), unit: Unit | None = None) -> RoleGrant:
    return RoleGrant.objects.create(person=Person.objects.create(name=name), role=role, unit=unit, granted_at=MORNING + after)


def of_role(role: str) -> models.QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=role).select_related("person", "unit").order_by("pk")


@pytest.mark.django_db
def test_rows_come_with_what_belongs_to_them_in_one_query() -> None:
    unit = Unit.objects.create(code="r-1", kind="recommender", name="市局")
    grants = [granted("甲", "recommender", unit=unit), granted("乙", "expert"), granted("丙", "expert")]
    question = Question(of_role)
    question("office")
    with CaptureQueriesContext(connection) as asked:
        assert [(row.person.name, row.unit) for row in question("recommender")] == [("甲", unit)]
        assert [(row.person.name, row.unit) for row in question("expert")] == [("乙", None), ("丙", None)]
    assert len(asked) == 2
    assert question("expert") == list(of_role("expert")) == grants[1:]
    assert question("expert")[0].granted_at == MORNING


@pytest.mark.django_db
def test_the_answer_is_never_remembered() -> None:
    grant, question = granted("甲", "expert"), Question(lambda pk: RoleGrant.objects.filter(person=pk, revoked_at=None))
    assert question.first(grant.person_id) == grant
    RoleGrant.objects.update(revoked_at=MORNING)
    assert question.first(grant.person_id) is None


@pytest.mark.django_db
def test_numbers_texts_and_moments_each_take_their_place() -> None:
    early, late = granted("甲", "expert"), granted("乙", "expert", timedelta(days=1))
    question = Question(
        lambda after, role, person: RoleGrant.objects.filter(granted_at__gte=after, role=role).exclude(person=person).order_by("-pk")
    )
    nobody = late.person_id + 1
    assert question(MORNING, "expert", nobody) == [late, early]
    assert question(MORNING + timedelta(seconds=1), "expert", nobody) == [late]
    assert question(MORNING, "expert", late.person_id) == [early]
    assert question(MORNING, "office", nobody) == []


@pytest.mark.django_db
def test_a_value_may_be_asked_for_twice_and_columns_instead_of_rows() -> None:
    Unit.objects.create(code="a", kind="office", name="b")
    question = Question(lambda text: Unit.objects.filter(models.Q(code=text) | models.Q(name=text)).values_list("code", flat=True))
    assert question("a") == question("b") == ["a"]
    assert question("c") == []
    pairs = Question(lambda code: Unit.objects.filter(code=code).values_list("kind", "name"))
    assert pairs("a") == [("office", "b")]
    assert Question(lambda code: Unit.objects.filter(code=code).values("name"))("a") == [{"name": "b"}]


@pytest.mark.django_db
def test_tuples_of_any_length() -> None:
    units = [Unit.objects.create(code=code, kind="office", name=code) for code in "abc"]
    codes = Question(lambda codes, kind: Unit.objects.filter(code__in=codes, kind=kind).order_by("code"))
    keys = Question(lambda keys: Unit.objects.filter(pk__in=keys).order_by("code"))
    for many in (1, 3, 2, 0, 2):
        assert codes(tuple("abc"[:many]), "office") == units[:many] == keys(tuple(unit.pk for unit in units[:many]))
    assert codes(("a", "a"), "office") == units[:1]
    assert codes(("a", "b"), "agency") == []


@pytest.mark.django_db
def test_more_shapes_than_are_kept() -> None:
    unit = Unit.objects.create(code="a", kind="office", name="a")
    keys = Question(lambda keys: Unit.objects.filter(pk__in=keys))
    for length in [*range(1, MOST + 2), 1]:
        assert keys((unit.pk, *range(-length, -1))) == [unit]


@pytest.mark.django_db
def test_a_value_that_the_sql_does_not_carry_as_it_is_is_refused() -> None:
    with pytest.raises(ValueError, match="a value is changed on its way into"):
        Question(lambda text: Unit.objects.filter(name__contains=text))("市")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only() -> None:
    unit, question = (
        Unit.objects.create(code="a", kind="office", name="b"),
        Question(lambda pk: Unit.objects.select_for_update().filter(pk=pk)),
    )
    with atomic():
        assert question(unit.pk) == [unit]
    with pytest.raises(TransactionManagementError):
        question(unit.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_get_each_their_own_rows() -> None:
    grants: list[Any] = [granted(str(number), Role.EXPERT.value) for number in range(4)]
    question = Question(lambda pk: RoleGrant.objects.filter(person=pk).select_related("person"))

    def ask(grant: RoleGrant) -> bool:
        try:
            return all([row.person.name for row in question(grant.person_id)] == [grant.person.name] for _ in range(50))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, grants))
