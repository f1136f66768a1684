"""The English catalogue: collects every text of the pages that can be translated, keeps what is translated, compiles it.

  scripts/messages.py           collects and compiles; says how many texts still lack their English
  scripts/messages.py --check   changes nothing; exit code 1 when a text lacks its English or the compiled file is behind

Source texts are Chinese. The catalogue holds no line numbers and no dates, so that it changes only when a text does.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
PO = ROOT / "src/zhiheng/locale/en/LC_MESSAGES/django.po"
HEAD = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
KEYWORDS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
EPOCH = datetime(2022, 1, 1, tzinfo=UTC)
ALIAS = re.compile(r"\b(n?p?gettext(?:_lazy|_noop)?) as (\w+)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|</?\w+[^>]*>")
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
        for _line, found, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=keywords(source)):
            yield _plain(found), context or ""
    for title in titles():
        yield title, ""


def keywords(source: str) -> dict[str, object]:
    """The names under which a module calls gettext, those included that it chose itself."""
    return KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(source)}


def _plain(found: str | tuple[str, ...]) -> str | tuple[str, str]:
    return found if isinstance(found, str) else (found[0], found[1]) if len(found) > 1 else found[0]


def titles() -> Iterator[str]:
    """Titles that stand in code or in the rules as data, and that pages translate: acts, stages, statuses, roles, fields, awards."""
    from zhiheng.foundation.administration.invitations import GONE
    from zhiheng.foundation.packs.loader import load_pack
    from zhiheng.process import drawcheck, drawfile, replay
    from zhiheng.process.parts.application import KINDS
    from zhiheng.process.parts.audience import AUDIENCE
    from zhiheng.process.register import REGISTER
    from zhiheng.process.roles import ROLES
    from zhiheng.rules.lifecycle import STAGE_TITLES, STATUS_TITLES
    from zhiheng.stages.application.forms import FORMS
    from zhiheng.stages.commendation.services import PURPOSES

    yield from (spec.title for spec in REGISTER.values())
    for known in (ROLES, STAGE_TITLES, STATUS_TITLES, KINDS, PURPOSES):
        yield from known.values()
    yield from (limit for _roles, limit in AUDIENCE.values() if limit)
    yield from (field.title for form in FORMS.values() for field in form.model_fields.values() if field.title)
    yield from choices()
    yield from (GONE, *drawcheck.TITLES, *replay.TITLES, drawfile.TOO_LARGE, drawfile.NOT_ONE)
    for file in (ROOT / "rulepacks").glob("*/pack.yaml"):
        for award in load_pack(file.parent).awards:
            yield from (award.title, award.quota.unit)


def choices() -> Iterator[str]:
    """What the models' fields may say, where it is said in Chinese."""
    from django.apps import apps

    for model in apps.get_models():
        if model.__module__.startswith("zhiheng."):
            for field in model._meta.get_fields():
                yield from (str(title) for _code, title in getattr(field, "choices", None) or () if CHINESE.search(str(title)))


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


def lost(catalog: "Catalog") -> list[str]:  # noqa: F821
    """Translations whose placeholders or tags are not those of their source text."""
    return [
        str(m.id)
        for m in catalog
        if m.id and any(sorted(PLACEHOLDER.findall(one)) != sorted(PLACEHOLDER.findall(_forms(m.id)[0])) for one in _forms(m.string) if one)
    ]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


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
    read = read_po(io.BytesIO(written(catalog)), locale="en")
    read.creation_date = read.revision_date = EPOCH  # both would be the time of compiling
    write_mo(stream, read)
    return stream.getvalue()


def faults() -> list[str]:
    """What `--check` finds."""
    catalog = build()
    found = [f"without English: {text}" for text in missing(catalog)]
    found += [f"placeholders differ: {text}" for text in lost(catalog)]
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
