"""The seeded generator: the same database, row for row, wherever and whenever it is made."""
