"""The frame of the working pages: who acts is always said, links lead somewhere, the design system is not public."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from tests.faces.components import drawn
from tests.faces.public import data
from zhiheng.faces.desk import navigation, samples
from zhiheng.faces.desk.styleguide import styleguide
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.rules.lifecycle import Role

ROLES = [role for role in Role if role is not Role.PUBLIC]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_its_home_first_and_only_pages_that_exist(role: Role) -> None:
    found = navigation.items(Acting(role), None)
    assert found[0].url == reverse("desk:home")
    for item in found:
        resolve(item.url)


def test_the_deepest_link_that_holds_the_page_is_the_current_one() -> None:
    found = [navigation.Item("待办", "/desk/"), navigation.Item("周期", "/desk/cycles/2026/")]
    assert navigation.current(found, "/desk/cycles/2026/entries/") is found[1]
    assert navigation.current(found, "/desk/receipts/x/1/") is found[0]
    assert navigation.current(found, "/rules/") is None


@pytest.mark.django_db
def test_the_design_system_is_a_page_of_debug_mode_only(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404
    with pytest.raises(Http404):
        resolve("/styleguide/")


@pytest.mark.django_db
def test_the_design_system_shows_everything(rf: RequestFactory, django_assert_max_num_queries: object) -> None:
    page = styleguide(rf.get("/styleguide/")).content.decode()
    for name in (
        "act",
        "due",
        "stages",
        "countdown",
        "score",
        "file",
        "history",
        "consequences",
        "nothing",
        "field",
        "table",
        "paging",
        "tabs",
        "stat",
    ):
        assert f'class="{name}' in page, name
    assert 'style="' not in page
    assert "onclick" not in page


@pytest.mark.django_db
def test_the_acting_role_is_said_and_can_be_changed_without_a_script(rf: RequestFactory) -> None:
    page = " ".join(styleguide(rf.get("/styleguide/")).content.decode().split())
    assert "<small>当前身份 · 河北省政府质量奖评审委员会办公室</small><strong>省质评办</strong>" in page
    assert f'<form class="panel" method="post" action="{reverse("desk:switch")}">' in page
    assert [f'name="grant" value="{hat.pk}"' in page for hat in samples.DESK.hats] == [True, True, True]
    assert page.count('value="1" aria-current="true"') == 1


def test_who_has_one_role_only_sees_it_without_a_menu() -> None:
    request = RequestFactory().get("/desk/")
    request.desk = samples.Desk(samples.DESK.acting, samples.DESK.hat, samples.DESK.hats[:1])  # type: ignore[attr-defined]
    html = drawn('{% include "desk/frame/hat.html" %}', request=request)
    assert "<details" not in html
    assert "<strong>省质评办</strong>" in html


class TestArticle:
    @pytest.fixture(autouse=True)
    def _site(self, db: None) -> object:
        data.world()
        with clock.travel(data.NOW):
            yield

    def test_its_wording_with_a_way_to_the_whole_text(self, client: Client) -> None:
        answer = client.get(reverse("desk:article"), {"code": "四(二)"})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "<h2>《细则》四（二）</h2>" in page
        assert "推荐单位" in page
        assert 'href="/rules/#art-4-(2)"' in page

    @pytest.mark.parametrize("query", [{}, {"code": ""}, {"code": "九(九)"}, {"code": "<script>"}, {"code": "四(二)", "cycle": "1999"}])
    def test_what_is_not_there_is_not_found(self, client: Client, query: dict[str, str]) -> None:
        assert client.get(reverse("desk:article"), query).status_code == 404
