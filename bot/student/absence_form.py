"""Read the form with which a student asks for an absence, and the document in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.student.form import SubmittedForm, Unreadable, read_fields
from integrations.documents import take_document
from store.rules.students.absences import LONGEST_DOCUMENT, AbsenceAsked, day_typed

MAX_BODY = 48 * 1024 * 1024
"""Bytes. Far above the longest document, so that one that is too long is refused with a sentence
beside what was typed."""

_FIELDS = 20


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """The submitted form, and the bytes of the document; None where none was chosen."""

    form: SubmittedForm
    upload: bytes | None

    def asked(self, student: int) -> AbsenceAsked:
        """Return the request, with its document made harmless.

        Raises ``InvalidInput`` with a sentence for the student.
        """
        first = day_typed(self.form.first, "first")
        last = day_typed(self.form.last, "last")
        document = take_document(self.upload) if self.upload is not None else None
        return AbsenceAsked(student, first, last, self.form.words, document)


async def read_absence_form(request: Request, *, keeps_document: bool) -> AbsenceForm:
    """Read the fields and, where a student is signed in, the document.

    Raises ``Unreadable`` where our pages cannot have sent it.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Unreadable
    kept = LONGEST_DOCUMENT + 1 if keeps_document else 0
    parser = _Parser(request, kept)
    try:
        sent = await parser.parse()
    except MultiPartException:
        raise Unreadable from None
    try:
        texts: Mapping[str, str] = {
            name: value for name, value in sent.items() if isinstance(value, str)
        }
        document = sent.get("document")
        upload = None
        if keeps_document and isinstance(document, UploadFile) and document.filename:
            upload = await document.read()
        return AbsenceForm(read_fields(texts), upload)
    finally:
        await sent.close()


class _Parser(MultiPartParser):
    """Keeps a document in memory alone, and no more of it than says that it is too long."""

    # A copy on disk would not be encrypted.
    spool_max_size = LONGEST_DOCUMENT + 2

    def __init__(self, request: Request, kept: int) -> None:
        super().__init__(
            request.headers,
            request.stream(),
            max_files=1,
            max_fields=_FIELDS,
            max_part_size=32 * 1024,
        )
        self._left = kept

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take over as many bytes of the document as are kept; texts as a whole."""
        if self._current_part.file is not None:
            end = min(end, start + self._left)
            self._left -= end - start
        super().on_part_data(data, start, end)
