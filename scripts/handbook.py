"""The handbook's pictures: real pages of the demo, as each role sees them.

  make handbook      (or .venv/bin/python scripts/handbook.py [--in FOLDER] [NAME …])

Serves sites of its own on free loopback ports, one after the other, signs in as each role and writes docs/handbook/images/NAME.jpg.
With --in, the sites are made in that folder and used again the next time. Needs Chromium and a Chinese font.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
IMAGES = ROOT / "docs/handbook/images"
WIDTH, HEIGHT, TALLEST, PHONE, QUALITY = 1280, 800, 1250, 390, 68
MOST, MOST_BYTES = 27, 3_300_000
#: Fields for days as a browser in Chinese draws them: which language it speaks depends on the machine.
DAYS = """document.querySelectorAll("input[type=date]").forEach(one => {
  const day = one.value; one.type = "text"; one.value = day ? day.replaceAll("-", "/") : "年/月/日";
})"""
#: The sites: the demo, an open call, a shortlist in public, a sitting of the committee.
DEMO, CALL, PUBLISHED, SITTING = "demo", "call", "published", "sitting"
NOTICE = 'main a[href^="/notices/GS"]'  # the newest
Steps = Callable[["Page", str], None]  # noqa: F821 - playwright is imported where it is used


def _follow(*places: str) -> Steps:
    """Click through: each place is a selector, the first that fits is taken."""

    def steps(page: "Page", _address: str) -> None:  # noqa: F821
        for place in places:
            with page.expect_navigation():
                page.locator(place).first.click()

    return steps


def _score(page: "Page", _address: str) -> None:  # noqa: F821
    """A sheet that has been begun, with the materials folded away."""
    _follow(".works th a")(page, "")
    for summary in ("details.application > summary", "#item-1\\.1 details.wording > summary"):
        page.locator(summary).click()
    for code, mark in (("1.1", "65"), ("1.2", "60"), ("1.3", "70"), ("2.1", "55")):
        page.locator(f'[name="mark-{code}"]').select_option(mark)
    page.locator('[name="strengths-1.1"]').fill("高层领导确定并宣贯使命、愿景和价值观，形成制度并定期评价。")
    page.locator('[name="improvements-1.1"]').fill("对价值观落实效果的测量尚不系统，可结合员工调查改进。")


def _object(page: "Page", _address: str) -> None:  # noqa: F821
    """From the notice to the filled form of an objection."""
    _follow(NOTICE, 'a:has-text("在线提出异议")')(page, "")
    page.locator("#entry").select_option(index=1)
    page.locator("#name").fill("王建国")
    page.locator("#contact").fill("0311-80000000")
    page.locator("#content").fill("公示名单所列主要业绩中，2025 年顾客满意度数据与该单位当年社会责任报告不一致，报告第 12 页载明为 91.3%。")


def _receive(page: "Page", address: str) -> None:  # noqa: F821
    """On to its receipt."""
    _object(page, address)
    _follow('button:has-text("下一步：核对")', 'button:has-text("确认提交")')(page, address)


def _rate(page: "Page", _address: str) -> None:  # noqa: F821
    """A rating chosen for the first two."""
    for number, choice in enumerate((0, 1)):
        page.locator("main fieldset").nth(number).locator('input[type="radio"]').nth(choice).check()


@dataclass(frozen=True)
class Picture:
    """One picture: its file's name, who looks (a role and a word to find the person by; "": the public), the page, the steps from there."""

    name: str
    role: str
    path: str
    steps: Steps | None = None
    site: str = DEMO
    word: str = ""
    width: int = WIDTH
    tallest: int = TALLEST


SUBMIT = "/desk/do/application.submit/entry:2026-Z-0001/"
PREVIEW, CONFIRM = '.act-form button[value="preview"]', '.act-form button[value="confirm"]'
PICTURES = (
    Picture("sign-in", "", "/accounts/login/"),
    Picture("applicant-home", "applicant", "/desk/", site=CALL),
    Picture("applicant-form", "applicant", "/desk/do/application.save/entry:2026-Z-0001/", site=CALL),
    Picture("applicant-confirm", "applicant", SUBMIT, _follow(PREVIEW), site=CALL),
    Picture("applicant-receipt", "applicant", SUBMIT, _follow(PREVIEW, CONFIRM), site=CALL),
    Picture("recommender-home", "recommender", "/desk/"),
    Picture("office-cycle", "office", "/desk/cycles/2026/"),
    Picture("office-board", "office", "/desk/cycles/2026/board/"),
    Picture("office-figures", "office", "/desk/cycles/2026/figures/"),
    Picture("office-calendar", "office", "/desk/cycles/2026/calendar/?view=month"),
    Picture("entry", "office", "/desk/entries/2024-Z-0001/"),
    Picture("experts", "office", "/desk/experts/", tallest=1000),
    Picture("draw-room", "office", "/desk/cycles/2024/draws/material/"),
    Picture("draw-screen", "office", "/desk/cycles/2024/draws/material/screen/", tallest=800),
    Picture("expert-sheet", "expert", "/desk/review/", _score, word="ZJ0015"),
    Picture("expert-consensus", "expert", "/desk/review/", _follow('tr:has-text("2026-Z-0018") a:has-text("评分与合议")'), word="ZJ0024"),
    Picture("meeting-room", "chair", "/desk/committee/", site=SITTING),
    Picture("member-ballot", "member", "/desk/committee/", site=SITTING, width=PHONE, tallest=800),
    Picture("meeting-screen", "chair", "/desk/committee/", _follow('a:has-text("大屏幕")'), site=SITTING),
    Picture("inspector-journal", "inspector", "/desk/journal/"),
    Picture("administration", "admin", "/desk/administration/"),
    Picture("public-home", "", "/", site=PUBLISHED),
    Picture("public-objection", "", "/notices/", _object, site=PUBLISHED),
    Picture("public-receipt", "", "/notices/", _receive, site=PUBLISHED),
    Picture("public-survey", "", "/survey/2026/", _rate, site=PUBLISHED),
    Picture("public-certificate", "", "/certificates/?number=ZLJ-2024-Z02"),
    Picture("demo-tour", "", "/demo/tour/"),
)


