"""The admin's manners, shared by all our models: who sees what, search by any spelling, errors in place of a crash."""

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, get_select2_language
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from osint.base import presence, versions
from osint.base.bounded import BoundedAdmin
from osint.base.conflict import page as conflict
from osint.base.conflict.late import too_late
from osint.base.dating import WHEN_HELP, DayField, DayInput, ReadsDates, WhenField, WhenInput
from osint.base.errors import broken_rule
from osint.base.fields import EdtfField, Line, Prose
from osint.base.permissions import works_here
from osint.base.searching import SearchedList
from osint.history import recording
from osint.history.pages import HistoryPage

REASON, TEXT = 2_000, 1_000_000  # characters: up to the first it is a sentence, from the second on a document

# Sentences of the admin whose Arabic in Django fits masculine nouns only, or reads as a date: ours fits all of them.
REWORDED = (
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("History"),
)


class Choices(AutocompleteJsonView):
    """What an autocomplete offers: enough of each record to tell it from its namesakes."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """The record's key, and its description where it has one."""
        return super().serialize_result(obj, to_field_name) | {"text": getattr(obj, "described", str(obj))}


class DeskSite(admin.AdminSite):
    """The admin: for those who work here, with choices that describe themselves."""

    site_title = site_header = "Isnad"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who may change something: readers have pages of their own, and nothing to see here."""
        return super().has_permission(request) and works_here(request.user)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        """The choices for what was typed."""
        return Choices.as_view(admin_site=self)(request)


class KnownChoice(AutocompleteSelect):
    """An autocomplete that need not ask the database for a record at hand, and asks it for nothing that is no key."""

    known: models.Model | None = None
    i18n_name: str | None

    def __deepcopy__(self, memo: Any) -> Any:
        """For one form: in the language of its reader, and not of whoever came first."""
        copied = super().__deepcopy__(memo)
        copied.i18n_name = get_select2_language()
        return copied

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """As Django's, without its query where the choice is known; a choice that cannot exist is shown as none."""
        # Django asks for any value sent; SQLite fails on a number beyond 64 bits, and every engine on a word.
        value = [item for item in value if re.fullmatch(r"[0-9]{1,18}|", str(item), re.ASCII)]
        chosen = [str(item) for item in value]
        if self.known is None or chosen != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*blank, self.create_option(name, self.known.pk, str(self.known), True, len(blank))], 0)]


class RecordForm(ReadsDates, forms.ModelForm[Any]):
    """A form that can be shown again with what the database or the workflow refused after it was valid in itself."""

    refusal: ValidationError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownChoice):
                widget.known = withheld(field, self.known(name, field))

    def known(self, name: str, field: Any) -> Any:
        """The record that is chosen, if it is at hand; one that may be hidden is read."""
        if hasattr(field.queryset.model, "tlp"):
            return getattr(self.instance, name, None)
        return self.instance._state.fields_cache.get(name)

    def _post_clean(self) -> None:
        self.keep_wording()
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None:
            refuse(self, self.refusal)


class Withheld:
    """Stands in a form for a record that the person may not see: its key, and nothing of what it says."""

    def __init__(self, pk: Any) -> None:
        self.pk = pk

    def __str__(self) -> str:
        return str(_("withheld"))


def withheld(field: Any, record: Any) -> Any:
    """The record; where the person may not see it, what stands for it in a field that stays as it is."""
    # Only what bears a mark can be hidden from somebody who works here; so most choices cost no query.
    marked = getattr(record, "tlp", "CLEAR") != "CLEAR"
    if not marked or field.queryset.filter(pk=record.pk).exists():
        return record
    field.queryset, field.disabled = type(record)._default_manager.all(), True
    return Withheld(record.pk)


