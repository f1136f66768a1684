"""Each link of the navigation leads its role to a page that exists for it."""

from __future__ import annotations

import re
from typing import Any

from tests.faces.seating import seated
from tests.stages import playing
from zhiheng.rules.lifecycle import Role

LINK = re.compile(r'<li><a href="([^"]+)"( aria-current="(?:page|true)")?>')


class TestLinks(playing.Played):
    @classmethod
    def play(cls) -> Any:
        return playing.called(orgs=1, persons=1)

    def links(self, page: str) -> list[tuple[str, str]]:
        """The links of the navigation on a page, with their mark."""
        start = page.index('<nav class="desknav')
        return LINK.findall(page[start : page.index("</nav>", start)])

    def test_every_role_gets_where_its_links_lead_and_sees_where_it_is(self) -> None:
        roles = {who.role: who for who in self.world.people.values() if who.person}
        assert {Role.OFFICE, Role.RECOMMENDER, Role.AGENCY} <= set(roles)
        for role, who in roles.items():
            browser = seated(who)
            links = self.links(browser.get("/desk/").content.decode())
            assert links[0] == ("/desk/", ' aria-current="page"'), role
            for url, _ in links:
                answer = browser.get(url, follow=True)
                assert answer.status_code == 200, (role, url)
                marked = [address for address, mark in self.links(answer.content.decode()) if mark]
                assert marked == [url], (role, url)
