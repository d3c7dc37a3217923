"""Lists record by record, as they are laid out in a bundle: memory holds one record, however long the list is."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from osint.bundle.entries import Refusal

LONGEST = 24 << 20  # bytes of one record: a report with a translation, both as long as can be
BEGIN, END, COMMA = b"[", b"]", b","
OPEN, CLOSE, LAST = b"{", b"},", b"}"


class Lines:
    """The lines of a file that comes in pieces."""

    def __init__(self, pieces: Iterable[bytes], name: str) -> None:
        self.pieces, self.name = iter(pieces), name
        self.held, self.place, self.number = b"", 0, 0

    def find(self, mark: bytes, start: int) -> int:
        """Where this stands in what is held, for which more is read where needed; -1 where it does not come."""
        found = self.held.find(mark, start)
        while found < 0:
            piece = next(self.pieces, b"")
            if not piece:
                return -1
            if len(self.held) - self.place > LONGEST:
                raise Refusal(self.not_laid_out())
            searched = max(0, len(self.held) - self.place - len(mark))
            self.held, start, self.place = self.held[self.place :] + piece, max(0, start - self.place), 0
            found = self.held.find(mark, max(start, searched))
        return found

    def line(self) -> bytes | None:
        """The next line; none at the end."""
        end = self.find(b"\n", self.place)
        self.number += 1
        return None if end < 0 else self.cut(end)

    def record(self) -> bytes | None:
        """The next record, or another line; none at the end."""
        start = self.number + 1
        line = self.line()
        if line != OPEN:
            return line
        self.place -= 1  # back to the end of the line: the next one may be the last
        end = self.find(b"\n}", self.place)
        last = self.find(b"\n", end + 1) if end >= 0 else -1
        if last < 0:
            raise Refusal(self.not_laid_out(start))
        text = OPEN + self.cut(last)
        self.number += text.count(b"\n") - 1
        return text

    def rest(self) -> bytes:
        """What comes after the last line."""
        return self.held[self.place :]

    def cut(self, end: int) -> bytes:
        """What is held up to there, without the end of the line."""
        text, self.place = self.held[self.place : end], end + 1
        return text

    def not_laid_out(self, number: int | None = None) -> str:
        """What is said of a list in which a record cannot be found without reading all of it."""
        return _(
            "%(name)s, line %(number)d: a record begins with “{” and ends with “}” at the beginning of a line, as "
            "export_bundle writes it."
        ) % {"name": self.name, "number": number or self.number}


def records(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The bytes of each record; ``Refusal`` where the list is not laid out as ours are."""
    lines = Lines(pieces, name)
    if lines.line() != BEGIN:
        raise Refusal(lines.not_laid_out())
    is_first, is_last = True, False
    while (found := lines.record()) != END:
        if found is None:
            raise Refusal(_("%(name)s ends before its list does: it was cut off.") % {"name": name})
        if is_last or not found.startswith(OPEN) or not found.endswith((CLOSE, LAST)):
            raise Refusal(lines.not_laid_out())
        is_first, is_last = False, not found.endswith(COMMA)
        yield found.removesuffix(COMMA)
    if not (is_first or is_last) or lines.line() is not None or lines.rest():
        raise Refusal(lines.not_laid_out())
