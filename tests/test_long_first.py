"""Check that the files that start first exist."""

from __future__ import annotations

from tests.long_first import HERE, LONG


def test_each_file_that_is_to_start_first_is_there() -> None:
    assert [each for each in LONG if not (HERE / each).is_file()] == []
    assert len(set(LONG)) == len(LONG)
