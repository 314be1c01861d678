"""A machine's temporary failure or a signal is never taken for a damaged file.

A file recorded as damaged is not read again until its content changes; a day recorded as damaged is
set aside. So a full disk, a lack of memory and a job's end are passed on unchanged.
"""

from __future__ import annotations

import errno
import gzip
import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from unittest.mock import Mock, patch

import duckdb
import pytest
from rq.timeouts import JobTimeoutException

from integrations.activity import day_files
from integrations.activity.errors import LakeError, is_of_the_machine, signals_go_through
from integrations.activity.scratch_database import ScratchDatabase, open_workspace
from integrations.error_summary import GOES_THROUGH, QueryInterrupted
from integrations.fault_sentences import fault_sentence
from integrations.feeds import manifest, text_files
from integrations.feeds.formats.files import parquet_rows, unpacking, workbooks
from integrations.feeds.formats.mappings import mapping
from integrations.feeds.text_files import FeedError

DISK = (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.ESTALE, errno.EROFS, errno.ENOMEM)
OF_QUERIES = (
    duckdb.OutOfMemoryException("could not allocate block"),
    duckdb.IOException("Could not write file: No space left on device"),
    duckdb.IOException('Cannot open file "x": Too many open files'),
    duckdb.IOException("Could not read from file: Input/output error"),
)


def read_text(path: Path, broken: Mock) -> None:
    text_files._next_block(Mock(read=broken), path)


def read_workbook(path: Path, broken: Mock) -> None:
    with patch.object(workbooks, "CalamineWorkbook", Mock(from_path=broken)):
        list(workbooks.rows(path, path.name))


def read_zip(path: Path, broken: Mock) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "student\n1\n")
    with patch.object(unpacking, "_copy", broken):
        unpacking.unpack_zip(path, path.parent)


def read_gzip(path: Path, broken: Mock) -> None:
    path.write_bytes(gzip.compress(b"student\n1\n"))
    with patch.object(unpacking, "_copy", broken):
        unpacking.unpack_gzip(path, path.parent)


def read_manifest(path: Path, broken: Mock) -> None:
    with patch.object(Path, "read_text", broken):
        manifest._read(path, ["from"])


def read_mapping(path: Path, broken: Mock) -> None:
    with patch.object(Path, "read_text", broken):
        mapping._load(path)


READERS = (read_text, read_workbook, read_zip, read_gzip, read_manifest, read_mapping)


@pytest.mark.parametrize("reader", READERS, ids=lambda each: each.__name__)
def test_a_disk_that_fails_is_not_the_file_s_fault(
    tmp_path: Path, reader: Callable[[Path, Mock], None]
) -> None:
    for number in DISK:
        error = OSError(number, os.strerror(number))
        with pytest.raises(OSError, match=os.strerror(number)):
            reader(tmp_path / "swipes.csv", Mock(side_effect=error))
        assert fault_sentence(error)


@pytest.mark.parametrize("error", OF_QUERIES, ids=str)
def test_nor_is_a_query_that_had_no_room(error: duckdb.Error, tmp_path: Path) -> None:
    assert is_of_the_machine(error)
    assert fault_sentence(error)
    path = tmp_path / "2025-10-06.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS student) TO '{path}'")
    work = ScratchDatabase(Mock(execute=Mock(side_effect=error)), tmp_path)
    with pytest.raises(LakeError) as caught:
        day_files.is_sound(work, path, {"student": "BIGINT"})
    assert not caught.value.permanent


@pytest.mark.parametrize("content", [b"no parquet " * 90, b"PAR1 PAR1", b""])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(content)
    with pytest.raises(FeedError, match="fetch it again"):
        list(parquet_rows.rows(path, path.name))
    with open_workspace(tmp_path / "work") as work:
        assert not day_files.is_sound(work, path, {"student": "BIGINT"})


@pytest.fixture
def late() -> Iterator[Callable[[], None]]:
    """Make rq's time-out happen in a moment, as its alarm raises it."""

    def fires(_number: int, _frame: FrameType | None) -> None:
        raise JobTimeoutException

    before = signal.signal(signal.SIGALRM, fires)

    def soon() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    yield soon
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


LONG = "SELECT count(*) FROM range(20000000) WHERE range * 7 % 11 = 3"


def test_a_job_s_end_goes_through_a_query(tmp_path: Path, late: Callable[[], None]) -> None:
    """DuckDB replaces what the signal raised by an error of its own."""
    assert issubclass(QueryInterrupted, GOES_THROUGH)

    def take_long() -> None:
        with open_workspace(tmp_path) as work:
            work.con.execute("SET threads = 1")
            late()
            for _ in range(100):
                work.con.execute(LONG).fetchall()

    with pytest.raises(GOES_THROUGH):
        take_long()


def test_another_error_of_that_kind_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="cannot start"), signals_go_through():
        raise RuntimeError("cannot start")
