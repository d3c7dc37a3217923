"""The floor: hand-written SQL behind a bare WSGI function, over the normalised tables and nothing that is kept beside.

One statement finds the events and builds their nested JSON. It reads neither stored documents nor posting lists, may
use any index that the database has, and knows one reader: the public, which sees what is published and TLP:CLEAR.
"""
