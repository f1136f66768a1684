"""The handbook's pictures: real pages of the demo, as each role sees them.

  make handbook      (or .venv/bin/python scripts/handbook.py [NAME …])

Serves a demo of its own on a free loopback port, signs in as each role and writes docs/handbook/images/NAME.jpg. Needs Chromium.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
IMAGES = ROOT / "docs/handbook/images"
WIDTH, HEIGHT, TALLEST = 1280, 800, 1600


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, who looks (a role and a word to find the person by; "": the public), and the page."""

    name: str
    role: str
    path: str
    word: str = ""
    width: int = WIDTH


PICTURES = (
    Picture("public-home", "", "/"),
    Picture("public-notice", "", "/notices/GS2026-001/"),
    Picture("public-certificates", "", "/certificates/"),
    Picture("demo-roles", "", "/demo/"),
    Picture("demo-tour", "", "/demo/tour/"),
    Picture("office-home", "office", "/desk/"),
    Picture("office-cycle", "office", "/desk/cycles/2026/"),
    Picture("office-entries", "office", "/desk/entries/"),
    Picture("office-calendar", "office", "/desk/cycles/2026/calendar/"),
    Picture("office-act", "office", "/desk/do/calendar.extend/platform:-/"),
    Picture("applicant-home", "applicant", "/desk/"),
    Picture("recommender-home", "recommender", "/desk/"),
    Picture("recommender-entries", "recommender", "/desk/entries/"),
    Picture("agency-home", "agency", "/desk/"),
    Picture("expert-home", "expert", "/desk/"),
    Picture("member-home", "member", "/desk/", width=390),
    Picture("inspector-journal", "inspector", "/desk/journal/"),
    Picture("administration", "admin", "/desk/administration/"),
)


def main(wanted: list[str]) -> int:
    """Take the pictures (all, or those named)."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM
    from tests.journeys.server import command, manage, serving

    if CHROMIUM is None:
        print("Chromium is needed", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    try:
        manage(folder, "migrate", "--noinput", "--verbosity", "0")
        manage(folder, "collectstatic", "--noinput", "--verbosity", "0")
        command(folder, "demo", "load")
        with serving(folder) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for picture in PICTURES:
                if not wanted or picture.name in wanted:
                    _take(browser, address, picture)
                    print(picture.name)
            browser.close()
    finally:
        shutil.rmtree(folder)
    return 0


def _take(browser: "Browser", address: str, picture: Picture) -> None:  # noqa: F821 - playwright is imported where it is used
    page = browser.new_page(viewport={"width": picture.width, "height": HEIGHT})
    if picture.role:
        page.goto(f"{address}/demo/?word={picture.word}")
        page.locator(f'section[aria-labelledby="role-{picture.role}"] button').first.click()
        page.wait_for_url("**/desk/**")
    answer = page.goto(address + picture.path)
    assert answer is not None, picture.path
    assert answer.status == 200, (picture.path, answer.status)
    page.wait_for_load_state("networkidle")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    clip = {"x": 0, "y": 0, "width": picture.width, "height": tall}
    page.screenshot(path=IMAGES / f"{picture.name}.jpg", type="jpeg", quality=72, full_page=True, clip=clip)
    page.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
