"""What several pages show of a report: on whose word it passes things on."""

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from sources.models import Relay, Report

if TYPE_CHECKING:
    from sources.querysets import Reader


def relayed(reader: "Reader", path: str = "") -> Prefetch[Any]:
    """The relayed reports that this reader may see, so that a hidden one has no name; ``path`` leads to the relays."""
    return Prefetch(f"{path}relayed_report", queryset=Report.objects.visible_to(reader).select_related("source"))


def relays(reader: "Reader") -> Any:
    """Relays with the source or report that they name."""
    return Relay.objects.visible_to(reader).select_related("relayed_source").prefetch_related(relayed(reader))
