"""The reading aid: what a text seems to speak of, as proposals that a person accepts or not.

Deterministic and explainable: each proposal names its rule and the words that set it off. It stores nothing.
"""

from events.reading.proposal import Choice, Proposal
from events.reading.read import read

__all__ = ["Choice", "Proposal", "read"]
