"""Tokens in the admin: everybody makes and revokes her own, an administrator sees and revokes those of all."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from osint.access.models import KEEPS, Token, last_day, make, scopes_of
from osint.base.admin import OwnWidgets
from osint.base.dating import DayField

USUALLY = timedelta(days=90)


class TokenForm(forms.ModelForm[Token]):
    """What somebody says of a new token."""

    expiry: Any = DayField(
        label=gettext_lazy("Valid until"), help_text=gettext_lazy("Until the end of this day, in UTC.")
    )

    owner: Any = None  # whose it will be

    class Meta:
        model = Token
        fields: ClassVar = ["name", "scope", "expiry", "networks"]
        widgets: ClassVar = {"networks": forms.Textarea({"rows": 3, "dir": "ltr", "class": "vLargeTextField"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = self.owner
        self.initial.setdefault("expiry", min(datetime.now(UTC).date() + USUALLY, last_day()))
        known = {scope.value: scope.label for scope in scopes_of(self.instance.user)}
        self.fields["scope"].choices = list(known.items())  # type: ignore[attr-defined]
        longest = _("At most %(days)d days from now.") % {"days": settings.TOKEN_DAYS}
        self.fields["expiry"].help_text = f"{self.fields['expiry'].help_text} {longest}"

    def clean_expiry(self) -> datetime | None:
        """The last moment of the day."""
        day: date | None = self.cleaned_data["expiry"]
        return datetime.combine(day, time.max, UTC) if day else None


@admin.register(Token)
class TokenAdmin(OwnWidgets, admin.ModelAdmin[Token]):
    """Tokens; what one is used with is shown when it is made, and never again."""

    form = TokenForm
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    list_filter = ("scope",)
    search_fields = ("name", "beginning", "user__username")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Whose they are is told where they are of several."""
        whose = ["user"] if keeps(request) else []
        return ["called", "begins", *whose, "scope", "networks_", "until", "last_used_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        """One's own, or everybody's."""
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def called(self, token: Token) -> str:
        """What the token is for."""
        return token.name or _("signed in with a password")

    @admin.display(description=gettext_lazy("begins with"))
    def begins(self, token: Token) -> str:
        """By which its owner knows it."""
        return format_html('<code dir="ltr" translate="no">{}…</code>', token.beginning)

    @admin.display(description=gettext_lazy("networks"))
    def networks_(self, token: Token) -> str:
        """From where it may be used."""
        if not token.networks:
            return _("from anywhere")
        return format_html('<span dir="ltr" translate="no">{}</span>', ", ".join(token.networks.split("\n")))

    @admin.display(description=gettext_lazy("valid until"), ordering="expiry")
    def until(self, token: Token) -> str:
        """Until when it is valid, or that it is over."""
        day = date_format(token.expiry, "DATE_FORMAT")
        return day if token.is_valid else _("over since %(day)s") % {"day": day}

    # Making one

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One at a time: each is shown when it is made."""
        only = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, only | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form of a token of whoever asks."""
        if obj is not None:
            return super().get_form(request, obj, change, form=forms.ModelForm, **kwargs)
        form = super().get_form(request, obj, change, **kwargs)
        form.owner = request.user  # type: ignore[attr-defined]  # a class of this request's own
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is entered; of one that is there, all that there is to know."""
        entered = ["name", "scope", "expiry", "networks"]
        told = ["called", "begins", "user", "scope", "networks_", "until", "created_at", "last_used_at"]
        return told if obj else entered

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing of a token is changed."""
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:
        """Make it; what it is used with goes to its owner and nowhere else."""
        request.made_secret = make(obj)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Token, post_url_continue: str | None = None) -> HttpResponse:
        """The page that shows it once: an answer and not a message, which would be kept in a session or a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "opts": self.opts,
            "token": obj,
            "secret": request.made_secret,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/access/token/made.html", context)

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: one that should be otherwise is revoked, and another made."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One's own, or everybody's for whoever keeps them."""
        own = obj is None or obj.user_id == request.user.pk or keeps(request)
        return super().has_delete_permission(request, obj) and own


def keeps(request: HttpRequest) -> bool:
    """Whether whoever asks keeps everybody's tokens."""
    return request.user.has_perm(KEEPS)
