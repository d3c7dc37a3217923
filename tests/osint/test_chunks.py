"""Many values some at a time."""

from hypothesis import given
from hypothesis import strategies as st

from osint.base.chunks import chunks


@given(values=st.lists(st.integers()), size=st.integers(1, 9))
def test_every_value_comes_once_in_its_order_and_no_more_at_once_than_were_asked_for(values, size):
    found = list(chunks(iter(values), size))
    assert [one for some in found for one in some] == values
    assert all(len(some) == size for some in found[:-1])
    assert all(0 < len(some) <= size for some in found)
