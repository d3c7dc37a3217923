"""How often Python looks for objects that only name each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (10_000, 2, 2)


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Within this block garbage is looked for seldom, and only among what is made here.

    Who makes millions of objects, few of which name each other in circles, would spend a tenth of the time on it. Where
    it is looked for still less often, events that name their parts, which name them, fill the memory meanwhile.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
