"""The factories give records that hold every rule."""

import pytest

from tests import factories

OF_A_USER = {"make_user", "make_token"}
MAKERS = [make for name, make in vars(factories).items() if name.startswith("make_") and name not in OF_A_USER]

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_each_factory_can_be_called_twice(make):
    assert make().pk
    assert make().pk
