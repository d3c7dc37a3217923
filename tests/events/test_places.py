"""Sites: a point is whole or absent, and a second record of one place is noticed."""

import pytest
from django.core.exceptions import ValidationError

from events.choices import SiteKind
from events.models import Site
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(**values) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        make.make_site(**values)
    return caught.value.message_dict


@pytest.mark.parametrize(
    ("slug", "name_en", "name_ar"),
    [
        ("qasrek", "", "قسرك"),
        ("qasrek", "", "قاعدة قسرك"),
        ("qasrek", "Qasrek", ""),
        ("qasrek", "Kasrak airbase", ""),
        ("qasrek", "Kasrak", "قسرك"),
    ],
)
def test_a_second_qasrak_is_refused_with_the_first_one(slug, name_en, name_ar):
    make.make_qasrak()
    said = refused(slug=slug, name_en=name_en, name_ar=name_ar, kind="base")
    field = "name_ar" if name_ar else "name_en"
    assert "qasrak-base" in said[field][0]
    assert "not to be confused with" in said[field][0]


def test_a_second_spelling_is_noticed_by_the_other_spellings_too():
    make.make_site_name(site=make.make_qasrak(), text="Tall Qanat", language="en")
    assert "name_en" in refused(slug="tall-qanat", name_en="Tal Qanat", name_ar="")


def test_another_place_of_the_name_is_kept_where_someone_says_how_they_differ():
    make.make_qasrak()
    other = make.make_site(slug="qasrak-village", name_ar="قسرك", namesake_note="A village in another district.")
    assert other.pk


def test_a_place_within_its_namesake_may_share_the_name():
    governorate = make.make_site(slug="al-raqqa", name_en="Al-Raqqa", name_ar="الرقة", kind=SiteKind.GOVERNORATE)
    district = make.make_site(
        slug="al-raqqa-d", name_en="Al-Raqqa", name_ar="الرقة", kind=SiteKind.DISTRICT, parent=governorate
    )
    city = make.make_site(slug="al-raqqa-c", name_en="Al-Raqqa", name_ar="الرقة", kind=SiteKind.CITY, parent=district)
    for site in (governorate, district, city):
        site.full_clean()


def test_an_unchanged_site_is_no_namesake_of_itself():
    make.make_qasrak().full_clean()


def test_short_names_are_compared_as_they_read():
    make.make_site(slug="al-shaykh", name_en="", name_ar="عا")
    assert "name_ar" in refused(slug="other", name_en="", name_ar="عا")


@pytest.mark.parametrize(
    "point",
    [
        {"latitude": 36.7},
        {"longitude": 40.6},
        {"latitude": 36.7, "longitude": 40.6},
        {"latitude": 36.7, "longitude": 40.6, "precision_m": 0},
        {"precision_m": 500},
    ],
)
def test_half_a_point_is_refused(point):
    assert "Give all three, or none" in refused(**point)["__all__"][0]


@pytest.mark.parametrize("field", ["latitude", "longitude"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 180.5, -181, "north"])
def test_an_angle_that_is_none_is_refused_by_its_field(field, value):
    said = refused(**({"latitude": 36.7, "longitude": 40.6, "precision_m": 500} | {field: value}))
    assert field in said


def test_the_ends_of_the_earth_are_places():
    assert make.make_site(latitude=-90, longitude=180, precision_m=1).pk


def test_a_p_code_belongs_to_one_site():
    make.make_site(pcode="SY08")
    assert "P-code" in refused(pcode="SY08")["__all__"][0]
    assert make.make_site(pcode="").pk
    assert make.make_site(pcode="").pk


def test_what_an_event_names_cannot_be_deleted():
    parent = make.make_site()
    placement = make.make_placement(site=make.make_site(parent=parent))
    for site in (placement.site, parent):
        with pytest.raises(Exception, match="protected"):
            site.delete()
    assert Site.objects.count() == 2


def test_an_actor_is_not_linked_with_itself():
    link = make.make_actor_link()
    link.other = link.actor
    with pytest.raises(ValidationError, match="Choose another actor"):
        link.full_clean()
    assert str(link)
