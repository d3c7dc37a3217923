"""The formats of the field, out and in: tables as ACLED and UCDP GED have them, and STIX 2.1."""
