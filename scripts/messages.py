"""The English catalogue: collects every text of the pages that can be translated, keeps what is translated, compiles it.

  scripts/messages.py           collects and compiles; says how many texts still lack their English
  scripts/messages.py --check   changes nothing; exit code 1 when a text lacks its English or the compiled file is behind

Source texts are Chinese. The catalogue holds no line numbers and no dates, so that it changes only when a text does.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
PO = ROOT / "src/zhiheng/locale/en/LC_MESSAGES/django.po"
HEAD = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
KEYWORDS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "_now", "_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
Message = tuple[str | tuple[str, str], str]  # text (or singular, plural), context


def texts() -> Iterator[Message]:
    """Every text in templates and modules of the pages, and the titles that pages translate from data."""
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    for file in sorted((ROOT / "src/zhiheng").rglob("*")):
        if file.suffix == ".html":
            # Indented as templates are, it would be no Python.
            source = "\n".join(line.strip() for line in templatize(file.read_text(encoding="utf-8"), origin=str(file)).splitlines())
        elif file.suffix == ".py" and "faces" in file.parts:
            source = file.read_text(encoding="utf-8")
        else:
            continue
        for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            yield _plain(found), context or ""
    for title in titles():
        yield title, ""


def _plain(found: str | tuple[str, ...]) -> str | tuple[str, str]:
    return found if isinstance(found, str) else (found[0], found[1]) if len(found) > 1 else found[0]


def titles() -> Iterator[str]:
    """Titles that stand in code as data: acts, stages, statuses, roles."""
    from zhiheng.process.register import REGISTER
    from zhiheng.process.roles import ROLES
    from zhiheng.rules.lifecycle import STAGE_TITLES, STATUS_TITLES

    yield from (spec.title for spec in REGISTER.values())
    yield from ROLES.values()
    yield from STAGE_TITLES.values()
    yield from STATUS_TITLES.values()


def build() -> "Catalog":  # noqa: F821 - babel is imported where it is used
    """The catalogue as the source wants it, with the translations that are there."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    old = read_po(io.BytesIO(PO.read_bytes()), locale="en") if PO.exists() else Catalog(locale="en")
    new = Catalog(locale="en", project="zhiheng", fuzzy=False, charset="utf-8")
    for text, context in sorted(set(texts()), key=lambda m: (m[0] if isinstance(m[0], str) else m[0][0], m[1])):
        known = old.get(text if isinstance(text, str) else text[0], context or None)
        new.add(text, known.string if known else None, context=context or None, flags=[])
    return new


def missing(catalog: "Catalog") -> list[str]:  # noqa: F821
    """Source texts without English."""
    return [str(m.id) for m in catalog if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)]


def written(catalog: "Catalog") -> bytes:  # noqa: F821
    """The catalogue as a file, without dates."""
    from babel.messages.pofile import write_po

    stream = io.BytesIO()
    write_po(stream, catalog, omit_header=True, no_location=True, width=0)
    return HEAD.encode() + stream.getvalue()


def compiled(catalog: "Catalog") -> bytes:  # noqa: F821
    """The catalogue as programs read it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    stream = io.BytesIO()
    write_mo(stream, read_po(io.BytesIO(written(catalog)), locale="en"))
    return stream.getvalue()


def faults() -> list[str]:
    """What `--check` finds."""
    catalog = build()
    found = [f"without English: {text}" for text in missing(catalog)]
    mo = PO.with_suffix(".mo")
    if not PO.exists() or PO.read_bytes() != written(catalog):
        found.append("django.po is behind its source: run scripts/messages.py")
    if not mo.exists() or mo.read_bytes() != compiled(catalog):
        found.append("django.mo is behind django.po: run scripts/messages.py")
    return found


def main() -> int:
    """Collect, or check."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if "--check" in sys.argv:
        found = faults()
        print("\n".join(found[:50]))
        return 1 if found else 0
    catalog = build()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(written(catalog))
    PO.with_suffix(".mo").write_bytes(compiled(catalog))
    print(f"{len(catalog)} texts, {len(missing(catalog))} without English")
    return 0


if __name__ == "__main__":
    sys.exit(main())
