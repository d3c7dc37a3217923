"""Spreadsheets: events that people keep in tables, in and out."""
