"""JPEG and PNG: whole, nothing behind them, not more pixels than a page can show (T5)."""

from __future__ import annotations

import io
import re
import struct

from PIL import Image

from zhiheng.foundation.files.limits import Limits, RefusedFile, broken
from zhiheng.foundation.files.trailing import hidden, is_also_zip, second_file

_JPEG_START = b"\xff\xd8\xff"
#: A marker in JPEG data: not a stuffed FF00, a restart or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_END_OF_IMAGE = 0xD9
_PARTS = 100_000  # chunks or segments of one image, and images in one file: more is no photograph


def check_image(kind: str, data: bytes, limits: Limits) -> None:
    """Raise RefusedFile for a broken image, one with another file behind it, or one with too many pixels. Pillow reads the header only."""
    end = _png_end(data) if kind == "png" else _jpeg_end(data)
    # Cameras append further JPEG images (previews, depth, HDR); those are images too.
    while kind == "jpg" and data.startswith(_JPEG_START, end):
        end = _jpeg_end(data, end)
    if second_file(data[end:]) or is_also_zip(data):
        raise hidden("图片")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",) if kind == "jpg" else ("PNG",)) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(limits) from None
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise broken("图片") from error
    if width * height > limits.max_pixels:
        raise _too_many(limits)


def _too_many(limits: Limits) -> RefusedFile:
    return RefusedFile(f"图片像素过多，请缩小到{limits.max_pixels // 10_000}万像素以内后上传", "pixels")


def _png_end(data: bytes) -> int:
    """Where the IEND chunk ends."""
    at = 8
    for _ in range(_PARTS):
        if at + 12 > len(data):
            break
        length = int.from_bytes(data[at : at + 4])
        name, at = data[at + 4 : at + 8], at + 12 + length
        if name == b"IEND" and at <= len(data):
            return at
    raise broken("图片")


def _jpeg_end(data: bytes, start: int = 0) -> int:
    """Where the end-of-image marker of the JPEG at `start` ends; segments are skipped by length, so a preview inside does not count."""
    at = start + 2
    for _ in range(_PARTS):
        marker = _MARKER.search(data, at)
        if marker is None:
            break
        at = marker.end()
        if data[at - 1] == _END_OF_IMAGE:
            return at
        if at + 2 > len(data):
            break
        at += int.from_bytes(data[at : at + 2])
    raise broken("图片")
