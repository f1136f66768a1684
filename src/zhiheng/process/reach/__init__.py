"""Which rows an actor may reach: the one permission function behind every list, look-up, search, export and file (T1, T2).

Each function takes who acts and gives a QuerySet of nothing but what they may read; `named` is wider than `entries`: it holds the
entries that an act may be done on by name (an expert declares a conflict with an entry that was published, a department verifies an
event at a winner) without its content being shown. `find` resolves the name of a thing, as the journal and our addresses have it, to
the thing itself, or raises Unreachable: for a thing that is not there and for one that is not theirs alike.

What `permit` allows can be found, so that every button leads somewhere; a test compares the two over whole cycles.
"""

from zhiheng.process.reach.applying import bonus_claims, conflicts, entries, evidence, named, notices, objections
from zhiheng.process.reach.deciding import meetings, motions, polls
from zhiheng.process.reach.files import files, letters
from zhiheng.process.reach.grants import cycles, cycles_now, held
from zhiheng.process.reach.names import KINDS, PLATFORM, Kind, Unreachable, address, find, found, key_of
from zhiheng.process.reach.platform import people, units
from zhiheng.process.reach.reviewing import (
    appraisals,
    consensuses,
    draws,
    experts,
    finals,
    judging,
    panels,
    papers,
    reports,
    results,
    revisions,
    seats,
    sheets,
    visits,
)
from zhiheng.process.reach.supervising import (
    abuse_records,
    certificates,
    change_reports,
    findings,
    journal,
    ledger,
    misuse_reports,
    promotions,
    revisits,
    revocations,
    use_reports,
)

__all__ = [
    "KINDS",
    "PLATFORM",
    "Kind",
    "Unreachable",
    "abuse_records",
    "address",
    "appraisals",
    "bonus_claims",
    "certificates",
    "change_reports",
    "conflicts",
    "consensuses",
    "cycles",
    "cycles_now",
    "draws",
    "entries",
    "evidence",
    "experts",
    "files",
    "finals",
    "find",
    "findings",
    "found",
    "held",
    "journal",
    "judging",
    "key_of",
    "ledger",
    "letters",
    "meetings",
    "misuse_reports",
    "motions",
    "named",
    "notices",
    "objections",
    "panels",
    "papers",
    "people",
    "polls",
    "promotions",
    "reports",
    "results",
    "revisions",
    "revisits",
    "revocations",
    "seats",
    "sheets",
    "units",
    "use_reports",
    "visits",
]  # fmt: skip
