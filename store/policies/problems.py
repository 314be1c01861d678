"""Collect everything that is wrong with a policy whose values are allowed, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Collection

from store import letters
from store.letters.checks import problems_as_sent
from store.letters.policy_texts import unfit_texts
from store.rules.policies.checks import problems_of
from store.rules.policies.clearing_checks import weak_clearing
from store.rules.policies.policy import SchoolPolicy
from store.rules.policies.publication import publication_problems

_IN_LETTERS = frozenset({"letters", "outreach", "urgent", "services", "calendar"})
"""The parts of a document that stand in letters."""


def problems_in(policy: SchoolPolicy, school_name: str, *, is_new: bool) -> list[str]:
    """Return all that is wrong with a policy whose values are allowed, each once.

    Letters are filled in only where their own words and what stands in them are right.
    """
    found = [*problems_of(policy), *letters.letter_problems(policy.letters)]
    in_letters = {key_of(each) for each in found} & _IN_LETTERS
    school = [school_name] if school_name else []
    as_sent = () if in_letters else problems_as_sent(policy, *school)
    unfit = (problem for _, problem in unfit_texts(policy, *school)) if in_letters else ()
    told = publication_problems(policy) if is_new else ()
    weak = (
        () if {key_of(each) for each in found} & {"rules", "overrides"} else weak_clearing(policy)
    )
    return list(dict.fromkeys((*found, *weak, *unfit, *as_sent, *told)))


def key_of(problem: str) -> str:
    """Return the key at the top of the document with which a problem begins; '' for none."""
    found = re.match(r"[a-z_]+(?=[.\[ ])", problem)
    return found[0] if found else ""


def rests_on(problem: str, broken: Collection[str]) -> bool:
    """Say whether a problem may disappear once these parts with refused values are corrected."""
    key = key_of(problem)
    if key in ("letters", "the"):  # the letter as it is sent
        return not _IN_LETTERS.isdisjoint(broken)
    # Rules look at the families of the markers.
    return key in broken or (key in ("rules", "overrides") and "markers" in broken)
