"""A date as it was read from words: where it stands, what it means, and what of that the words did not say."""

from dataclasses import dataclass, field
from datetime import date

# What was taken from elsewhere, as codes; ``sentences.explain`` says each in words.
YEAR, MONTH, PUBLICATION, ANCHOR = "year", "month", "publication", "anchor"
DAY_FIRST, APPROXIMATE, WEEKDAY, CENTURY = "day_first", "approximate", "weekday", "century"
SHARED_YEAR = "shared_year"
_COUNTED = {PUBLICATION, ANCHOR}
_TAKEN = {YEAR, MONTH}


@dataclass(frozen=True)
class Found:
    """A date expression: ``text[start:end]`` is the phrase as printed."""

    start: int
    end: int
    edtf: str
    earliest: date | None
    latest: date | None
    rule: str
    word: str = ""
    inferred: tuple[str, ...] = ()
    published: date | None = field(default=None, compare=False)
    anchor: date | None = None  # the date in the text that it is counted from

    @property
    def basis(self) -> str:
        """“stated” where the words say it all, “derived” where it is counted from another date, else “inferred”."""
        if _COUNTED & set(self.inferred):
            return "derived"
        return "inferred" if _TAKEN & set(self.inferred) else "stated"
