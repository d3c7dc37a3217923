"""Every page that people see is in the list of page types, which is looked at and read in both languages."""

from django.urls import get_resolver

from tests.kit.page_types import DESK, NO_PAGES, PUBLIC, named, records, views


def test_every_address_has_its_page_type_or_a_reason_to_have_none():
    covered = {page.view for page in (*PUBLIC, *DESK, *records())}
    assert not views() - covered, "add these to tests/kit/page_types.py, so that `make screenshots` shows them"


def test_what_has_no_page_is_there():
    names = {name for name, _way in named(get_resolver())}
    assert set(NO_PAGES) <= names
