"""The desk: a report beside the events that are coded from it, for those who code."""
