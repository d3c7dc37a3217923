"""The rule by which two values of one thing become one, from the edits that each has seen."""

from enum import StrEnum

from osint.bundle.arriving import Pedigree


class Verdict(StrEnum):
    """Which of two values is held from now on."""

    SAME = "same"
    THEIRS = "theirs"
    MINE = "mine"
    CONFLICT = "conflict"


def judge(mine: Pedigree, theirs: Pedigree, *, same: bool) -> Verdict:
    """The newer of the two is the one whose writer had seen the other; where none or both had, a person decides."""
    if same:
        return Verdict.SAME
    seen_by_them, seen_by_me = mine.edit in theirs.seen, theirs.edit in mine.seen
    if seen_by_them == seen_by_me:
        return Verdict.CONFLICT
    return Verdict.THEIRS if seen_by_them else Verdict.MINE


def joined(mine: Pedigree, theirs: Pedigree, verdict: Verdict) -> Pedigree:
    """The pedigree of what is held then: it has seen all that either had."""
    seen = mine.seen | theirs.seen
    if verdict == Verdict.SAME:
        newer = judge(mine, theirs, same=False)
        edits = {Verdict.THEIRS: theirs.edit, Verdict.MINE: mine.edit}
        # Two have come to the same by themselves: whichever it is, it has to be the same one on both sides.
        return Pedigree(edits.get(newer, max(mine.edit, theirs.edit)), seen)
    return Pedigree(theirs.edit if verdict == Verdict.THEIRS else mine.edit, seen)


def decided(mine: Pedigree, theirs: Pedigree, edit: str) -> Pedigree:
    """The pedigree of what a person has chosen between the two: an edit of its own, that has seen both."""
    return Pedigree(edit, mine.seen | theirs.seen | {edit})
