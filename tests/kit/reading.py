"""What a person reads or hears of a page, and the Latin words in it that nobody meant to leave there."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

# Elements that say nothing, those that have no end, and those whose words are somebody's, or a code.
SILENT = {"script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
THEIRS = {"bdi", "code", "q", "pre", "kbd", "abbr", "textarea"}
HEARD = ("title", "aria-label", "placeholder", "alt", "label")
# Names and codes that are written in Latin letters in Arabic too, parameters, examples in a help text, the doors.
KNOWN = set(
    re.findall(
        r"\S+",
        "Isnad TLP CLEAR GREEN AMBER STRICT RED EDTF SHA UTC UUID API REST JSON CSV XLSX UTF OCHA ACLED ISO WGS "
        "URL ID P-code verify_history reindex actor as_of date_from date_to ordering q report site source status "
        "type tlp ar en ku al-hasakah SY PDF code admin api pages loaddata Control Command Shift at_least True "
        "False cursor page_size count format fields omit include ckb de es fa fr he ru tr",
    )
)
ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*|\b[\w.-]+/[\w./-]+")
CODE = re.compile(r"\b[A-Z]{2}-\d{4}-\w+\b|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|#\d+|\b[A-Z]\b|\d+[A-Za-z]\b")
WORD = re.compile(r"[A-Za-z][A-Za-z_'’-]+")


class Words(HTMLParser):
    """The sentences of a page that are the interface's own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    @property
    def is_passed(self) -> bool:
        """Whether what stands here is not read."""
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and read what its attributes say."""
        given = {name: value or "" for name, value in attrs}
        theirs = (
            tag in THEIRS or given.get("translate") == "no" or (given.get("dir") in {"auto", "ltr"} and tag != "html")
        )
        unseen = tag in SILENT or "hidden" in given.get("class", "").split()
        passed = self.is_passed or unseen or theirs or given.get("lang", "ar") != "ar"
        if not passed:
            self.found += [given[name] for name in HEARD if given.get(name)]
            if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
                self.found.append(given.get("value", ""))
        if tag not in VOID:
            self.open.append((tag, passed))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, with all in it that was not closed."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Read what stands here."""
        if not self.is_passed and data.strip():
            self.found.append(data)


def latin(page: str, theirs: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """Each sentence in which a Latin word stands that is none of theirs and no known name or code, with the word."""
    reader = Words()
    reader.feed(page)
    data = re.compile(
        "|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in sorted(theirs, key=len, reverse=True)) or "(?!)"
    )
    for sentence in reader.found:
        rest = CODE.sub(" ", ADDRESS.sub(" ", data.sub(" ", sentence)))
        words = [word for word in WORD.findall(rest) if word.strip("_'’-") not in KNOWN]
        if words:
            yield " ".join(sentence.split())[:120], words[0]
