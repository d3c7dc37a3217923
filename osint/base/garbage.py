"""How often Python looks for objects that only name each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (20_000, 5, 10)


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Within this block garbage is looked for seldom.

    Who makes millions of objects, few of which name each other in circles, would spend a tenth of the time on it.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
