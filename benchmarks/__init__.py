"""Measurements: ratios within one run, printed; never a test that depends on the clock."""
