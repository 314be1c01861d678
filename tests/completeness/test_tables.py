"""Every database table is defined in one place and imported from there."""

from __future__ import annotations

from collections import defaultdict

import pytest
import sqlalchemy as sa

from store import tables
from store.tables import metadata
from tests.completeness.walking import modules_of

TABLES = 89


def _defined() -> dict[str, set[int]]:
    """Return the ids of the objects with each table's name in the modules of the package."""
    found = defaultdict(set)
    for module in modules_of(tables):
        for each in vars(module).values():
            if isinstance(each, sa.Table):
                found[each.name].add(id(each))
    return found


def test_each_table_is_one_object_in_the_one_metadata() -> None:
    """A test beside the migrations shows that they create exactly these."""
    assert _defined() == {name: {id(table)} for name, table in metadata.tables.items()}
    assert len(metadata.tables) == TABLES


def test_each_table_is_handed_on_under_its_own_name() -> None:
    handed_on = {name: vars(tables)[name] for name in tables.__all__}
    assert len(handed_on) == len(tables.__all__)
    of_tables = {name: each for name, each in handed_on.items() if isinstance(each, sa.Table)}
    for_fairness_alone = {"student_groups", "group_objections", "fairness_figures"}
    assert of_tables.keys() == metadata.tables.keys() - for_fairness_alone
    assert all(table is metadata.tables[name] for name, table in of_tables.items())


def test_a_second_table_of_a_name_is_refused() -> None:
    with pytest.raises(sa.exc.InvalidRequestError, match="already defined"):
        sa.Table("cases", metadata, sa.Column("id", sa.Integer))
