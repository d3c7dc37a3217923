"""Keeping what there is: backups, the way back from them, and the promises that the data are held to."""
