"""The tree: a subtree is one range of one index, a move carries the descendants along, and no circle can be closed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, models
from django.test.utils import CaptureQueriesContext

from events.choices import SiteKind
from events.models import Event, EventType, Site
from osint.base.tree import below
from tests import factories as make
from tests.kit.past_the_orm import execute, explained, rows, update

pytestmark = pytest.mark.django_db


def paths(model=Site) -> list[str]:
    return list(model.objects.order_by("path").values_list("path", flat=True))


def chain(*slugs: str) -> list[Site]:
    """Sites, each within the one before it."""
    made: list[Site] = []
    for slug in slugs:
        made.append(make.make_site(slug=slug, parent=made[-1] if made else None))
    return made


def test_a_path_leads_from_the_root_to_the_node():
    *_rest, base = chain("syria", "al-hasakah", "qasrak-base")
    assert base.path == "syria/al-hasakah/qasrak-base/"
    assert base.ancestor_slugs() == ["syria", "al-hasakah"]


def test_a_subtree_holds_the_node_and_what_lies_below_it_alone():
    _syria, hasakah, base = chain("syria", "al-hasakah", "qasrak-base")
    # Neighbours in the alphabet, on both sides of "/".
    for slug in ("al-hasaka", "al-hasakah-city", "al-hasakah0", "al-hasakahz"):
        make.make_site(slug=slug, parent=hasakah.parent)
    assert set(Site.objects.within(hasakah)) == {hasakah, base}


def test_a_moved_node_carries_its_descendants_along():
    syria, hasakah, _base = chain("syria", "al-hasakah", "qasrak-base")
    iraq = make.make_site(slug="iraq")
    hasakah.parent = iraq
    hasakah.full_clean()
    hasakah.save()
    assert paths() == ["iraq/", "iraq/al-hasakah/", "iraq/al-hasakah/qasrak-base/", "syria/"]
    assert set(Site.objects.within(syria)) == {syria}


def test_a_renamed_node_carries_its_descendants_along():
    syria, *_rest = chain("syria", "al-hasakah", "qasrak-base")
    syria.slug = "sy"
    syria.save()
    assert paths() == ["sy/", "sy/al-hasakah/", "sy/al-hasakah/qasrak-base/"]


def test_a_node_can_become_a_root():
    _syria, hasakah, _base = chain("syria", "al-hasakah", "qasrak-base")
    hasakah.parent = None
    hasakah.save()
    assert paths() == ["al-hasakah/", "al-hasakah/qasrak-base/", "syria/"]


def test_a_move_costs_the_same_whatever_lies_below():
    def queries(size: int) -> int:
        top = make.make_site()
        for _ in range(size):
            make.make_site(parent=top)
        top.parent = make.make_site()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            top.save()
        return len(captured)

    assert queries(1) == queries(10)


@pytest.mark.parametrize("make_one", [make.make_site, make.make_event_type], ids=["site", "event type"])
def test_a_node_cannot_lie_within_itself_or_what_it_holds(make_one):
    top = make_one()
    bottom = make_one(parent=make_one(parent=top))
    for parent in (top, bottom):
        top.parent = parent
        with pytest.raises(ValidationError, match="Choose another parent") as caught:
            top.full_clean()
        assert "parent" in caught.value.message_dict
        with pytest.raises(ValidationError, match="Choose another parent"):
            top.save()
    top.refresh_from_db()
    assert top.parent is None


def test_a_path_that_would_be_too_long_is_refused_before_it_is_stored():
    parent = None
    for number in range(12):
        parent = make.make_site(slug=f"{'long' * 19}-{number}", parent=parent)
    with pytest.raises(ValidationError, match="Too many levels"):
        make.make_site(slug="one-more-" + "long" * 16, parent=parent)


def test_a_move_that_would_make_a_path_below_too_long_is_refused():
    top = make.make_site(slug="a" * 80)
    node = top
    for number in range(10):
        node = make.make_site(slug=f"{'b' * 76}-{number}", parent=node)
    assert len(node.path) > 800
    above = make.make_site(slug="c" * 80, parent=make.make_site(slug="d" * 80, parent=make.make_site(slug="e" * 80)))
    top.parent = above
    with pytest.raises(ValidationError, match="Too many levels"):
        top.full_clean()


def test_paths_can_be_made_again_from_the_parents():
    chain("syria", "al-hasakah", "qasrak-base")
    execute("UPDATE events_site SET path = slug")
    Site.objects.rebuild_paths()
    assert paths() == ["syria/", "syria/al-hasakah/", "syria/al-hasakah/qasrak-base/"]


@pytest.fixture
def crowded() -> Site:
    """A governorate with 5,000 villages, beside eight others with as many."""
    syria = make.make_site(slug="syria", kind=SiteKind.COUNTRY)
    al_hasakah = make.make_site(slug="al-hasakah", kind=SiteKind.GOVERNORATE, parent=syria)
    villages = [
        Site(slug=f"village-{n}", name_en=f"Village {n}", kind=SiteKind.VILLAGE, parent=al_hasakah)
        for n in range(5_000)
    ]
    for village in villages:
        village.derive()
    models.QuerySet[Site](Site).bulk_create(villages, batch_size=500)  # without a history of so many
    for n in range(8):
        copy_villages(make.make_site(slug=f"governorate-{n}", kind=SiteKind.GOVERNORATE, parent=syria))
    if connection.vendor == "postgresql":
        execute("ANALYZE events_site")
    return al_hasakah


def copy_villages(governorate: Site) -> None:
    """The villages of al-Hasakah once more, in another governorate: in SQL, because it is thousands."""
    changed = {
        "slug": "slug || %s",
        "parent_id": "%s",
        "path": "%s || slug || %s",
    }
    columns = [str(field.column) for field in Site._meta.concrete_fields if not field.primary_key]
    execute(
        f"INSERT INTO events_site ({', '.join(columns)}) "
        f"SELECT {', '.join(changed.get(column, column) for column in columns)} "
        "FROM events_site WHERE path LIKE 'syria/al-hasakah/village%%'",
        ordered(
            columns,
            {
                "slug": [f"-{governorate.slug}"],
                "parent_id": [governorate.pk],
                "path": [governorate.path, f"-{governorate.slug}/"],
            },
        ),
    )


def ordered(columns, values):
    return [value for column in columns for value in values.get(column, [])]


def test_a_governorate_with_5000_sites_is_one_query_on_the_index_of_paths(crowded):
    with CaptureQueriesContext(connection) as captured:
        found = list(Site.objects.within(crowded).values_list("slug", flat=True))
    assert len(captured) == 1
    assert len(found) == 5_001
    plan = explained(Site.objects.within(crowded).order_by())
    assert "events_site_path" in plan, plan
    assert "Seq Scan" not in plan
    assert "SEARCH events_site" in plan or connection.vendor == "postgresql"


def test_the_events_of_a_governorate_are_one_query(crowded):
    village = Site.objects.get(slug="village-4321")
    event = make.make_placement(site=village).event
    make.make_placement(site=Site.objects.get(slug="village-4321-governorate-3"))
    with CaptureQueriesContext(connection) as captured:
        found = list(Event.objects.filter(below(crowded.path, "placements__site__")))
    assert len(captured) == 1
    assert found == [event]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("size", [2, 3])
def test_moves_at_the_same_time_cannot_close_a_circle(size):
    for _again in range(5):
        nodes = [make.make_site() for _ in range(size)]
        gate = Barrier(size)

        def move(index: int, nodes=nodes, gate=gate) -> bool:
            try:
                node, parent = Site.objects.get(pk=nodes[index].pk), Site.objects.get(pk=nodes[index - 1].pk)
                gate.wait()
                node.parent = parent
                node.save()
            except ValidationError:
                return False
            finally:
                connections.close_all()
            return True

        with ThreadPoolExecutor(size) as pool:
            moved = list(pool.map(move, range(size)))
        assert sum(moved) == size - 1
        assert sorted(len(node.ancestor_slugs()) for node in Site.objects.filter(pk__in=[n.pk for n in nodes])) == list(
            range(size)
        )
        assert_paths_follow_parents()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_node_made_while_its_parent_moves_has_the_right_path():
    for _again in range(5):
        parent, above = make.make_site(), make.make_site()
        gate = Barrier(2)

        def move(parent=parent, above=above, gate=gate) -> None:
            node = Site.objects.get(pk=parent.pk)
            node.parent = above
            gate.wait()
            node.save()
            connections.close_all()

        def add(parent=parent, gate=gate) -> None:
            fresh = Site.objects.get(pk=parent.pk)
            gate.wait()
            make.make_site(parent=fresh)
            connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(move), pool.submit(add)]:
                done.result()
        assert_paths_follow_parents()


def assert_paths_follow_parents() -> None:
    children = "SELECT c.path FROM events_site c JOIN events_site p ON p.id = c.parent_id"
    assert rows(f"{children} WHERE c.path <> p.path || c.slug || '/'") == []


def test_a_subtree_of_event_types_works_alike():
    military = make.make_event_type(slug="military")
    convoy = make.make_event_type(slug="convoy", parent=military)
    make.make_event_type(slug="military-police")
    assert set(EventType.objects.within(military)) == {military, convoy}
    update(convoy, definition="Vehicles that travel together.")
