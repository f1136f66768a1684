"""The same objection sent several times at the same moment is one (X6)."""

import re

import pytest
from django.test import Client

from tests.faces.public import data
from tests.faces.public.test_objections import FORM, SAID, checked, hidden, upload
from tests.foundation.conftest import at_once
from tests.foundation.test_inspect import pdf
from zhiheng.foundation import clock
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Objection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_empty_cache"), pytest.mark.duty("J2")]


@pytest.mark.parametrize("times", [2, 8])
def test_pressed_several_times_at_once(times: int) -> None:
    data.world()
    with clock.travel(data.NOW):
        page = checked(Client(), proof=upload(pdf()))
        answers = at_once(times, lambda _: Client().post(FORM, {**hidden(page), **SAID, "step": "send"}))
        assert [answer.status_code for answer in answers] == [303] * times
        objection = Objection.objects.get()
        receipts = {re.search(r"YY2026-[0-9A-F]{8}", Client().get(answer["Location"]).text)[0] for answer in answers}  # type: ignore[index]
    assert receipts == {objection.number}
    assert objection.proof is not None
    assert objection.proof.owner == f"objection:{objection.number}"
    assert JournalEntry.objects.filter(act="publicity.object").count() == 1
