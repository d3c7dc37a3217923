"""Cues: the words by which the reading aid recognises things, kept by editors."""

import pytest
from django.core.exceptions import ValidationError

from events.models import Cue
from tests import rest
from tests.factories import make_cue, make_measure

pytestmark = pytest.mark.django_db

CUES = f"{rest.API}/cues/"


def test_a_cue_is_looked_for_as_it_folds():
    assert make_cue(kind="origin", text="نقلًا عَن", language="ar", value="").folded == "نقلا عن"


def test_a_cue_stands_for_what_its_kind_asks_for():
    with pytest.raises(ValidationError, match="A cue says one thing"):
        make_cue(kind="measure", value="")
    with pytest.raises(ValidationError, match="A cue says one thing"):
        make_cue(measure=make_measure())
    with pytest.raises(ValidationError, match="“roundabout” is none of the values of this kind: exactly, about"):
        make_cue(value="roundabout")


def test_a_cue_without_letters_is_refused():
    with pytest.raises(ValidationError, match="holds no letters"):
        make_cue(text="…")


def test_an_editor_keeps_the_list_and_an_analyst_reads_it(alice, edith):
    body = {"kind": "qualifier", "text": "قرابة", "language": "ar", "value": "about"}
    assert rest.client(alice).post(CUES, body).status_code == 403
    assert rest.client(edith).post(CUES, body).status_code == 201
    listed = rest.client(alice).get(f"{CUES}?kind=qualifier&language=ar").json()["results"]
    assert [cue["text"] for cue in listed] == ["قرابة"]
    assert Cue.objects.get().created_by == edith
