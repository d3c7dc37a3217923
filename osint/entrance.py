"""Where people sign in, to read or to work: two pages, with the limit that the API has too."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator

from osint.access import browsers, throttles
from osint.base.permissions import works_here

Page = Callable[..., HttpResponseBase]


class Limited:
    """Mixin: a form whose attempts are counted before a password is looked at."""

    request: Any

    def clean(self) -> Any:
        """As Django's, unless it is one attempt too many."""
        try:
            throttles.attempt(self.request, self.cleaned_data.get("username", ""))  # type: ignore[attr-defined]
        except throttles.TooMany as error:
            self.request.too_many = error
            raise ValidationError(str(error.detail)) from error
        return super().clean()  # type: ignore[misc]


class Credentials(Limited, AuthenticationForm):
    """Name and password of anybody who has an account."""


class DeskCredentials(Limited, AdminAuthenticationForm):
    """Name and password of somebody who works here."""


def watched(page: Page) -> Page:
    """A page on which one signs in: what is refused has its status, and a browser that was let in is known."""

    @wraps(page)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = page(request, *args, **kwargs)
        if refused := getattr(request, "too_many", None):
            response.status_code = 429
            response.headers["Retry-After"] = str(refused.wait)
        elif request.method == "POST" and response.status_code == 302:
            browsers.remember(request, response, request.user.get_username())
        return response

    return inner


@method_decorator(watched, name="dispatch")
class SignIn(LoginView):
    """The page on which anybody signs in who has an account."""

    template_name = "sign_in.html"
    authentication_form = Credentials

    def get_default_redirect_url(self) -> str:
        """The desk for those who work here, the list of incidents for everybody else."""
        user = self.request.user
        return reverse("admin:index") if user.is_staff and works_here(user) else super().get_default_redirect_url()


@watched
def sign_in_to_desk(request: HttpRequest) -> HttpResponse:
    """The admin's own page to sign in."""
    return admin.site.login(request)
