"""An admin form as a browser would send it: what the page shows, with some fields changed."""

from typing import Any

from django.db import connection
from django.test import Client


def filled(client: Client, url: str, /, **changes: Any) -> dict[str, Any]:
    """What the page's form would send if these fields were changed; `prefix-0-field` is written `prefix__0__field`."""
    named = {name.replace("__", "-"): value for name, value in changes.items()}
    return shown_by(client.get(url).context, named)


def shown_by(context: Any, named: dict[str, Any]) -> dict[str, Any]:
    """What the page's form would send if these fields, by their names, were changed."""
    data: dict[str, Any] = {}
    collect(context["adminform"].form, data)
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        collect(formset.management_form, data)
        for form in formset.forms:
            collect(form, data)
        add_rows(formset, named, data)
    return data | named


def again(answer: Any, **changes: Any) -> dict[str, Any]:
    """What a conflict page would send, with these fields changed and these choices (`choice__field="mine"`)."""
    data = shown_by(answer.context, {})
    panel = answer.context["conflict"]
    data |= {"_opened": panel.opened, "_conflict": [item.name for item in panel.choices]}
    for name, value in (pair for item in panel.choices for pair in item.stored):
        data.setdefault(name, []).append(value)
    return data | {name.replace("choice__", "_choice-").replace("__", "-"): value for name, value in changes.items()}


def add_rows(formset: Any, named: dict[str, Any], data: dict[str, Any]) -> None:
    """Open a row, with what a new row shows, for each that is filled in and not on the page yet."""
    wanted = {int(name.split("-")[1]) for name in named if name.startswith(f"{formset.prefix}-")}
    for row in sorted(wanted - set(range(len(formset.forms)))):
        blank: dict[str, Any] = {}
        collect(formset.empty_form, blank)
        data |= {name.replace("__prefix__", str(row)): value for name, value in blank.items()}
        data[f"{formset.prefix}-TOTAL_FORMS"] = row + 1


def collect(form: Any, data: dict[str, Any]) -> None:
    """Add what the form's fields show."""
    for field in form:
        value = field.value()
        widget = field.field.widget
        if value is None or value is False:
            continue
        if hasattr(widget, "decompress"):
            for number, part in enumerate(widget.decompress(value)):
                data[f"{field.html_name}_{number}"] = part
        elif isinstance(value, list | tuple):
            data[field.html_name] = [getattr(item, "pk", item) for item in value]
        else:
            data[field.html_name] = getattr(value, "pk", value)


def errors(response: Any) -> str:
    """All sentences on a form that was sent back."""
    context = response.context
    forms = [context["adminform"].form]
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    parts = [str(form.errors) for form in forms]
    parts += [str(formset.errors) + str(formset.non_form_errors()) for formset in formsets]
    return " ".join(parts)


def everything() -> dict[str, list[Any]]:
    """What all tables of ours hold, to see that a refusal changed nothing."""
    held = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table.startswith(("events_", "sources_")):
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                held[table] = cursor.fetchall()
    return held


def send(desk: Client, url: str, /, **changes: Any) -> Any:
    """Change these fields of the page's form and send it."""
    return desk.post(url, filled(desk, url, **changes))
