"""Sharing between installations: bundles of records, who signed them, what leaves, and what comes in."""
