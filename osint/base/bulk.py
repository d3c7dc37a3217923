"""Many records in one request: made and changed all or not at all, or each by itself with an answer of its own.

A row that names a ``version`` changes the record that it names; any other makes one. Each is written as its own request
would write it.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from osint.base import idempotence, problems, rehearsal, versions
from osint.base.errors import refusal_of
from osint.base.permissions import may_write
from osint.base.record import left_to_database
from osint.base.text import shown
from osint.history import recording

MOST = 500
VERSION = "version"
REASON = "correction_reason"  # in which a row says why something that was published is changed


@dataclass
class Row:
    """One record of the request, and what became of it."""

    number: int
    sent: Mapping[str, Any]
    status: int = 0
    record: Any = None
    problem: dict[str, Any] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether it changes a record that is there."""
        return VERSION in self.sent

    def told(self, shown: Mapping[Any, Any]) -> dict[str, Any]:
        """What the answer says of it."""
        head = {"row": self.number, "status": self.status}
        if self.problem:
            return head | {"problem": self.problem}
        if self.record is None:
            return head
        return head | {"version": self.record.version, "record": shown[self.record.pk]}


class Batch:
    """The rows of one request, on their way into the database."""

    def __init__(self, view: Any, request: Request, *, together: bool) -> None:
        self.view, self.request = view, request
        self.name = view.lookup_field
        self.rows = [Row(number, sent) for number, sent in enumerate(rows_of(request.data))]
        self.there = self.look_up()
        self.attempt = idempotence.attempt_of(request, self.model, bulk=True)
        self.identities = self.identify(self.attempt, together=together) if self.attempt else {}
        self.made: dict[int, Any] = {}
        self.taken: set[int] = set()

    @property
    def model(self) -> Any:
        """What the rows are."""
        return self.view.queryset.model

    # What is there already

    def look_up(self) -> dict[str, Any]:
        """The records that rows name, by the name: all of them at once."""
        named = {str(row.sent.get(self.name)) for row in self.rows if row.changes}
        if self.name == "uuid":
            named = {text for text in named if is_uuid(text)}
        found = self.view.get_queryset().prefetch_related(None).filter(**{f"{self.name}__in": named})
        return {str(getattr(record, self.name)): record for record in found} if named else {}

    def identify(self, attempt: idempotence.Attempt, *, together: bool) -> dict[int, UUID]:
        """The identity of what each row makes; what is changed in one go with it is as much a part of the attempt."""
        changes = idempotence.digest([row.sent for row in self.rows if row.changes and together]).hex()
        return {
            row.number: attempt.identity(idempotence.digest([row.sent, changes]), row.number)
            for row in self.rows
            if not row.changes
        }

    def alone(self) -> AbstractContextManager[None]:
        """The block in which no other arrival of the same request is at work."""
        return self.attempt.alone() if self.attempt else nullcontext()

    def look_for(self, place: int | None = None) -> None:
        """See what an earlier arrival of the same request has made, at all places or at this one."""
        if self.attempt:
            self.made = self.attempt.made(self.view.get_queryset(), place)

    def earlier(self, row: Row) -> Any:
        """What an earlier arrival of the same request has made of a row."""
        made = self.made.get(row.number) if row.number in self.identities else None
        return made if made and made.uuid == self.identities[row.number] else None

    def was_here(self) -> bool:
        """Whether all that the request makes is there already, so that all that it changes is changed too."""
        if not self.made or any(not row.changes and not self.earlier(row) for row in self.rows):
            return False
        for row in self.rows:
            row.status, row.record = 200, self.named(row) if row.changes else self.earlier(row)
        return True

    # Writing

    def lock(self) -> None:
        """Lock all that will be changed, in one order: two requests with the same rows wait for each other."""
        recording.about_to_write(self.model, sorted(record.pk for record in self.there.values()))

    def write(self, row: Row) -> None:
        """Make or change the record of one row."""
        self.check_may(row)
        if row.changes:
            row.status, row.record = 200, self.named(row)
            self.change(row)
        else:
            self.make(row)

    def check_may(self, row: Row) -> None:
        """Refuse what the sender may not do by a request of its own either."""
        method = "PATCH" if row.changes else "POST"
        if method.lower() not in self.view.http_method_names:
            raise exceptions.MethodNotAllowed(method)
        if not may_write(self.request, self.view, method):
            raise exceptions.PermissionDenied

    def named(self, row: Row) -> Any:
        """The record that a row changes."""
        name = row.sent.get(self.name)
        if name is None:
            sentence = _("A row with a version changes a record: name it by its “%(field)s”, or leave the version out.")
            raise exceptions.ValidationError({self.name: [sentence % {"field": self.name}]})
        found = self.there.get(str(UUID(name)) if self.name == "uuid" and is_uuid(name) else str(name))
        if found is None:
            raise exceptions.NotFound(_("There is no record “%(name)s” here.") % {"name": shown(str(name))})
        return found

    def change(self, row: Row) -> None:
        """Change the record in the version that the row names."""
        if row.record.pk in self.taken:
            sentence = _("Another row changes the same record. Send all its changes in one row.")
            raise exceptions.ValidationError({self.name: [sentence]})
        self.view.check_object_permissions(self.request, row.record)
        data = {name: value for name, value in row.sent.items() if name not in {self.name, VERSION}}
        with versions.held(row.record, version_of(row), self.request.user, versions.IN_ROW):
            self.view.alter(row.record, data, partial=True)
        self.taken.add(row.record.pk)

    def make(self, row: Row) -> None:
        """Make the record; the one of an earlier arrival of the same request stays as it is."""
        if "uuid" in row.sent:
            raise versions.Unversioned(
                _("Name the version that this row changes as “version”, or leave “uuid” out to make a record.")
            )
        identity = self.identities.get(row.number)
        if identity and (made := self.made.get(row.number)):
            row.status, row.record = 200, idempotence.same(made, identity)
        else:
            row.status, row.record = 201, self.view.make(row.sent, {"uuid": identity} if identity else {})

    # Refusing and answering

    def refuse(self, row: Row, error: Exception) -> None:
        """Note what is wrong with a row; what is no refusal but a bug of ours goes on."""
        refused = refusal_of(error, self.view.get_exception_handler_context())
        if refused is None:
            raise error
        row.problem, row.status = refused[0], refused[0]["status"]

    def refused(self) -> list[Row]:
        """Rows with which something is wrong."""
        return [row for row in self.rows if row.problem]

    def why(self) -> str:
        """Why all this is done: each reason once."""
        reasons = [str(row.sent.get(REASON, "")).strip() for row in self.rows]
        return " · ".join(dict.fromkeys(filter(None, reasons)))

    def answer(self) -> Any:
        """What became of each row, each record as its own address would show it."""
        written = [row for row in self.rows if not row.problem]
        found = {record.pk: record for record in self.view.get_queryset().filter(pk__in=[r.record.pk for r in written])}
        bodies = dict(zip(found, self.view.get_serializer(found.values(), many=True).data, strict=True))
        for row in written:
            # Whoever marks a record more strictly may not see it any more.
            row.record = found.get(row.record.pk)
            row.status = row.status if row.record else 204
        told = [row.told(bodies) for row in self.rows]
        return Response({"results": told}, 207 if self.refused() else 200)


