"""UCDP GED (Georeferenced Event Dataset), out and in."""
