"""Dates as people write them, in English and Arabic: found in a running text, or read from a form field."""

from osint.base.written.found import Found
from osint.base.written.reader import find
from osint.base.written.sentences import explain, reason
from osint.base.written.typed import read

__all__ = ["Found", "explain", "find", "read", "reason"]