def main(arguments: list[str]) -> int:
    """Take the pictures (all, or those named)."""
    wanted = argparse.ArgumentParser(description="takes the handbook's pictures")
    wanted.add_argument("--in", dest="folder", type=Path, help="where the sites are made and kept")
    wanted.add_argument("names", nargs="*", metavar="NAME")
    given = wanted.parse_args(arguments)
    if missing := _missing():
        print(missing, file=sys.stderr)
        return 1
    folder = given.folder or Path(tempfile.mkdtemp())
    try:
        _take_all(folder, [one for one in PICTURES if not given.names or one.name in given.names])
    finally:
        if given.folder is None:
            shutil.rmtree(folder)
    return _weigh()


def _missing() -> str:
    """What this machine lacks for pictures that can be read; "" when nothing."""
    from tests.conftest import CHROMIUM

    if CHROMIUM is None:
        return "Chromium is needed (Debian: apt-get install chromium-headless-shell)"
    if shutil.which("fc-list") is None:
        return "fc-list is needed, to see whether there is a Chinese font (Debian: apt-get install fontconfig)"
    if not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip():
        return "no Chinese font: the pictures would show boxes for characters (Debian: apt-get install fonts-noto-cjk)"
    return ""


def _weigh() -> int:
    """How much all pictures weigh; a failure when they are too many or too heavy for the repository."""
    found = sorted(IMAGES.glob("*.jpg"))
    size = sum(one.stat().st_size for one in found)
    print(f"{len(found)} pictures, {size / 1_000_000:.2f} MB")
    stray = sorted({one.stem for one in found} - {one.name for one in PICTURES})
    if stray:
        print(f"no longer taken, to be removed: {', '.join(stray)}", file=sys.stderr)
    return int(bool(stray) or len(found) > MOST or size > MOST_BYTES)


def _take_all(folder: Path, pictures: list[Picture]) -> None:
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM
    from tests.journeys.server import serving

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for site in dict.fromkeys(one.site for one in pictures):
            _make(folder, site)
            with tempfile.TemporaryDirectory() as used, serving(_copied(folder / site, Path(used))) as address:
                for picture in pictures:
                    if picture.site == site:
                        _take(browser, address, picture)
                        print(picture.name, flush=True)
        browser.close()


def _copied(site: Path, place: Path) -> Path:
    """A copy of a site to act in, so that the site stays as it was made."""
    shutil.copytree(site, place, dirs_exist_ok=True)
    return place


def _make(folder: Path, site: str) -> None:
    """The site's database and files, unless they are there already. The published shortlist is made on the way to the sitting."""
    from tests.journeys.server import command, manage

    place = folder / site
    if (folder / f"{site}.made").exists():
        return manage(place, "collectstatic", "--noinput", "--verbosity", "0")
    if site == PUBLISHED:
        return _make(folder, SITTING)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    manage(place, "migrate", "--noinput", "--verbosity", "0")
    manage(place, "collectstatic", "--noinput", "--verbosity", "0")
    if site == DEMO:
        command(place, "demo", "load")
    else:
        call = "worlds.call()" if site == CALL else f"worlds.sitting({str(folder / PUBLISHED)!r})"
        manage(place, "shell", "--verbosity", "0", "--command", f"from scripts import handbook_worlds as worlds; {call}")
    for made in (site, PUBLISHED) if site == SITTING else (site,):
        (folder / f"{made}.made").touch()
    return None


def _take(browser: "Browser", address: str, picture: Picture) -> None:  # noqa: F821 - playwright is imported where it is used
    page = browser.new_page(viewport={"width": picture.width, "height": HEIGHT}, locale="zh-CN", reduced_motion="reduce")
    if picture.role:
        page.goto(f"{address}/demo/?word={picture.word}")
        page.locator(f'section[aria-labelledby="role-{picture.role}"] button').first.click()
        page.wait_for_url("**/desk/**")
    answer = page.goto(address + picture.path)
    assert answer is not None, picture.path
    assert answer.status == 200, (picture.path, answer.status)
    if picture.steps:
        picture.steps(page, address)
    page.wait_for_load_state("load")
    page.evaluate(DAYS)
    page.wait_for_timeout(400)  # not until the network is silent: a meeting's page asks for news every few seconds
    tall = min(page.evaluate("document.documentElement.scrollHeight"), picture.tallest)
    page.set_viewport_size({"width": picture.width, "height": max(HEIGHT, tall)})  # what keeps to the window is then as tall as the picture
    clip = {"x": 0, "y": 0, "width": picture.width, "height": tall}
    page.screenshot(path=IMAGES / f"{picture.name}.jpg", type="jpeg", quality=QUALITY, full_page=True, clip=clip)
    page.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
