"""The rows of a list in the admin as HTML: what Django works out anew for each cell is worked out once for a column."""

from collections.abc import Callable, Iterator
from datetime import date, time
from html import escape
from typing import Any, NamedTuple

from django.contrib.admin.utils import display_for_field, display_for_value
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.utils.safestring import SafeString, mark_safe


class Column(NamedTuple):
    """A column: how its cells begin and end, what they show of a record, and whether that leads to the record."""

    tag: str
    name: str
    shown: Callable[[Any], tuple[Any, bool]]  # with whether it is a day or a moment, which is not broken into lines
    is_link: bool

    def cell(self, record: Any, link: str) -> str:
        """The cell of a record."""
        value, is_date = self.shown(record)
        text = value.__html__() if hasattr(value, "__html__") else escape(str(value))
        words = f"{self.name} nowrap" if is_date else self.name
        return f'<{self.tag} class="{words}">{f"{link}{text}</a>" if self.is_link else text}</{self.tag}>'


def rows(listed: ChangeList) -> Iterator[SafeString]:
    """The cells of each record that is listed."""
    every = list(columns(listed))
    for record in listed.result_list:
        link = begun(listed, record) if any(column.is_link for column in every) else ""
        yield mark_safe("".join(column.cell(record, link) for column in every))  # noqa: S308 - each is escaped


def begun(listed: ChangeList, record: Any) -> str:
    """The beginning of the link to a record; where the list was opened to choose one, with what is chosen."""
    chosen = record.serializable_value(str(listed.to_field) if listed.to_field else listed.pk_attname)
    opener = f' data-popup-opener="{escape(str(chosen))}"' if listed.is_popup else ""
    return f'<a href="{escape(listed.url_for_result(record))}"{opener}>'


def columns(listed: ChangeList) -> Iterator[Column]:
    """The columns of a list, as Django would show them."""
    fields = {field.name: field for field in listed.lookup_opts.fields}
    links, is_first = listed.list_display_links, True
    for name in listed.list_display:
        called = getattr(name, "__name__", name)
        is_link = links is not None and (name in links if links else is_first)
        shown = of_field(fields[name], listed, is_link) if name in fields else worked_out(name, listed)
        kind = "action-checkbox" if name == "action_checkbox" else f"field-{called}"
        yield Column("th" if is_link and is_first else "td", kind, shown, is_link)
        is_first = is_first and not is_link


def of_field(field: Any, listed: ChangeList, is_link: bool) -> Callable[[Any], tuple[Any, bool]]:
    """What a column of the model shows."""
    name, blank = field.name, listed.model_admin.get_empty_value_display()
    is_date = isinstance(field, models.DateField | models.TimeField | models.ForeignKey)
    if titles := {value: str(title) for value, title in field.flatchoices or []}:
        return lambda record: (titles.get(getattr(record, name), blank), is_date)
    if field.remote_field:
        return lambda record: (blank if (other := getattr(record, name)) is None else other, is_date)
    return lambda record: (display_for_field(trimmed(getattr(record, name)), field, blank, is_link), is_date)


def worked_out(name: Any, listed: ChangeList) -> Callable[[Any], tuple[Any, bool]]:
    """What a column shows that the admin or the record works out."""
    page, model = listed.model_admin, listed.model
    is_ours = callable(name) or (name != "__str__" and hasattr(page, name))
    how = name if callable(name) else getattr(page if is_ours else model, name)
    told = getattr(how, "fget", how)
    blank = getattr(told, "empty_value_display", page.get_empty_value_display())
    is_yes_or_no = getattr(told, "boolean", False)

    def shown(record: Any) -> tuple[Any, bool]:
        value = how(record) if is_ours else getattr(record, name)
        value = trimmed(value() if callable(value) and not is_ours else value)
        return display_for_value(value, blank, is_yes_or_no), isinstance(value, date | time)

    return shown


def trimmed(value: Any) -> Any:
    """The value; nothing in the place of a text of spaces."""
    return "" if isinstance(value, str) and not value.strip() else value
