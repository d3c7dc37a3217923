"""Where people sign in, to read or to work."""

from django.contrib.auth.views import LoginView
from django.urls import reverse

from osint.base.permissions import works_here


class SignIn(LoginView):
    """The page on which anybody signs in who has an account."""

    template_name = "sign_in.html"

    def get_default_redirect_url(self) -> str:
        """The desk for those who work here, the list of incidents for everybody else."""
        user = self.request.user
        return reverse("admin:index") if user.is_staff and works_here(user) else super().get_default_redirect_url()
