"""The formats in which events go out, each as a stream of pieces."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from events.models import Event
from osint.base.shapes import csv
from osint.standards import acled
from osint.standards.ged import writing as ged
from osint.standards.ged.rows import COLUMNS as GED_COLUMNS
from osint.standards.stix.writing import Bundle

if TYPE_CHECKING:
    from sources.querysets import Reader

Chunks = Iterable[list[Event]]


class Form(ABC):
    """One way to write events, for one reader."""

    def __init__(self, reader: "Reader") -> None:
        self.reader, self.written = reader, 0

    @abstractmethod
    def pieces(self, chunks: Chunks) -> Iterator[bytes]:
        """The bytes, chunk by chunk."""

    def remark(self, number: int) -> str:  # noqa: ARG002 - for those that leave something out
        """What is to be said of events that were left out."""
        return ""


class Table(Form):
    """A table: a row an event."""

    columns: ClassVar[tuple[str, ...]]

    @abstractmethod
    def lines(self, events: list[Event]) -> list[str]:
        """The lines of these events."""

    def pieces(self, chunks: Chunks) -> Iterator[bytes]:
        """The names of the columns, and the lines of one chunk after the other."""
        yield csv.head(self.columns).encode()
        for events in chunks:
            found = self.lines(events)
            self.written += len(found)
            yield "".join(found).encode()


class Acled(Table):
    """As ACLED tells of them."""

    columns = acled.COLUMNS

    def lines(self, events: list[Event]) -> list[str]:
        """All of them."""
        return acled.lines(events)


class Ged(Table):
    """As UCDP GED tells of them."""

    columns = GED_COLUMNS

    def lines(self, events: list[Event]) -> list[str]:
        """Those that are events by the definition of the data set."""
        return ged.lines(events, self.reader)

    def remark(self, number: int) -> str:
        """How many were none."""
        left = number - self.written
        return f"; {left:,} have not both two sides and a number of dead, as its events have" if left else ""


class Stix(Form):
    """As a bundle of STIX 2.1."""

    def pieces(self, chunks: Chunks) -> Iterator[bytes]:
        """The bundle, object by object."""
        bundle = Bundle(self.reader)
        yield from bundle.pieces(chunks)
        self.written = bundle.written


FORMS: dict[str, type[Form]] = {"acled": Acled, "ged": Ged, "stix": Stix}
