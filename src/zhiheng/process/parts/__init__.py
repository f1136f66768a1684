"""What an actor sees of one entry, part by part.

`look_at` opens an entry for somebody; each part is then a function of that `Sight` which gives its content, or None where it is not
theirs. One table (`audience`) says which role reads which part; the parts ask it, and the entry's page shows it.
"""

from zhiheng.process.parts.application import documents, form, publicity_inside
from zhiheng.process.parts.audience import Part, table
from zhiheng.process.parts.deciding import ballots, visit
from zhiheng.process.parts.history import Line, Run, history, lines, runs
from zhiheng.process.parts.line import stages
from zhiheng.process.parts.opinions import qualification, recommendation
from zhiheng.process.parts.publicity import conflicts, notices, objections
from zhiheng.process.parts.scores import feedback, results, sheets
from zhiheng.process.parts.sight import Sight, look_at, sight_of
from zhiheng.process.parts.standing import Veil, veil_of
from zhiheng.process.parts.winning import honours, supervision

__all__ = [
    "Line",
    "Part",
    "Run",
    "Sight",
    "Veil",
    "ballots",
    "conflicts",
    "documents",
    "feedback",
    "form",
    "history",
    "honours",
    "lines",
    "look_at",
    "notices",
    "objections",
    "publicity_inside",
    "qualification",
    "recommendation",
    "results",
    "runs",
    "sheets",
    "sight_of",
    "stages",
    "supervision",
    "table",
    "veil_of",
    "visit",
]
