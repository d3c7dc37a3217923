"""Review in the admin: moves beside the form and in the list, all through the workflow; the queues as a filter."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import workflow
from events.models import Comment, Event
from osint.base.admin import KnownChoice, RecordAdmin
from osint.base.conflict.page import check_version
from osint.history import recording


class MoveForm(forms.Form):
    """What a move needs to be told; it is sent by a form of its own, beside the event's."""

    action = ""
    title: Any = ""
    button: Any = ""

    def __init__(self, *args: Any, by: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": f"id_{self.action}_%s"} | kwargs))
        self.by, self.event = by, event
        for field in self.fields.values():
            field.widget.attrs["form"] = f"move-{self.action}"


def words(label: Any) -> forms.CharField:
    """A field for a sentence or some."""
    box = forms.Textarea({"rows": 2, "dir": "auto", "class": "vLargeTextField"})
    return forms.CharField(label=label, required=False, max_length=5_000, widget=box)


class Submit(MoveForm):
    """In, for review."""

    action = "submit"
    title, button = _("Submit as it is stored…"), _("Submit")


class Publish(MoveForm):
    """Out, to readers."""

    action = "publish"
    title, button = _("Publish as it is stored…"), _("Publish")


class SendBack(MoveForm):
    """Back to the analyst."""

    action = "send_back"
    title, button = _("Send back…"), _("Send back")
    note = words(_("What is to be done before it can be published"))


class Retract(MoveForm):
    """Taken back."""

    action = "retract"
    title, button = _("Retract…"), _("Retract")
    reason = words(_("Reason for the retraction, for readers"))


class Merge(MoveForm):
    """A duplicate, into the event that it duplicates."""

    action = "merge"
    title, button = _("Merge into another event…"), _("Merge")
    into = forms.ModelChoiceField(Event.objects.none(), label=_("The event that stays"))
    reason = words(_("Why the two are one event"))

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        field: Any = self.fields["into"]
        field.queryset = Event.objects.visible_to(by).select_related("type")
        field.widget = KnownChoice(Event._meta.get_field("merged_into"), admin.site, {"form": f"move-{self.action}"})
        field.widget.choices = field.choices


class Unmerge(MoveForm):
    """Out of the other event again."""

    action = "unmerge"
    title, button = _("Undo the merging…"), _("Undo the merging")
    reason = words(_("Why the two are different events after all"))


class Assign(MoveForm):
    """To somebody, or to nobody."""

    action = "assign"
    title, button = _("Assign…"), _("Assign")
    to = forms.CharField(label=_("To"), required=False, max_length=150)

    def __init__(self, *args: Any, by: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, by=by, event=event, **kwargs)
        people = workflow.workers() if by.has_perm(workflow.OTHERS) else workflow.workers().filter(pk=by.pk)
        names = people.values_list("username", flat=True)
        nobody = [("", _("nobody"))]
        self.fields["to"].widget = forms.Select(
            {"form": "move-assign"}, choices=[*nobody, *((name, name) for name in names)]
        )
        self.fields["to"].initial = (event.assignee or by).get_username()

    def clean_to(self) -> Any:
        """The person of that name."""
        try:
            return workflow.colleague(self.cleaned_data["to"], self.by)
        except ValidationError as error:
            # Of a form's own field, Django takes sentences only, no names of fields.
            raise ValidationError(error.messages) from error


class Remark(MoveForm):
    """A comment."""

    action = "comment"
    title, button = _("Comment"), _("Comment")
    text = words(_("Comment"))


FORMS: dict[str, type[MoveForm]] = {
    form.action: form for form in (Submit, Publish, SendBack, Retract, Merge, Unmerge, Assign, Remark)
}


def sentences(error: Exception) -> list[str]:
    """What a refusal says."""
    return error.messages if isinstance(error, ValidationError) else [str(error)]


class ListActionForm(ActionForm):
    """The choice of an action on a list, and the words that some need."""

    words = forms.CharField(label=_("Note or reason:"), required=False, max_length=5_000)


class ReviewAdmin(RecordAdmin):
    """An admin page of events with the moves of the workflow."""

    action_form = ListActionForm
    actions = ("take_listed", "submit_listed", "send_back_listed", "publish_listed", "retract_listed")

    def get_urls(self) -> list[URLPattern]:
        """Each move of an event has an address."""
        view = self.admin_site.admin_view(self.move_view)
        own = path("<int:pk>/move/<slug:action>/", view, name="events_event_move")
        return [own, *super().get_urls()]

    # One event

    def move_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Make the move, say how it went, and show the event again."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        event = self.get_queryset(request).filter(pk=pk).first() if pk < 2**63 else None
        if event is None or action not in FORMS or not self.has_view_permission(request, event):
            raise Http404
        form = FORMS[action](request.POST, by=request.user, event=event)
        self.attempt(request, event, form)
        return self.stay(request, event)

    def attempt(self, request: HttpRequest, event: Event, form: MoveForm) -> None:
        """Make the move that the form tells of, or say what stands against it."""
        if not form.is_valid():
            self.message_refused(request, ValidationError([str(e) for errors in form.errors.values() for e in errors]))
            return
        try:
            with recording.change(request.user):
                if form.action != "comment":
                    check_version(request, event)
                getattr(workflow, form.action)(event, request.user, **form.cleaned_data)
        except (ValidationError, workflow.Alone) as error:
            self.message_refused(request, ValidationError(sentences(error)))
            return
        self.message_moved(request, event, form.action)

    def message_moved(self, request: HttpRequest, event: Event, action: str) -> None:
        """Say how the event stands now."""
        moved = Event.objects.select_related("assignee", "merged_into").get(pk=event.pk)
        names = {
            "event": moved.reference,
            "status": moved.get_status_display(),
            "who": moved.assignee or gettext("nobody"),
        }
        said = {
            "comment": _("Your comment on %(event)s is kept."),
            "assign": _("%(event)s is assigned to: %(who)s."),
        }.get(action, _("%(event)s is now: %(status)s."))
        self.message_user(request, str(said) % names, messages.SUCCESS)

    def stay(self, request: HttpRequest, event: Event) -> HttpResponse:
        """Back to the event."""
        raise NotImplementedError

    # A list of them

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As ever; but each event that a move is made with is a transaction of its own."""
        if request.POST.get("action") in self.actions:
            return super(RecordAdmin, self).changelist_view(request, *args, **kwargs)
        return super().changelist_view(request, *args, **kwargs)

    def each(self, request: HttpRequest, events: QuerySet[Event], action: str, **values: Any) -> None:
        """Make the move with each event, and say of each that is refused why."""
        done = 0
        for event in events.order_by("pk"):
            try:
                getattr(workflow, action)(event, request.user, **values)
            except (ValidationError, PermissionDenied) as error:
                said = " ".join(sentences(error))
                known = said if str(event.reference) in said else f"{event.reference}: {said}"
                self.message_user(request, known, messages.ERROR)
            else:
                done += 1
        if done:
            said = ngettext("Done with %(number)d event.", "Done with %(number)d events.", done) % {"number": done}
            self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Assign to me"), permissions=["change"])
    def take_listed(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        """Take each."""
        self.each(request, events, "assign", to=request.user)

    @admin.action(description=_("Submit"), permissions=["submit"])
    def submit_listed(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        """Hand each in for review."""
        self.each(request, events, "submit")

    @admin.action(description=_("Send back, with a note"), permissions=["send_back"])
    def send_back_listed(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        """Send each back."""
        self.each(request, events, "send_back", note=request.POST.get("words", ""))

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_listed(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        """Publish each."""
        self.each(request, events, "publish")

    @admin.action(description=_("Retract, with a reason"), permissions=["retract"])
    def retract_listed(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        """Retract each."""
        self.each(request, events, "retract", reason=request.POST.get("words", ""))

    def has_submit_permission(self, request: HttpRequest) -> bool:
        """Who may submit."""
        return request.user.has_perm(workflow.MOVES["submit"].permission)

    def has_send_back_permission(self, request: HttpRequest) -> bool:
        """Who may send back."""
        return request.user.has_perm(workflow.MOVES["send_back"].permission)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Who may publish."""
        return request.user.has_perm(workflow.MOVES["publish"].permission)

    def has_retract_permission(self, request: HttpRequest) -> bool:
        """Who may retract."""
        return request.user.has_perm(workflow.MOVES["retract"].permission)


def moves(event: Event, by: Any) -> Iterator[MoveForm]:
    """The forms of the moves that are open to the person now."""
    for action in workflow.possible(event, by):
        others = action == "assign" and event.assignee not in {None, by} and not by.has_perm(workflow.OTHERS)
        if action in FORMS and not others:
            yield FORMS[action](by=by, event=event)


def remarks(event: Event, by: Any) -> QuerySet[Comment]:
    """What was said about the event."""
    return Comment.objects.visible_to(by).filter(event=event).select_related("created_by")
