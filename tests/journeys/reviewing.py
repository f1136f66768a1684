"""The journey's draw of the experts (F1, G1)."""

from __future__ import annotations

from tests.journeys.stage import CYCLE, Actor

NUMBERS = {"office": "271828", "agency": "314159", "inspector": "141421"}


def draw(actor: Actor) -> None:
    """F1, G1: freeze, three commitments, reveal; a number that was not committed to is refused."""
    actor.become("agency")
    actor.do("panel.freeze", CYCLE)
    for role, number in NUMBERS.items():
        actor.become(role)
        actor.do("panel.commit_seed", CYCLE, number=number, again=number)
    actor.become("agency")
    seeds = {f"seed_{role}": number for role, number in NUMBERS.items()}
    actor.open(f"/desk/do/panel.draw/{CYCLE}/")
    actor.fill(**{**seeds, "seed_office": "000000"})
    actor.page.locator('.act-form button[value="preview"]').click()
    actor.page.locator('.act-form button[value="confirm"]').click()
    assert "揭示的种子与其承诺不符" in actor.page.locator("main").inner_text()
    actor.do("panel.draw", CYCLE, **seeds)