class VersionedForm(RecordForm):
    """The form of a record as a whole, which knows the version that it was opened with."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["version"] = versions.whole_of(self.instance).version


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each sentence at its field, and what has no field here on top of the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class OwnWidgets:
    """Mixin: text boxes that take the direction of what is typed, and the size of what is meant."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """As Django's, with boxes of our own for text and for dates."""
        if isinstance(db_field, Prose) and "widget" not in kwargs:
            # A text of a million characters wants a page, a reason a line.
            rows = 1 if db_field.max_length == REASON else 3 if (db_field.max_length or 0) < TEXT else 16
            kwargs["widget"] = forms.Textarea(
                {"rows": rows, "dir": "auto", "class": "reason" if rows == 1 else "vLargeTextField"}
            )
        elif isinstance(db_field, Line) and "widget" not in kwargs:
            kwargs["widget"] = forms.TextInput({"dir": "auto", "class": "vTextField"})
        elif isinstance(db_field, EdtfField) and "widget" not in kwargs:
            kwargs |= {"form_class": WhenField, "widget": WhenInput, "help_text": WHEN_HELP}
        elif type(db_field) is models.DateField and "widget" not in kwargs:
            kwargs |= {"form_class": DayField, "widget": DayInput}
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class OwnChoices:
    """Mixin: autocompletes of ours."""

    autocomplete_fields: ClassVar[Any]
    admin_site: Any

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An autocomplete that costs no query for a record at hand."""
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownChoice(db_field, self.admin_site)
        related = db_field.remote_field.model._default_manager
        if "queryset" not in kwargs and hasattr(related, "visible_to"):
            kwargs["queryset"] = related.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class RecordAdmin(HistoryPage, OwnWidgets, OwnChoices, BoundedAdmin):
    """The base of every admin page of ours."""

    form = VersionedForm
    list_per_page = 50
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What this person may see."""
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[no-any-return]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list offers: any other lookup could ask for what is not shown, or break on its value."""
        filters: Any = self.list_filter
        offered = {
            item.parameter_name if callable(item) else item if isinstance(item, str) else item[0] for item in filters
        }
        name = lookup.split("__")[0]
        if name not in offered or lookup not in {name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull"}:
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, with what was refused at the first attempt of this request."""
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        return form

    def get_urls(self) -> list[URLPattern]:
        """Who else has a record open is asked at an address of its own."""
        view = self.admin_site.admin_view(self.presence_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who else has the record open."""
        record = self.get_object(request, unquote(object_id))
        if request.method != "POST" or record is None or not self.has_change_permission(request, record):
            return HttpResponse(status=404)
        return presence.answer(request, record)

    def as_of(self, request: HttpRequest, record: Any, states: Any) -> AbstractContextManager[None]:
        """Forms made within this block show the record as it was; for what they show beyond its columns."""
        return nullcontext()

    def meet(self, request: HttpRequest, object_id: str | None) -> Any:
        """Lock the record, and see whether the form was opened with the version that is stored."""
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if record is None:
            return None
        stored = conflict.lock(record)
        # Read again: somebody may have written while we waited for the lock.
        record = self.get_object(request, unquote(str(object_id)))
        if record is not None and self.has_change_permission(request, record):
            conflict.meet(self, request, record, stored)
        return record

    def is_too_late(self, request: HttpRequest, record: Any) -> bool:
        """Whether somebody who changes such records has sent a form of one that has gone, or is closed by now."""
        return self.has_change_permission(request) and not (record and self.has_change_permission(request, record))

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """As Django's; what is refused while saving shows in the form, with everything typed, and nothing is kept."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        try:
            with recording.change():
                record = self.meet(request, object_id)
                if object_id and self.is_too_late(request, record):
                    return too_late(self, request, record)
                return super().changeform_view(request, object_id, *args, **kwargs)
        except ValidationError as error:
            request.refusal = error  # type: ignore[attr-defined]
        except IntegrityError as error:
            request.refusal = ValidationError(broken_rule(error))  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Say what the others have changed, and where the page asks who else is here."""
        record = kwargs.get("obj")
        context["conflict"] = getattr(request, "conflict", None)
        if record is not None and self.has_change_permission(request, record):
            name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_presence"
            context["presence_url"] = reverse(name, args=[quote(record.pk)])
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """As Django's; what is refused while deleting is said, and nothing is gone."""
        if request.method != "POST":
            return super().delete_view(request, object_id, *args, **kwargs)
        try:
            with recording.change():
                record = self.get_object(request, unquote(object_id))
                if record is not None and self.has_delete_permission(request, record):
                    conflict.check_version(request, record)
                return super().delete_view(request, object_id, *args, **kwargs)
        except ValidationError as error:
            self.message_refused(request, error)
            return HttpResponseRedirect(request.path.replace("/delete/", "/change/"))

    def render_delete_form(self, request: HttpRequest, context: Any) -> Any:
        """Ask about the version that is shown."""
        context["version"] = versions.whole_of(context["object"]).version
        return super().render_delete_form(request, context)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As Django's; what an action is refused is said, and nothing is changed."""
        if request.method != "POST":  # to read takes no transaction, which on SQLite would lock the file
            return super().changelist_view(request, *args, **kwargs)
        try:
            with recording.change():
                return super().changelist_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_refused(request, error)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who made the record."""
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No button where the record has to stay."""
        return super().has_delete_permission(request, obj) and not (obj is not None and must_stay(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What must stay counts as protected, with its sentence."""
        to_delete, count, needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            # Django names each record that is in the way; which they are may be hidden from this person.
            protected = [str(_("Other records rest on it. Change or delete those first."))]
        return to_delete, count, needed, [*protected, *filter(None, map(must_stay, objs))]

    def message_refused(self, request: HttpRequest, error: ValidationError) -> None:
        """Show each sentence of the error."""
        for sentence in error.messages:
            self.message_user(request, sentence, messages.ERROR)


def must_stay(obj: Any) -> str:
    """Why the record cannot be deleted, or nothing."""
    try:
        obj.check_deletable()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


class NamedAdmin(SearchedList, RecordAdmin):
    """Admin of things with names: found by any spelling, in Arabic or Latin letters, the nearest first."""

    marks: ClassVar[dict[str, str]] = {"name_en": "name_en", "name_ar": "name_ar"}
    search_fields: ClassVar[tuple[str, ...]] = ("slug",)  # switches the box on; the search itself is below
    search_help_text = _("Any spelling, in Arabic or Latin letters.")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Records named so."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        found = queryset.named(term)
        return (found.nearest_first(term) if self.is_ranked(request) else found), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug is the identity that other databases know, so it stays."""
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


class RecordInline(OwnWidgets, OwnChoices, admin.StackedInline[Any, Any]):
    """Rows under a record."""

    form = RecordForm
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The rows, each with the records it names."""
        rows, names = super().get_queryset(request), self.autocomplete_fields
        return rows.select_related(*names) if names else rows


class ReadOnly:
    """Mixin: what nobody changes by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
