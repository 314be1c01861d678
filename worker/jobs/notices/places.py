"""Places that take messages: a school's channel, its mailbox, and its colleagues' chats.

A place that is unavailable counts as one problem, however many messages wait for it. The problem
ends when the place takes a message again and none waits; the first message that it takes wakes the
others, in their order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from integrations.bootstrap import Services
from store.actions.notices import troubles
from store.actions.notices.troubles import Trouble
from store.delivery.claims import OutboxRow
from store.delivery.waiting_rows import is_waiting, try_together_at, wake_waiting
from store.queries.schools.troubles import tells_of_trouble
from store.rules.model import OutboxKind, TroubleKind
from worker.one_by_one import note_failure

PROBES = 3
"""After this many refused emails in a row, a mailbox counts as closed. One or two may be refused
for their own content.
"""

IN_CHANNELS = (OutboxKind.CARD, OutboxKind.DIGEST, OutboxKind.LINE)
_PLACES = {
    OutboxKind.NOTICE: TroubleKind.COLLEAGUE,
    OutboxKind.MAIL: TroubleKind.SENDING,
    OutboxKind.AUTOMATIC_REPLY: TroubleKind.SENDING,
    OutboxKind.DATA_LETTER: TroubleKind.SENDING,
}
_SAYS: Mapping[TroubleKind, str] = {
    TroubleKind.CHANNEL: "Lantern cannot post in your school's channel.",
    TroubleKind.SENDING: "Approved emails of your school wait.",
    TroubleKind.COLLEAGUE: "Lantern cannot deliver a private message to a colleague.",
}


@dataclass
class Places:
    """Records the results of one kind of message to one school, while a worker delivers them."""

    services: Services
    kind: OutboxKind
    school: int
    _has_taken: bool = field(default=False, init=False)
    _refused_in_a_row: int = field(default=0, init=False)
    _again_at: dt.datetime | None = field(default=None, init=False)

    def took(self, row: OutboxRow) -> None:
        """Record that the place took this message, which ends the message's own problem."""
        store, is_first = self.services.store, not self._has_taken
        self._has_taken = True
        self._refused_in_a_row, self._again_at = 0, None
        troubles.over(store, self._of, self._key(row))
        # One colleague's chat says nothing about another's.
        if is_first and self.kind is not OutboxKind.NOTICE and self._waits():
            with store.unit_of_work() as work:
                wake_waiting(work, self.kind, self.school)

    def finish(self) -> None:
        """Close the place's recorded failure where a post succeeded and none is waiting."""
        self._hold(all_due=False)
        if self._has_taken and not self._waits():
            troubles.over(self.services.store, self._of, str(self.school))

    def took_nothing(self, error: Exception) -> None:
        """Record that nothing can be posted to this place for now."""
        note_failure(self.services.store, self._trouble(str(self.school)), error)

    @property
    def is_closed(self) -> bool:
        """Return whether the place refused the last message that was tried."""
        return self._again_at is not None

    def close_until(self, again_at: dt.datetime) -> None:
        """Record that a mailbox takes nothing before ``again_at``. After some refusals in a row the
        other emails wait until then, untried: they keep their order, and the service gets no
        useless requests.
        """
        self._refused_in_a_row += 1
        self._again_at = max(again_at, self._again_at or again_at)
        if self._refused_in_a_row >= PROBES:
            self._hold(all_due=True)

    def _hold(self, *, all_due: bool) -> None:
        if self._again_at is None:
            return
        with self.services.store.unit_of_work() as work:
            try_together_at(work, self.kind, self.school, self._again_at, all_due=all_due)

    def refused(self, row: OutboxRow, error: Exception) -> None:
        """Record that this message can never be posted here.

        A line below a card is not recorded: it is sent privately as well.
        """
        if row.kind is not OutboxKind.LINE:
            final = replace(self._of_message(row), is_final=True)
            note_failure(self.services.store, final, error)

    def failed(self, row: OutboxRow, error: Exception) -> None:
        """Record that building or posting this message failed."""
        note_failure(self.services.store, self._of_message(row), error)

    @property
    def _of(self) -> TroubleKind:
        return _PLACES.get(self.kind, TroubleKind.CHANNEL)

    def _waits(self) -> bool:
        kinds = IN_CHANNELS if self.kind in IN_CHANNELS else (self.kind,)
        with self.services.store.database.read() as connection:
            return is_waiting(connection, self.school, *kinds)

    def _key(self, row: OutboxRow) -> str:
        """Return the key of a message's problem. A newer card of the same case has the same key, so
        that it ends the problem."""
        numbers = {
            OutboxKind.CARD: row.case_id,
            OutboxKind.NOTICE: row.notice_id,
            OutboxKind.DIGEST: self.school,
            OutboxKind.MAIL: row.outreach_id,
        }
        return f"{self.kind}:{numbers.get(self.kind, row.id)}"

    def _of_message(self, row: OutboxRow) -> Trouble:
        """Build the problem of one message. If it tells of another problem, people do not hear of
        it: each such message would fail as well, and ask for the next, without end."""
        about = replace(self._trouble(self._key(row)), case=row.case_id or None)
        if self.kind is not OutboxKind.NOTICE:
            return about
        with self.services.store.database.read() as connection:
            return replace(about, is_silent=tells_of_trouble(connection, row.notice_id))

    def _trouble(self, key: str) -> Trouble:
        return Trouble(self._of, key, _SAYS[self._of], self.school)
