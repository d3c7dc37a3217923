"""What people write for things that have a code: the code itself, or a name that only one of them has."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events.models import Actor, EventType, Measure, Site
from osint.base.chunks import chunks
from osint.base.errors import meant
from osint.base.text import fold, shown
from sources.models import Report

NAMED = (EventType, Measure, Site, Actor)


class Codes:
    """Every code, with the names by which people know it."""

    def __init__(self) -> None:
        self.slugs: dict[Any, set[str]] = {}
        self.names: dict[Any, dict[str, set[str]]] = {}

    def of(self, model: Any, text: str) -> str:
        """The code of what somebody has written; ``ValidationError`` where it is none, or that of several."""
        if model not in self.slugs:
            self.read(model)
        if text in self.slugs[model]:
            return text
        found = self.names[model].get(fold(text), set())
        if len(found) == 1:
            return next(iter(found))
        said = {"value": shown(text), "kind": model._meta.verbose_name}
        if found:
            said["codes"] = ", ".join(sorted(found)[:5])
            raise ValidationError(_("“%(value)s” may be several: %(codes)s. Write the code.") % said)
        guess = meant(text, [*self.slugs[model], *self.names[model]])
        raise ValidationError(_("“%(value)s” is no %(kind)s that is known here. Write its code.") % said + guess)

    def read(self, model: Any) -> None:
        """Read the codes and names of a kind."""
        rows = list(model._default_manager.values_list("slug", "folded_en", "folded_ar"))
        names: dict[str, set[str]] = defaultdict(set)
        if hasattr(model, "names"):
            others = model._default_manager.filter(names__isnull=False)
            rows += list(others.values_list("slug", "names__folded", "names__folded"))
        for slug, *folded in rows:
            for name in filter(None, folded):
                names[name].add(slug)
        self.slugs[model], self.names[model] = {slug for slug, *_names in rows}, dict(names)


class Reports:
    """The reports that a sheet names, read at once."""

    def __init__(self, cells: Iterable[str], seen: Any) -> None:
        wanted = {cell for cell in cells if cell}
        self.found: dict[str, list[Report]] = defaultdict(list)
        uuids = [text for text in wanted if is_uuid(text)]
        for name, texts in {"uuid": uuids, "url": wanted, "archived_url": wanted, "title": wanted}.items():
            self.look_up(seen, name, sorted(texts))

    def look_up(self, seen: Any, name: str, texts: list[str]) -> None:
        """Find reports by one of their columns."""
        for some in chunks(texts):
            rows = seen.filter(**{f"{name}__in": some})
            for report in rows.only("uuid", "text", "published_on", "url", "archived_url", "title"):
                found = self.found[str(getattr(report, name))]
                if report not in found:
                    found.append(report)

    def of(self, text: str) -> Report:
        """The report that somebody has named."""
        found = self.found.get(str(UUID(text)) if is_uuid(text) else text, [])
        if len(found) == 1:
            return found[0]
        if found:
            said = {"several": ", ".join(str(report.uuid) for report in found[:5])}
            raise ValidationError(_("Several reports are called so: %(several)s. Write the UUID.") % said)
        raise ValidationError(
            _("“%(value)s” is no report that is here. Write its UUID, its address or its whole title; enter it first.")
            % {"value": shown(text)}
        )


def is_uuid(text: str) -> bool:
    """Whether this is a UUID as text."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False
