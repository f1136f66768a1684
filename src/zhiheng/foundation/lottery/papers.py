"""What a lottery leaves behind: tickets and probabilities as tables, and all of it as canonical JSON to publish before the draw."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from zhiheng.foundation import canonical
from zhiheng.foundation.lottery.build import PARTS, Lottery
from zhiheng.rules.lottery import Person, Quota
from zhiheng.rules.lottery_chances import evenness

_PLACES = 9


def files(lottery: Lottery, people: Sequence[Person], quotas: Sequence[Quota]) -> dict[str, bytes]:
    """Content by file name. The digest in lottery.json.sha256 is that of lottery.json, as `sha256sum -c` reads it."""
    exact, after = lottery.exact_chances(), lottery.ticket_chances()
    tickets = [(number, ";".join(codes)) for number, codes in enumerate(lottery.tickets, 1)]
    chances = [(code, _nine(exact[code]), shown(after[code])) for code in exact]
    asked = {quota.feature for quota in quotas}
    whole = canonical.dumps(
        {
            "format": "zhiheng-lottery-1",
            "size": lottery.pool.size,
            "people": {person.code: {name: person.features[name] for name in sorted(asked)} for person in people},
            "quotas": [{"feature": q.feature, "value": q.value, "min": q.least, "max": q.most} for q in quotas],
            "types": lottery.pool.people,
            "panels": [{"counts": panel, "parts": parts} for panel, parts in lottery.exact],
            "parts": PARTS,
            "tickets": lottery.tickets,
            "evenness": {"exact": evenness(exact), "tickets": evenness(after)},
        }
    )
    return {
        "tickets.csv": _csv(("ticket", "ids"), tickets),
        "probabilities.csv": _csv(("id", "exact", "tickets"), chances),
        "lottery.json": whole,
        "lottery.json.sha256": f"{canonical.digest(whole)}  lottery.json\n".encode(),
    }


def shown(value: Fraction) -> str:
    """A probability exactly: as a decimal number where nine places hold it, else as a fraction."""
    return _nine(value) if 10**_PLACES % value.denominator == 0 else str(value)


def _nine(value: Fraction) -> str:
    """To nine places, half away from zero."""
    return str(Decimal(int(value * 10**_PLACES + Fraction(1, 2))).scaleb(-_PLACES).quantize(Decimal(1).scaleb(-_PLACES)))


def _csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    # With the mark by which Excel recognises UTF-8.
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
