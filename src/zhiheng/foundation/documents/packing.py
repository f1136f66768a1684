"""Office files are zip archives; repacked with fixed times, so that the same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The earliest time that a zip archive can hold; spreadsheet programs write the same.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def frozen(archive: bytes, replace: Mapping[str, bytes] | None = None) -> bytes:
    """The archive with its parts in the same order, without times and machine marks; parts named in `replace` get that content."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            packed.writestr(entry, (replace or {}).get(name, source.read(name)))
    return target.getvalue()
