"""Read a student's form. All fields are ours, but may hold anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from store.rules.students.data_requests import DataAsk
from store.rules.students.messages import ContactWay, Saying

MAX_BODY = 32 * 1024
"""Bytes. The longest real form holds 2,000 characters, each of at most 12 bytes as it is sent."""

CONFIRM = "confirm"
SHOW = "show"


class Unreadable(Exception):
    """The form is not one of ours."""


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """One submitted form. ``key`` is unique to it and repeated when it is sent twice."""

    do: str
    key: str
    words: str = ""
    way: ContactWay | None = None
    number: str = ""
    proof: str = ""
    csrf: str = ""
    """What ties a form to the session of the student who is signed in."""
    first: str = ""
    last: str = ""
    """The days of an absence, as they were typed."""

    @property
    def taken_back(self) -> int | None:
        """Return the number of the request that the student takes back; None for another form."""
        found = re.fullmatch(r"take-back-(\d{1,18})", self.do)
        return int(found[1]) if found else None

    @property
    def data_ask(self) -> DataAsk | None:
        """Return what the student asks about their data; None for another form."""
        return DataAsk(self.do) if self.do in set(DataAsk) else None

    @property
    def replied_to(self) -> int | None:
        """Return the number of the officer's question that is answered; None for another form."""
        found = re.fullmatch(r"reply-(\d{1,18})", self.do)
        return int(found[1]) if found else None

    @property
    def kind(self) -> Saying:
        """Return what the student said. Raises ``Unreadable`` for a form with another purpose."""
        # An absence has a form of its own.
        if self.do not in set(Saying) - {Saying.ABSENCE}:
            raise Unreadable
        return Saying(self.do)


async def read_student_form(request: Request) -> SubmittedForm:
    """Read the fields of a student's form. Raises ``Unreadable`` where our pages cannot have sent
    it.
    """
    sent = await request.form(max_files=0, max_fields=20)
    return read_fields({name: value for name, value in sent.items() if isinstance(value, str)})


def read_fields(fields: Mapping[str, str]) -> SubmittedForm:
    """Read the texts of a form. Raises ``Unreadable`` as ``read_student_form`` does."""
    key, way = fields.get("key", ""), fields.get("way", "")
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        raise Unreadable
    try:
        chosen = ContactWay(way) if way else None
    except ValueError:
        raise Unreadable from None
    return SubmittedForm(
        do=fields.get("do", ""),
        key=key,
        # A browser sends line breaks as two characters, and counts them as one.
        words=fields.get("words", "").replace("\r\n", "\n"),
        way=chosen,
        number=fields.get("number", "")[:100],
        proof=fields.get("proof", ""),
        csrf=fields.get("csrf", ""),
        first=fields.get("first", "")[:20],
        last=fields.get("last", "")[:20],
    )
