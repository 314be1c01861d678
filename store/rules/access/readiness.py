"""Work out which buttons of a card can succeed, for one person or for anyone who may press them.

What can be checked before a click is checked here, so that no one reads an email that
they cannot approve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from store.rules.access.permissions import Action, may
from store.rules.cases.case import Actor
from store.rules.text.formatting import counted, either


@dataclass(frozen=True, slots=True)
class DraftState:
    """The waiting draft, and the views that count towards its approval (§13). Staff are ids."""

    writers: frozenset[int]
    drafter: int
    views_from: frozenset[int]
    """Everyone who gave a view; a writer's and the approver's own do not count."""
    wanted_from: frozenset[int] | None = None
    """Those in ``views_from`` with a role that the school requires; None where it requires none."""
    wanted_roles: str = ""
    views_needed: int = 1
    """0 for an email about welfare, which skips the discussion."""
    writer_may_approve: bool = True
    hindrance: str = ""
    """Why no one can approve the draft now; '' where someone can."""
    edit_hindrance: str = ""
    """Why no one can edit the draft now; '' where someone can."""

    def missing(self, approver: int | None = None) -> int:
        """Count the views still needed before ``approver`` (None: anyone) can approve the draft."""
        counting = self.views_from - self.writers - {approver}
        return max(self.views_needed - len(counting), 0)

    def lacks_role(self, approver: int | None = None) -> bool:
        """Return whether a view from a role that the school requires is missing."""
        if self.wanted_from is None or not self.views_needed:
            return False
        return not self.wanted_from - self.writers - {approver}

    def can_be_approved(self, approver: int) -> bool:
        """Return whether this person can approve the draft, as far as is known."""
        if self.hindrance or (approver in self.writers and not self.writer_may_approve):
            return False
        return not self.missing(approver) and not self.lacks_role(approver)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known on a day about a case and its school."""

    people: tuple[Actor, ...]
    """All staff of the home school who may act on the case."""
    school: int
    owner: int | None = None
    draft: DraftState | None = None
    draft_hindrance: str = ""
    """Why no email about engagement can be drafted now; '' where one can."""
    has_services: bool = True
    traces_come_next: bool = True
    reviewers: frozenset[int] = frozenset()
    """The people who may review a waiting use of the welfare route."""
    review_names: tuple[str, ...] = ()
    """The names for each waiting use, oldest first; '' where no one can review it yet."""
    resolvers: frozenset[int] = frozenset()
    """The people who decide on an open complaint."""
    resolver_names: str = ""
    """Their names; '' where no one can resolve it yet."""
    may_be_given_it: frozenset[int] = frozenset()
    """The people who may become the owner."""
    reporter: int | None = None
    """The colleague who reported that the student has died."""
    names: Mapping[int, str] = field(default_factory=dict)

    def can(self, what: str, person: Actor) -> bool:
        """Return whether this person may press the button, and as far as known with success."""
        action = _ACTION_OF.get(what)
        if action is not None and not may(person, action, self.school):
            return False
        check = _CHECKS.get(what)
        return check is None or check(self, person.id)

    def anyone_can(self, what: str) -> bool:
        """Return whether anyone can press the button with success."""
        return any(self.can(what, person) for person in self.people)

    def approval_line(self, person: Actor | None) -> str:
        """Return what the draft needs before approval, for ``person`` or everyone, or ''."""
        draft = self.draft
        if draft is None:
            return ""
        if draft.hindrance:
            return f"The email cannot be approved now. {draft.hindrance}"
        able = [each for each in self.people if may(each, Action.APPROVE, self.school)]
        looking = person.id if person is not None and person in able else None
        not_able = [each.name for each in able if not draft.can_be_approved(each.id)]
        if missing := self._missing(draft, looking):
            return missing if missing.endswith(".") else f"{missing}, {_BEFORE}"
        if person is None and not_able:
            return f"The email can be approved, but not by {either(sorted(not_able))}."
        return ""

    def missing_line(self, person: Actor | None) -> str:
        """Return which view the draft lacks, for ``person`` or everyone, or ''."""
        if self.draft is None or self.draft.hindrance:
            return ""
        able = [each for each in self.people if may(each, Action.APPROVE, self.school)]
        return self._missing(
            self.draft, person.id if person is not None and person in able else None
        )

    def _missing(self, draft: DraftState, looking: int | None) -> str:
        """Return what has to come first, for one possible approver or for everyone, or ''."""
        if looking in draft.writers and not draft.writer_may_approve:
            return "You wrote this email. In your school another colleague approves it."
        if missing := draft.missing(looking):
            names = self._not_from(draft, looking)
            return f"Needs {counted(missing, 'view')}" + (f", not from {names}" if names else "")
        if draft.lacks_role(looking):
            return f"Needs a view of the {draft.wanted_roles}"
        return ""

    def _not_from(self, draft: DraftState, looking: int | None) -> str:
        """Name the colleagues whose view would not count: authors, viewers and the approver."""
        others = (draft.writers | draft.views_from) - {looking}
        names = sorted(self.names[each] for each in others if each in self.names)
        return either([*names, *(["you"] if looking is not None else [])])


def _approve(ready: Readiness, person: int) -> bool:
    return ready.draft is not None and ready.draft.can_be_approved(person)


def _draft(ready: Readiness, _person: int) -> bool:
    draft = ready.draft
    return not (draft.edit_hindrance if draft else ready.draft_hindrance)


def _others_view(ready: Readiness, person: int) -> bool:
    return any(each.id != person and may(each, Action.VIEW, ready.school) for each in ready.people)


_BEFORE = "before the email can be approved."

_CHECKS: Mapping[str, Callable[[Readiness, int], bool]] = {
    "take": lambda ready, person: person != ready.owner,
    "assign": lambda ready, _: bool(ready.may_be_given_it - {ready.owner}),
    "ask": _others_view,
    "approve": _approve,
    "draft": _draft,
    "reject": lambda ready, person: ready.draft is not None and ready.draft.drafter != person,
    "refer": lambda ready, _: ready.has_services,
    "traces": lambda ready, _: ready.traces_come_next,
    "review": lambda ready, person: person in ready.reviewers,
    "resolve": lambda ready, person: person in ready.resolvers,
    "export": lambda ready, person: person in ready.resolvers,
    "death-decide": lambda ready, person: person != ready.reporter,
}

_ACTION_OF: Mapping[str, Action] = {
    **{each.value: each for each in Action if each is not Action.REVIEW},
    "draft-welfare": Action.DRAFT,
    "history": Action.REVEAL,
    "read-now": Action.REVEAL,
    "attempt": Action.LOG,
    "said": Action.LOG,
    "check-reply": Action.LOG,
    "death-decide": Action.CONFIRM_DEATH,
    "resolve": Action.COMPLAIN,
    "export": Action.COMPLAIN,
}
"""The permission that a button needs. A deputy may also review or resolve."""
