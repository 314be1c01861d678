"""Write small pictures as PNG files, with the standard library alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, each 0 to 255."""

_PALETTE = 3
_BITS = 8


def png(rows: Sequence[Sequence[int]], colours: Sequence[Colour]) -> bytes:
    """Encode the picture whose rows, from the top, hold an index of ``colours`` for each pixel.

    All rows are as long as the first. The same picture gives the same bytes.
    """
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), _BITS, _PALETTE, 0, 0, 0)
    # Each row begins with the number of its filter, which is none.
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    parts = (
        _chunk(b"IHDR", header),
        _chunk(b"PLTE", b"".join(bytes(colour[:3]) for colour in colours)),
        _chunk(b"tRNS", bytes(colour[3] for colour in colours)),
        _chunk(b"IDAT", packed),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check
