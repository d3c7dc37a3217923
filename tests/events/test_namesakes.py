"""Sites and actors that bear one name."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import namesakes
from events.choices import SiteKind
from osint.base.judgements import judge
from tests import factories as make

pytestmark = pytest.mark.django_db

NOTE = {"namesake_note": "The village, not the base."}


def sites(record: Any, reader: Any) -> list[Any]:
    return [twin.record for twin in namesakes.of_site(record, reader).likely]


def actors(record: Any, reader: Any) -> list[Any]:
    return [twin.record for twin in namesakes.of_actor(record, reader).likely]


def test_an_actor_whose_name_sounds_alike_in_either_script_is_a_likely_twin(alice):
    one = make.make_actor(name_en="Tahrir Brigade", name_ar="")
    latin = make.make_actor(name_en="Tahreer Brigade", name_ar="")
    spelled = make.make_actor()
    make.make_actor_name(actor=spelled, text="Tahrir Brigade", language="en")
    make.make_actor(name_en="Northern Brigade", name_ar="")
    likely = namesakes.of_actor(one, alice).likely
    assert [twin.record for twin in likely] == [spelled, latin]
    assert likely[0].reasons == ["Same name: Tahrir Brigade."]
    assert likely[1].reasons == ["The names sound alike: Tahrir Brigade, Tahreer Brigade."]


def test_a_site_is_told_from_one_that_holds_it_and_warned_of_a_namesake(alice):
    city = make.make_site(name_en="Qasrak", name_ar="قسرك", kind=SiteKind.CITY)
    part = make.make_site(name_en="Qasrak", name_ar="قسرك", kind=SiteKind.NEIGHBOURHOOD, parent=city, **NOTE)
    other = make.make_site(name_en="Qasrek", name_ar="", kind=SiteKind.VILLAGE, **NOTE)
    assert sites(city, alice) == [other]
    assert sites(part, alice) == [other]
    (twin,) = namesakes.of_site(city, alice).likely
    assert "The village, not the base." in " ".join(twin.reasons)


def test_sites_near_each_other_are_likelier(alice):
    here = {"latitude": 36.7, "longitude": 40.6, "precision_m": 500}
    one = make.make_site(name_en="Qasrak", name_ar="", **here)
    far = make.make_site(name_en="Qasrak", name_ar="", **NOTE)
    near = make.make_site(name_en="Qasrek", name_ar="", **(here | {"latitude": 36.8}), **NOTE)
    assert sites(one, alice) == [near, far]
    assert "about 11 km apart" in " ".join(namesakes.of_site(one, alice).likely[0].reasons)


def test_a_name_too_short_for_a_key_is_compared_by_its_letters(alice):
    one, other = make.make_actor(name_en="", name_ar="دا"), make.make_actor(name_en="", name_ar="دا")
    make.make_actor(name_en="", name_ar="اد")
    assert actors(one, alice) == [other]


def test_judged_namesakes_are_left_out_or_marked(alice):
    one, same, apart = (make.make_actor(name_en="Tahrir Brigade", name_ar="") for _number in range(3))
    judge(one, same, alice, "same")
    judge(apart, one, alice, "not_same")
    shown = namesakes.of_actor(one, alice)
    assert [(twin.record, twin.judgement.verdict) for twin in shown.likely] == [(same, "same")]
    assert [twin.record for twin in shown.judged] == [apart]


@pytest.mark.parametrize(("make_one", "ask"), [(make.make_actor, actors), (make.make_site, sites)])
def test_the_number_of_queries_is_the_same_at_one_namesake_and_at_ten(make_one, ask, alice):
    note = NOTE if make_one == make.make_site else {}
    one = make_one(name_en="Tahrir", name_ar="")
    assert alice.get_all_permissions()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(one, alice)
        return len(asked)

    make_one(name_en="Tahrir", name_ar="", **note)
    with_one = queries()
    for _number in range(9):
        make_one(name_en="Tahrir", name_ar="", **note)
    assert queries() == with_one
    # Judgements, own spellings, the bearers, their spellings.
    assert with_one == 4
