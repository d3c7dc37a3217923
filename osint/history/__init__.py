"""Every change of every record: who, when, why, from what, to what; chained by hash, so that a changed past shows."""
