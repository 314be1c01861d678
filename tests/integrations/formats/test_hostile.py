"""For any file a reader returns rows or a sentence: no traceback, and no quoted content."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.feeds.formats.files.opening import open_file
from integrations.feeds.formats.mappings.drafting import draft_mapping
from integrations.feeds.formats.model import Declared, Format
from integrations.feeds.formats.registry import FORMATS
from integrations.feeds.formats.times import Dates
from integrations.feeds.text_files import FeedError
from tests.integrations.formats.reading import declared, read

calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SAID = Declared(dates=Dates("day-first"), module="M1")
MAGIC = (b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe",
         b"\xfe\xff", b"\xef\xbb\xbf", b"[", b"{", b"[[", b"PAR1", b'"', b'{"verb":')  # fmt: skip
PIECES = (b"", b"\0", b'"', b"\r", b"\n\n", b",,,,", b"\xff", b"{}", b"[]", b"null", b"1e999",
          b"\xe2\x80\x8b", b"9" * 500, b"[" * 3000, b"-", b"31/02/2026", b"\t;|")  # fmt: skip


def holds(name: str, content: bytes, said: Declared = SAID) -> None:
    """Check that reading ends in rows or in a sentence, and drafting a mapping likewise."""
    sentences = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            summary, _ = read(Path(folder), name, content, said)
            sentences += [row.reason for row in summary.rejections.rows]
        except FeedError as error:
            sentences.append(str(error).removeprefix(name))
        try:
            draft_mapping(open_file(Path(folder) / name, Path(folder)))
        except FeedError as error:
            sentences.append(str(error).removeprefix(name))
    assert all(each and each.isprintable() for each in sentences)


@calm
@given(st.sampled_from(MAGIC), st.binary(max_size=300))
def test_random_bytes(magic: bytes, rest: bytes) -> None:
    holds("file.bin", magic + rest)


@calm
@given(st.sampled_from(FORMATS), st.data())
def test_an_example_cut_off_anywhere(reader: Format, data: st.DataObject) -> None:
    whole = reader.example.encode()
    holds(reader.example_name, whole[: data.draw(st.integers(0, len(whole)))], declared(reader))


@calm
@given(st.sampled_from(FORMATS), st.data())
def test_an_example_with_pieces_exchanged(reader: Format, data: st.DataObject) -> None:
    content = bytearray(reader.example.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        content[at : at + length] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    holds(reader.example_name, bytes(content), declared(reader))


@calm
@given(st.sampled_from(FORMATS), st.sampled_from(("gzip", "zip")), st.data())
def test_a_packed_example_that_is_damaged(
    reader: Format, packing: str, data: st.DataObject
) -> None:
    packed = bytearray(_packed(reader.example.encode(), packing))
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(at, len(packed)))
    holds(reader.example_name, bytes(packed[:cut]), declared(reader))


def _packed(content: bytes, packing: str, name: str = "file.csv") -> bytes:
    if packing == "gzip":
        return gzip.compress(content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_a_packed_file_is_read_as_any_other(packing: str, tmp_path: Path) -> None:
    reader = next(each for each in FORMATS if each.key == "moodle")
    content = _packed(reader.example.encode(), packing)
    summary, _ = read(tmp_path, "log.bin", content, declared(reader))
    assert summary.events == 2


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_a_bomb_is_refused_and_not_unpacked(packing: str, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="far more than such a file can hold"):
        read(tmp_path, "bomb.bin", _packed(b"\n" * (80 << 20), packing))


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "..\\out.csv", "C:\\out.csv"])
def test_a_name_that_leads_out_of_an_archive_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="leads out of the archive"):
        read(tmp_path, "way-out.zip", _packed(b"a,b\n", "zip", name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["way-out.zip"]


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = _packed(b"a,b\n", "zip")
    with pytest.raises(FeedError, match="another archive"):
        read(tmp_path, "two.zip", _packed(inner, "zip", "inner.zip"))
