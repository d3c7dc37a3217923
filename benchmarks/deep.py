"""The way to a deep page: our API is walked there by its own cursors."""

import json

from benchmarks.harness import local
from benchmarks.questions import API, Deep
from benchmarks.servers import Server

PAGE, STEP = 100, 500


def find(ours: Server, depth: int) -> Deep:
    """The page at this depth, in steps as large as are allowed; the last page before it is one of a hundred."""
    address = f"{API}?page_size={STEP}"
    steps, rest = divmod(depth - PAGE, STEP)
    for _step in range(steps):
        address = local(json.loads(ours.ask(address).body)["next"])
    address = address.replace(f"page_size={STEP}", f"page_size={PAGE}")
    for _page in range(rest // PAGE + 1):
        told = json.loads(ours.ask(address).body)
        address = local(told["next"])
    return Deep(depth, address, "/page?below={}".format(below(told["results"][-1]["uuid"])), plain(depth))


def below(uuid: str) -> int:
    """The place in the order of lists where the page before ends."""
    from events.models import Event

    return int(Event.objects.values_list("newest", flat=True).get(uuid=uuid))


def plain(depth: int) -> str:
    """The same page by number."""
    return f"/events/?page={depth // PAGE + 1}"
