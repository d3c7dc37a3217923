"""A question about some records is put together once for each number of them, and told of those it is asked about."""

from types import SimpleNamespace

import pytest
from django.db import connection

from events.models import EventType
from osint.base import ready
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def put() -> list[int | None]:
    """How many keys each question had that was put together."""
    return []


@pytest.fixture
def slugs(put):
    @ready.rows
    def asked(keys):
        put.append(None if keys is None else len(keys))
        found = EventType.objects.order_by("pk").values_list("slug")
        return found if keys is None else found.filter(pk__in=keys)

    return asked


def test_it_is_put_together_once_and_told_of_those_it_is_asked_about(slugs, put):
    one, two, three = (make.make_event_type() for _number in range(3))
    assert [slugs([kind.pk]) for kind in (two, one)] == [[(two.slug,)], [(one.slug,)]]
    assert slugs([three.pk, one.pk]) == [(one.slug,), (three.slug,)]
    assert slugs([two.pk, three.pk]) == [(two.slug,), (three.slug,)]
    assert put == [1, 2]


def test_a_connection_that_cannot_prepare_such_as_one_of_a_pool_is_asked_all_the_same(slugs, monkeypatch):
    kind = make.make_event_type()
    plain = SimpleNamespace(vendor=connection.vendor, cursor=connection.cursor)
    monkeypatch.setattr(ready, "connection", plain)
    assert slugs([kind.pk]) == [(kind.slug,)]


def test_nothing_is_asked_about_no_records(slugs, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert slugs([]) == []


def test_all_and_very_many_are_put_together_each_time(slugs, put):
    one, two = make.make_event_type(), make.make_event_type()
    assert slugs(None) == slugs(None) == slugs([one.pk, two.pk, *range(-ready.MOST, 0)]) == [(one.slug,), (two.slug,)]
    assert put == [None, None, ready.MOST + 2]
