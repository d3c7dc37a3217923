"""What came since a change, and so stands in the way of undoing it: told by value, person and moment."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from osint.history import past, recording
from osint.history.models import Action, Entry, Value
from osint.history.naming import Names
from osint.history.reading import SAID_ELSEWHERE
from osint.history.steps import Kind, Sides, Step
from osint.history.wording import in_words, moment

LATER = "later"  # the code of a refusal because of what came since


def later(sentence: str) -> ValidationError:
    """The refusal because of what came since."""
    return ValidationError(sentence, code=LATER)


def check_unchanged(step: Step, sides: Sides) -> None:
    """Refuse where the record, which is locked, does not hold any more what the change gave it; the value is named."""
    told = {"kind": step.kind}
    if step.held is None:
        told |= {"name": called(step), "who": who_since(step)}
        raise later(_("%(kind)s %(name)s was deleted since, by %(who)s.") % told)
    for name, value in step.held.items():
        if name in SAID_ELSEWHERE or is_as_told(step, sides, name, value):
            continue
        told |= {"name": called(step), "field": labels(step, {name})}
        told |= {"now": shown(step, name, value), "who": who_since(step, name)}
        raise later(_("“%(field)s” of %(kind)s %(name)s is “%(now)s” now: %(who)s changed it since.") % told)


def is_as_told(step: Step, sides: Sides, name: str, value: Any) -> bool:
    """Whether the column holds what the change gave it: of a new record, nothing where nothing was told."""
    if name in sides:
        return sides[name][1] in (past.REDACTED, value)
    is_new = step.action == Action.CREATE
    return not is_new or recording.is_untold(step.model._meta.get_field(name), value)


def check_alone(step: Step, others: Collection[Kind]) -> None:
    """Refuse where others rest on the record that the change made, and have not been made by it."""
    if others:
        kinds = ", ".join(sorted({str(model._meta.verbose_name_plural) for model in others}))
        more = _("%(name)s has more since than this change gave it: %(kinds)s. Delete those first.")
        raise later(more % {"name": called(step), "kinds": kinds})


def check_known(step: Step, sides: Sides) -> None:
    """Refuse to set back a value that was redacted."""
    if lost := {name for name, side in sides.items() if past.REDACTED in side}:
        raise ValidationError(
            _("The values before this change were redacted (%(fields)s), so it cannot be reverted.")
            % {"fields": labels(step, lost)}
        )


def called(step: Step) -> str:
    """What the record is called."""
    names = Names(step.by)
    names.look_up({step.model: {step.key}})
    return names.texts.get(step.model, {}).get(step.key, f"#{step.key}")


def shown(step: Step, name: str, value: Any) -> str:
    """A value in words."""
    column: Any = step.model._meta.get_field(name)
    names = Names(step.by)
    if column.is_relation and isinstance(value, int):
        names.look_up({column.related_model: {value}})
    return in_words(column, value, names.of(column))


def who_since(step: Step, name: str = "") -> str:
    """Who was the last to change the record since, or one column of it, and when."""
    entries = Entry.objects.filter(model=step.model._meta.label_lower, key=step.key, seq__gt=step.seq)
    if name:
        entries = entries.filter(pk__in=Value.objects.filter(field=name, entry__in=entries).values("entry"))
    last = entries.order_by("-seq").select_related("by").first()
    return f"{last.by or '–'} ({moment(last.at)})" if last else "–"


def labels(step: Step, names: set[str] | frozenset[str]) -> str:
    """The names of columns in the reader's language."""
    columns: dict[str, Any] = {column.name: column for column in step.model._meta.concrete_fields}
    return ", ".join(sorted(str(columns[name].verbose_name) for name in names))
