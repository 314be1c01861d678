"""Fixture: the policy that most tests of policies start from."""

from __future__ import annotations

import pytest

from store.policies.document import parse
from store.rules.policies.policy import SchoolPolicy
from tests.store.policy_example import DOCUMENT


@pytest.fixture
def policy() -> SchoolPolicy:
    return parse(DOCUMENT, "language.toml")
