"""The files of a cycle: its official papers and its dossier. Each is taken by a button, and the taking is on record."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.office.downloads import attachment, marked
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation.acts import ActError
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import dossier, exporting
from zhiheng.process.papers.catalogue import Paper, paper, papers_for
from zhiheng.process.papers.frame import File, frame
from zhiheng.rules.decision import Reason

ZIP = "application/zip"
MIMES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of document on the page. here: it exists by now; held: it is sealed from this person (K7)."""

    paper: Paper
    stage: str
    here: bool
    held: bool


@part(Tab.FILES)
def files(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """What there is to take, what is in it, and from which stage on it exists."""
    return _page(request, cycle)


@require_POST
@part(Tab.FILES, read=False)
def take(request: DeskRequest, cycle: Cycle) -> HttpResponseBase:
    """One kind of document, all of them, or the dossier; recorded before it is made."""
    what = request.POST.get("what", "")[:40]
    try:
        receipt = exporting.export(request.desk.acting, cycle, what=what)
    except ActError as error:
        return _page(request, cycle, error.decision.refusals, 409)
    if what == exporting.DOSSIER:
        return _dossier(cycle)
    made = [file for code in receipt.value if (kind := paper(code)) for file in kind.maker(frame(cycle))]
    if not made:
        return _page(request, cycle, (Reason(False, _("该文书尚未形成")),), 409)
    title = f"{cycle.title}{exporting.TITLES[what] if what in exporting.TITLES else receipt_title(what)}"
    return _one(made[0]) if len(made) == 1 else _many(made, title)


def receipt_title(what: str) -> str:
    """The title of a kind of document."""
    found = paper(what)
    return found.title if found else ""


def _page(request: DeskRequest, cycle: Cycle, reasons: tuple[Reason, ...] = (), status: int = 200) -> HttpResponse:
    acting = request.desk.acting
    titles = {stage.code: stage.title for stage in rules_of(cycle).stages}
    judging = exporting.judges(acting, cycle)
    offers = [
        Offer(one, titles[one.stage], one.exists(cycle), one.sealed and judging) for one in papers_for(acting.role) if one.stage in titles
    ]
    context = {
        "offers": offers,
        "any": any(offer.here and not offer.held for offer in offers),
        "dossier": acting.role in exporting.DOSSIER_ROLES,
        "judging": judging,
        "recusal_article": rules_of(cycle).article("K7", "七(七)"),
        "reasons": reasons,
    }
    response = draw(request, cycle, Tab.FILES, context)
    response.status_code = status
    return response


def _one(file: File) -> HttpResponse:
    return attachment(file.name, file.data, MIMES[Path(file.name).suffix])


def _many(made: list[File], title: str) -> FileResponse:
    """Several files as one archive, written to disk and sent from there."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # the documents are compressed already
        for file in made:
            archive.writestr(zipfile.ZipInfo(file.name), file.data)
    target.seek(0)
    return marked(FileResponse(target, content_type=ZIP), f"{title}.zip")


def _dossier(cycle: Cycle) -> FileResponse:
    """The dossier, written whole and then sent; nothing of it stays behind."""
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        path = Path(folder) / "dossier.zip"
        dossier.export(cycle, path)
        stream = path.open("rb")  # still readable after its folder is gone
    return marked(FileResponse(stream, content_type=ZIP), f"{cycle.title}评审档案.zip")
