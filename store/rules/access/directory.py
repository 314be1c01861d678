"""Who works in which school, as the groups of the university's directory say.

A role in a school follows its groups; a role without a group follows the roster. The directory
never adds a person: it is matched to the roster's colleagues by address, and afterwards by the id
of the account, since addresses are given to other people in time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from store.rules.model import Role

ONE_IN = 5
"""An answer that takes away more than one in so many colleagues of a school waits for a person."""

Place = tuple[str, Role]
"""A role in a school, by the school's code."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account in the directory. ``addresses`` are in lower case."""

    id: str
    addresses: tuple[str, ...]
    is_guest: bool = False
    is_enabled: bool = True

    @property
    def name(self) -> str:
        """Return how a person is told of it: by its address, else its id."""
        return self.addresses[0] if self.addresses else self.id


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """What the directory says: the accounts behind each role, and every account that exists.

    A role whose group no longer exists is missing in ``members``: it stays as it is.
    """

    members: Mapping[Place, frozenset[str]]
    accounts: Mapping[str, Account]


@dataclass(frozen=True, slots=True)
class KnownColleague:
    """A colleague on the roster, with the roles that they have now, by the school's code.

    ``account`` is the account that they were matched to before, '' for none; ``has_left``: the
    directory has switched them off.
    """

    id: int
    email: str
    name: str
    active: bool = True
    account: str = ""
    has_left: bool = False
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role that a colleague gains or loses in the school."""

    colleague: KnownColleague
    role: Role


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """What an answer changes in one school.

    ``leaving`` are the active colleagues who would have no access left there, ``of`` is how many
    active colleagues have some now.
    """

    school: str
    gains: tuple[RoleChange, ...] = ()
    losses: tuple[RoleChange, ...] = ()
    leaving: tuple[KnownColleague, ...] = ()
    of: int = 0
    loses_last_lead: bool = False

    @property
    def is_change(self) -> bool:
        """Return whether anyone gains or loses a role."""
        return bool(self.gains or self.losses)

    @property
    def waits(self) -> bool:
        """Return whether a person has to confirm it: it may be a mistake of the directory."""
        return self.loses_last_lead or len(self.leaving) * ONE_IN > self.of

    @property
    def figure(self) -> str:
        """Return what a person repeats to confirm it, as ``3/9``."""
        return f"{len(self.leaving)}/{self.of}"


@dataclass(frozen=True, slots=True)
class DirectoryChange:
    """Everything that an answer changes. ``accounts``: colleague → the account that is theirs.

    ``gone`` are the colleagues whose account is deleted or disabled; ``guests`` and ``unknown``
    are members of groups who get no access: guests, and people unknown to the roster.
    """

    schools: tuple[SchoolChange, ...]
    accounts: Mapping[int, str]
    gone: frozenset[int]
    guests: tuple[Account, ...]
    unknown: tuple[Account, ...]


def change_by(answer: DirectoryAnswer, staff: Sequence[KnownColleague]) -> DirectoryChange:
    """Return what an answer of the directory changes for the roster's colleagues."""
    in_groups = {each for members in answer.members.values() for each in members}
    present = [answer.accounts[each] for each in sorted(in_groups) if each in answer.accounts]
    owners = _owners(present, staff)
    accounts = {owner.id: account for account, owner in owners.items()}
    accounts |= {each.id: each.account for each in staff if each.account}
    gone = frozenset(
        colleague
        for colleague, account in accounts.items()
        if account not in answer.accounts or not answer.accounts[account].is_enabled
    )
    schools = sorted(
        {school for school, _ in answer.members}
        | {school for each in staff if each.id in gone for school in each.roles}
    )
    return DirectoryChange(
        tuple(_school(school, answer, staff, accounts, gone) for school in schools),
        accounts,
        gone,
        tuple(each for each in present if each.is_guest),
        tuple(each for each in present if not each.is_guest and each.id not in owners),
    )


def _owners(
    present: Iterable[Account], staff: Sequence[KnownColleague]
) -> dict[str, KnownColleague]:
    """Map accounts to their colleagues. An address of two accounts is no one's: never guess."""
    known = {each.account: each for each in staff if each.account}
    by_address = {each.email.casefold(): each for each in staff if not each.account}
    found: dict[str, KnownColleague] = {}
    for account in present:
        if account.id in known:
            found[account.id] = known[account.id]
            continue
        named = {
            by_address[one].id: by_address[one] for one in account.addresses if one in by_address
        }
        if len(named) == 1 and not account.is_guest:
            found[account.id] = next(iter(named.values()))
    times = Counter(each.id for each in found.values())
    return {account: each for account, each in found.items() if times[each.id] == 1}


def _school(
    school: str,
    answer: DirectoryAnswer,
    staff: Sequence[KnownColleague],
    accounts: Mapping[int, str],
    gone: frozenset[int],
) -> SchoolChange:
    after = {
        each.id: frozenset(_roles_after(school, answer, each, accounts.get(each.id), gone))
        for each in staff
    }
    # A colleague who is inactive in the roster has no access now, whatever roles are stored.
    here = [each for each in staff if each.active and each.roles.get(school)]
    leads = [each for each in here if Role.ENGAGEMENT_LEAD in each.roles[school]]
    can_act = [each for each in staff if each.active or each.has_left]
    return SchoolChange(
        school,
        tuple(
            RoleChange(each, role)
            for each in can_act
            for role in sorted(after[each.id] - each.roles.get(school, frozenset()))
        ),
        tuple(
            RoleChange(each, role)
            for each in here
            for role in sorted(each.roles[school] - after[each.id])
        ),
        tuple(each for each in here if not after[each.id]),
        len(here),
        bool(leads) and not any(Role.ENGAGEMENT_LEAD in after[each.id] for each in can_act),
    )


def _roles_after(
    school: str,
    answer: DirectoryAnswer,
    colleague: KnownColleague,
    account: str | None,
    gone: frozenset[int],
) -> Iterator[Role]:
    if colleague.id in gone:
        return
    for role in Role:
        members = answer.members.get((school, role))
        if members is None:
            if role in colleague.roles.get(school, frozenset()):
                yield role
        elif account in members:
            yield role
