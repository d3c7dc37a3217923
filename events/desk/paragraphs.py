"""A report's text as the desk shows it: paragraph by paragraph, each with the place of its first character.

Places are counted in code points, as the databases count; no character is left out or changed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class Paragraph(NamedTuple):
    """A line of the text with its line end, and where it starts."""

    start: int
    text: str

    @property
    def html(self) -> SafeString:
        """The text, escaped. A browser would make one line end of CR and LF, unless the CR is spelled out."""
        return mark_safe(escape(self.text).replace("\r", "&#13;"))  # noqa: S308 - escaped


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The text, cut after each line end."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield Paragraph(start, text[start:end])
        start = end
