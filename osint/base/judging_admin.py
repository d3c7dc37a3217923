"""The admin's door to likely twins: named when a record is entered, and below its form with a verdict on each."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from osint.base.admin import RecordAdmin
from osint.base.judgements import Judgement, Verdict, judge, judgements_on, withdraw
from osint.base.twins import Twins, heavy

NAMED_ON_ENTRY = 3
WITHDRAW = "withdraw"


class TwinsAdmin(RecordAdmin):
    """An admin page that shows the likely twins of its record."""

    change_form_template = "admin/twins_change_form.html"

    def twins_of(self, record: Any, reader: Any) -> Twins:
        """The likely twins, and the judged ones."""
        raise NotImplementedError

    def ways(self, request: HttpRequest, record: Any) -> set[str]:  # noqa: ARG002 - subclasses ask who it is
        """What this person may make of a pair, beside judging it."""
        return set()

    def go(self, request: HttpRequest, record: Any, other: Any, way: str, reason: str) -> str:
        """Make that of the pair; the sentence that says so."""
        raise NotImplementedError

    def judges(self, request: HttpRequest, action: str) -> bool:
        """Whether this person may do this with judgements on such records."""
        model = judgements_on(self.model)
        return request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")

    def get_urls(self) -> list[URLPattern]:
        """Verdicts have an address of their own, so that none of them saves the form."""
        view = self.admin_site.admin_view(require_POST(self.judge_view))
        return [path("<int:pk>/judge/", view, name=self.door()), *super().get_urls()]

    def door(self) -> str:
        """The name of the address at which verdicts are given."""
        return f"{self.opts.app_label}_{self.opts.model_name}_judge"

    # On entry

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save; where the record is new, name what it is perhaps a duplicate of."""
        super().save_related(request, form, formsets, change)
        if not change and self.judges(request, "view"):
            self.warn(request, form.instance)

    def warn(self, request: HttpRequest, record: Any) -> None:
        """Name the likeliest twins, with what speaks for them."""
        twins = self.twins_of(record, request.user).likely[:NAMED_ON_ENTRY]
        if not twins:
            return
        named = format_html_join(
            " · ",
            '<a href="{}">{}</a> ({})',
            ((self.address_of(twin.record), twin.record, " ".join(twin.reasons)) for twin in twins),
        )
        said = format_html("{} {}", _("Perhaps this is here already; compare them under “Possible duplicates”:"), named)
        self.message_user(request, said, messages.WARNING)

    def address_of(self, record: Any) -> str:
        """The record's form."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])

    # Below the form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the twins of a stored record."""
        record = kwargs.get("obj")
        if record is not None and self.judges(request, "view") and not context.get("is_popup"):
            context |= {
                "twins": self.twins_of(record, request.user),
                "judge_at": reverse(f"admin:{self.door()}", args=[record.pk]),
                "may_judge": self.judges(request, "add") and self.judges(request, "change"),
                "ways": self.ways(request, record),
                "verdicts": Verdict.choices,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def judge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the button beside a pair said, and go back to the panel."""
        record, other = self.visible(request, str(pk)), self.visible(request, request.POST.get("other", ""))
        verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "").strip()
        try:
            self.message_user(request, self.settle(request, record, other, verdict, reason), messages.SUCCESS)
        except ValidationError as error:
            self.message_refused(request, error)
        return HttpResponseRedirect(f"{self.address_of(record)}#twins")

    def visible(self, request: HttpRequest, key: str) -> Any:
        """The record with this key, among those that the person may see."""
        known = key.isascii() and key.isdecimal() and len(key) < 19
        found = self.get_queryset(request).filter(pk=int(key)).first() if known else None
        if found is None:
            raise Http404
        return found

    def settle(self, request: HttpRequest, record: Any, other: Any, verdict: str, reason: str) -> str:
        """Keep the verdict on the two, take it back, or go the way asked for; the sentence that says so."""
        if verdict in self.ways(request, record):
            return self.go(request, record, other, verdict, reason)
        pair = {"one": record, "other": other}
        if verdict == WITHDRAW:
            stored: Any = judgements_on(self.model)
            found = stored._default_manager.visible_to(request.user).between(record, other).first()
            if found is not None:
                withdraw(found, request.user)
            return _("There is no judgement on %(one)s and %(other)s any more.") % pair
        kept = judge(record, other, request.user, verdict, reason)
        return _("%(one)s and %(other)s are judged: %(verdict)s.") % (pair | {"verdict": kept.get_verdict_display()})


class JudgementAdmin(RecordAdmin):
    """What has been said of pairs, whose word it is, and since when."""

    list_display = ("first", "second", "verdict", "reason", "judged_by", "changed_at")
    list_filter = ("verdict",)
    list_display_links = ("first", "second")
    fields = (("first", "second"), "verdict", "reason")
    autocomplete_fields = ("first", "second")
    alongside: ClassVar[tuple[str, ...]] = ()  # what the names of both records need

    @admin.display(description=_("judged by"), ordering="created_by__username")
    def judged_by(self, judgement: Judgement) -> str:
        """Whose word it is."""
        return str(judgement.created_by or "–")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Judgements with the names of both records."""
        sides = [f"{side}{name}" for side in ("first", "second") for name in ("", *(f"__{n}" for n in self.alongside))]
        long = heavy(self.model._meta.get_field("first").related_model)
        found = super().get_queryset(request).select_related("created_by", *sides)
        return found.defer(*(f"{side}__{name}" for side in ("first", "second") for name in long))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """The pair stays: another pair is another judgement."""
        return ["first", "second"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002
        """Make it this person's word."""
        obj.say(request.user, obj.verdict, obj.reason)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take it back."""
        withdraw(cast(Judgement, obj), request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Take them back one by one."""
        for judgement in queryset:
            withdraw(judgement, request.user)
