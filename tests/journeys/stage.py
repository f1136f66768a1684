"""The empty stage of a journey: a platform with its units, people and experts, before its first cycle; and the browser that acts on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

YEAR = 2026
CYCLE, ORGANIZATION, PERSON = "cycle:2026", "entry:2026-Z-0001", "entry:2026-G-0001"


def set_up(experts: int = 40, members: int = 3) -> None:
    """Run inside the server's own settings: everything that is there before a cycle begins."""
    from django.conf import settings

    from zhiheng.foundation import clock, entropy
    from zhiheng.foundation.cycles.models import DemoClock
    from zhiheng.foundation.packs.loader import load_pack
    from zhiheng.foundation.packs.services import store
    from zhiheng.simulation import play

    with entropy.seeded("journey") as rng:
        pack = load_pack(settings.RULEPACKS_DIR / "hebei-2022")
        play.begin(pack, play.players(rng, 2, 2, experts, YEAR, members), rng)
        store(pack)
        DemoClock.objects.create(now=clock.at(date(YEAR, 3, 2), 9))


@dataclass
class Actor:
    """A browser that takes one role after the other and acts through the real pages; keeps count of what nobody should meet."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    #: Whether each act must be found on the home page of whoever does it.
    by_home: bool = True

    def __post_init__(self) -> None:
        self._watch()

    def _watch(self) -> None:
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("response", lambda answer: self.faults.append(f"{answer.status}: {answer.url}") if answer.status >= 500 else None)

    # ------------------------------------------------------------ who

    def become(self, role: str, word: str = "") -> None:
        """Sign in, by the demo's choice of roles, as the first who holds the role (and is found by the word).

        In a new tab: one that stays open over hundreds of pages grows to a gigabyte and slow.
        """
        before, self.page = self.page, self.page.context.new_page()
        before.close()
        self._watch()
        self.page.goto(f"{self.address}/demo/?word={word}")
        self.page.locator(f'section[aria-labelledby="role-{role}"] button').first.click()
        self.page.wait_for_url("**/desk/**")

    def forward(self, to: str, times: int = 1) -> None:
        """Move the clock by its bar: "workday" or "deadline"."""
        for _time in range(times):
            self.page.goto(f"{self.address}/")
            self.press(self.page.locator(f'.demo-clock button[value="{to}"]'))

    # ------------------------------------------------------------ what

    def open(self, path: str) -> None:
        """A page of the site."""
        self.page.goto(self.address + path)

    def press(self, button: Locator) -> None:
        """Press a button that sends its form, and wait for the page that answers: a click alone returns on the old one."""
        with self.page.expect_navigation():
            button.click()

    def do(self, act: str, subject: str, *, todo: bool | None = None, **fields: Any) -> str:
        """Do an act on a subject (its address) by its page: from the home where it waits, through confirmation, to the receipt."""
        path = f"/desk/do/{act}/{subject}/"
        if self.by_home if todo is None else todo:
            self.follow(path)
        else:
            self.open(path)
        self.fill(**fields)
        return self.send(act)

    def home(self) -> None:
        """The home of whoever acts; it has just been opened when they have just signed in."""
        if self.page.url != f"{self.address}/desk/":
            self.open("/desk/")

    def follow(self, start: str, end: str | None = None) -> None:
        """To the page where something is done, by the link of the home where it waits: of this address, or that starts and ends so. What is
        begun in the room of a draw has its link there."""
        self.home()
        places = f'main a[href="{start}"]' if end is None else f'main a[href^="{start}"][href$="{end}"]'
        link, room = self.page.locator(places), self.page.locator('main .due a[href*="/draws/"]')
        if not link.count() and room.count():
            self.press(room.first)
            link.first.wait_for()  # the tickets may still be in the making
        if link.count():
            self.press(link.first)
            return
        self.faults.append(f"home: {start}{end or ''} is not among what waits: {self.page.locator('main').inner_text()[:400]}")
        assert end is None, self.faults[-1]
        self.open(start)

    def waiting(self, start: str, end: str = "/") -> list[str]:
        """The addresses of the home's links that start and end so: what waits, where its number cannot be known."""
        self.home()
        links = self.page.locator(f'main a[href^="{start}"][href$="{end}"]')
        return [str(link.get_attribute("href")) for link in links.all()]

    def subject(self, act: str) -> str:
        """The one subject (its address) on which an act waits for the actor."""
        (path,) = self.waiting(f"/desk/do/{act}/")
        return path.split("/")[-2]

    def fill(self, **fields: Any) -> None:
        """Fill the form's fields by name: text, a choice, a tick, several ticks, a file."""
        for name, value in fields.items():
            one = self.page.locator(f'.act-form [name="{name}"]')
            kind = one.first.evaluate("e => e.tagName + ':' + (e.type || '')")
            if kind == "INPUT:radio":
                self.page.locator(f'.act-form [name="{name}"][value="{value}"]').check()
            elif kind == "INPUT:checkbox":
                for choice in value if isinstance(value, list) else [value]:
                    if choice is True:
                        one.first.check()
                    else:
                        self.page.locator(f'.act-form [name="{name}"][value="{choice}"]').check()
            elif kind == "INPUT:hidden":
                raise AssertionError(f"{name} is hidden")
            elif kind == "INPUT:file":
                one.set_input_files(value)
            elif kind.startswith("SELECT"):
                one.select_option(**value) if isinstance(value, dict) else one.select_option(value)
            else:
                one.fill(str(value))

    def send(self, act: str) -> str:
        """From the filled form to the receipt; the number of the receipt. An act that is done at once has none: ""."""
        button = self.page.locator('.act-form button[name="step"][value="preview"]')
        if button.count():
            self.press(button)
            confirm = self.page.locator('.act-form button[name="step"][value="confirm"]')
            if not confirm.count() or self.page.locator(".error-box").count():
                raise AssertionError(f"{act}: {self.page.locator('main').inner_text()[:1500]}")
            self.press(confirm)
        else:
            self.press(self.page.locator('.act-form button[name="step"][value="confirm"]'))
        if self.page.locator(".error-box").count():
            raise AssertionError(f"{act}: {self.page.locator('main').inner_text()[:1500]}")
        self.acts.append(act)
        found = re.search(r"/desk/receipts/([^/]+)/(\d+)/", self.page.url)
        return f"{found[1]}#{found[2]}" if found else ""

    def settle(self) -> None:
        """On a page of its own: from what is filled in, through its preview, to the receipt."""
        for step in ("preview", "confirm"):
            self.press(self.page.locator(f'main button[name="step"][value="{step}"]'))
        self.received()

    def received(self) -> None:
        """What was sent from a page of its own was taken."""
        said = self.page.locator("main").inner_text()[:1500]
        assert "done=" in self.page.url, f"{self.page.url}: {said}"
        assert not self.page.locator(".error-box").count(), said

    def offers(self, act: str, subject: str, name: str, value: str) -> bool:
        """Whether the act's form offers this choice."""
        self.open(f"/desk/do/{act}/{subject}/")
        return self.page.locator(f'.act-form [name="{name}"][value="{value}"]').count() > 0

    def notice(self) -> str:
        """The address of the notice that was posted last."""
        self.open("/notices/")
        href = self.page.locator('main a[href^="/notices/GS"]').first.get_attribute("href")
        assert href is not None
        return f"notice:{href.strip('/').split('/')[-1]}"

    def today(self) -> str:
        """The demo's date."""
        stamp = self.page.locator(".demo-text time").first.get_attribute("datetime")
        assert stamp is not None
        return stamp

    def later(self, days: int) -> str:
        """The day so many after the demo's date."""
        return (date.fromisoformat(self.today()) + timedelta(days=days)).isoformat()

    def choice(self, act: str, subject: str, name: str, label: str) -> str:
        """The value of the choice in an act's form whose label begins so."""
        self.open(f"/desk/do/{act}/{subject}/")
        options = self.page.locator(f'.act-form [name="{name}"] option')
        (found,) = [one for one in options.all() if str(one.text_content()).strip().startswith(label)]
        return str(found.get_attribute("value"))

    def refused(self, act: str, subject: str, **fields: Any) -> str:
        """Try an act that must not be done; what the page says."""
        self.open(f"/desk/do/{act}/{subject}/")
        if self.page.locator('.act-form button[name="step"]').count():
            self.fill(**fields)
            self.page.locator('.act-form button[name="step"][value="preview"]').click()
        assert not self.page.locator('.act-form button[name="step"][value="confirm"]').count(), f"{act} was not refused"
        return self.page.locator("main").inner_text()


def paper(folder: Path, title: str) -> str:
    """A small piece of evidence as a file."""
    from zhiheng.simulation.cast import evidence_pdf

    file = folder / "paper.pdf"
    file.write_bytes(evidence_pdf(title, "0", [title]))
    return str(file)


def letter(folder: Path, issuer: str, number: str, day: str) -> dict[str, Any]:
    """An outside party's letter with its scan, as a form takes it."""
    from zhiheng.simulation.cast import evidence_pdf

    scan = folder / "letter.pdf"
    scan.write_bytes(evidence_pdf("Letter", "0", [issuer]))
    return {"issuer": issuer, "number": number, "dated": day, "scan": str(scan)}
