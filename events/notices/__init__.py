"""What there is to tell of events, of what they name, and of what is said of them."""

from events.notices import evidence, incidents, names, remarks

__all__ = ["evidence", "incidents", "names", "remarks"]
