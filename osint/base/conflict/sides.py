"""A form as it was when somebody opened it, and as it would be if it were opened now."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _

from osint.base.visibility import seen_rows
from osint.history import past

BESIDE = {"DELETE", "version"}  # fields of the form that are no part of what is told


@dataclass(frozen=True)
class Part:
    """The form of a record, or of one of its rows, with what it shows before anybody types."""

    form: Any
    title: str = ""

    def fields(self) -> Iterator[tuple[str, Any]]:
        """What can be typed, hidden companions of other fields included."""
        own = {self.form._meta.model._meta.pk.name, *BESIDE}
        for name, found in self.form.fields.items():
            if name not in own and not isinstance(found, forms.models.InlineForeignKeyField):
                yield name, found

    def shows(self, name: str) -> list[str]:
        """What a browser would send of this field if nothing were typed."""
        found = self.form.fields[name]
        return sent(found, self.form.get_initial_for_field(found, name))


@dataclass(frozen=True)
class Rows:
    """The rows of one kind, by key."""

    title: str
    blank: Part
    parts: dict[int, Part]


@dataclass(frozen=True)
class Side:
    """The whole form at one moment."""

    own: Part
    rows: dict[str, Rows] = field(default_factory=dict)


def sent(found: Any, value: Any) -> list[str]:
    """The value as a browser sends it."""
    widget = getattr(found.widget, "widget", found.widget)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    value = found.prepare_value(value)
    if value is None:
        return [""]
    if isinstance(widget, ChoiceWidget):
        return [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
    return [str(widget.format_value(value) or "")]


def shown(found: Any, values: list[str], reader: Any) -> str:
    """What was sent, in words."""
    if isinstance(getattr(found.widget, "widget", found.widget), forms.CheckboxInput):
        return _("yes") if values else _("no")
    text = ", ".join(values)
    if isinstance(found, forms.ModelChoiceField):
        return chosen(found, text, reader)
    for key, label in getattr(found, "choices", ()):
        if str(key) == text:
            return str(label)
    return text


def chosen(found: Any, text: str, reader: Any) -> str:
    """The record that was chosen, by name."""
    if not text.isdecimal() or len(text) > 18:
        return text
    record = seen_rows(found.queryset.model, reader).filter(pk=int(text)).first()
    return str(record) if record is not None else _("(not for you)")


def formsets_of(desk: Any, request: Any, record: Any, instance: Any) -> Iterator[tuple[str, Any, Any]]:
    """The formsets of the page, nothing sent to them: prefix, formset, inline."""
    seen: dict[str, int] = {}
    for form_set, inline in desk.get_formsets_with_inlines(request, record):
        prefix = form_set.get_default_prefix()
        seen[prefix] = seen.get(prefix, 0) + 1
        prefix = prefix if seen[prefix] == 1 else f"{prefix}-{seen[prefix]}"
        if inline.has_change_permission(request, record):
            yield prefix, form_set(instance=instance, prefix=prefix, queryset=inline.get_queryset(request)), inline


def now(desk: Any, request: Any, record: Any) -> Side:
    """The form as it would be if it were opened now."""
    own = Part(desk.get_form(request, record, change=True)(instance=record))
    rows = {}
    for prefix, formset, inline in formsets_of(desk, request, record, record):
        found = {form.instance.pk: Part(form, titled(form.instance)) for form in formset.initial_forms}
        rows[prefix] = Rows(str(inline.verbose_name_plural), Part(formset.empty_form), found)
    return Side(own, rows)


def then(desk: Any, request: Any, record: Any, states: Any) -> Side:
    """The form as it was, from the states of the record and all that belonged to it."""
    model = type(record)
    instance = past.rebuilt(model, record.pk, states[model][record.pk])
    with desk.as_of(request, record, states):
        own = Part(desk.get_form(request, record, change=True)(instance=instance))
        rows = {}
        for prefix, formset, inline in formsets_of(desk, request, record, instance):
            found = {row.pk: Part(form_of(formset, row), titled(row)) for row in rows_then(formset, record, states)}
            rows[prefix] = Rows(str(inline.verbose_name_plural), Part(formset.empty_form), found)
    return Side(own, rows)


def rows_then(formset: Any, record: Any, states: Any) -> Iterator[Any]:
    """The rows of a formset as they were."""
    for key, state in states.get(formset.model, {}).items():
        if state.get(formset.fk.name) == record.pk:
            yield past.rebuilt(formset.model, key, state)


def form_of(formset: Any, row: Any) -> Any:
    """The form of one row."""
    return formset.form(instance=row, **formset.get_form_kwargs(0))


def titled(row: Any) -> str:
    """What the row is called; what it names may be gone by now."""
    try:
        return str(row)
    except ObjectDoesNotExist:
        return f"#{row.pk}"