def answer(view: Any, request: Request) -> Any:
    """The answer to a request with many rows."""
    if rehearsal.flag(request, "atomic", default=True):
        return together(view, request)
    batch = Batch(view, request, together=False)
    one_by_one(batch)
    return batch.answer()


def together(view: Any, request: Request) -> Any:
    """All rows as one change, or none of them."""
    batch = Batch(view, request, together=True)
    try:
        with batch.alone(), recording.change(request.user) as change:
            batch.look_for()
            if not batch.was_here():
                batch.lock()
                # Where it refuses, each row is tried again below and then says why.
                with left_to_database():
                    for row in batch.rows:
                        batch.write(row)
                change.why = batch.why()
    except Exception:
        if found := everything_wrong(view, request):
            return problems.answer(found)
        raise
    return batch.answer()


def one_by_one(batch: Batch) -> None:
    """Each row as a change of its own."""
    for row in batch.rows:
        try:
            with batch.alone(), recording.change(batch.request.user):
                if row.number in batch.identities:
                    batch.look_for(row.number)
                batch.write(row)
        except Exception as error:
            batch.refuse(row, error)


def everything_wrong(view: Any, request: Request) -> dict[str, Any] | None:
    """What is wrong with every row, found by trying each after those before it; nothing is kept of that."""
    batch = Batch(view, request, together=True)
    with transaction.atomic():
        one_by_one(batch)
        transaction.set_rollback(True)
    refused = batch.refused()
    if not refused:
        return None
    statuses = {row.status for row in refused}
    sentence = ngettext(
        "%(number)d of %(all)d rows is refused, and so nothing was written. See “results”.",
        "%(number)d of %(all)d rows are refused, and so nothing was written. See “results”.",
        len(refused),
    )
    return problems.problem(
        statuses.pop() if len(statuses) == 1 else 400,
        sentence % {"number": len(refused), "all": len(batch.rows)},
        results=[row.told({}) for row in refused],
    )


def rows_of(body: Any) -> list[dict[str, Any]]:
    """The rows that were sent."""
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise exceptions.ValidationError([_("Send a list of records: [{…}, {…}].")])
    if not 1 <= len(body) <= MOST:
        sentence = _("These are %(number)d rows. Send from 1 to %(most)d at a time.")
        raise exceptions.ValidationError([sentence % {"number": len(body), "most": MOST}])
    return body


def is_uuid(text: Any) -> bool:
    """Whether this is a UUID as text."""
    try:
        return bool(isinstance(text, str) and UUID(text))
    except ValueError:
        return False


def version_of(row: Row) -> int:
    """The version that the row changes."""
    version = row.sent[VERSION]
    if type(version) is not int or version < 1:
        sentence = _("“%(value)s” is no version: a whole number from 1 on. Read the record, and send its version.")
        raise exceptions.ValidationError({VERSION: [sentence % {"value": shown(str(version))}]})
    return version
