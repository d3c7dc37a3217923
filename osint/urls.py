"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from osint.entrance import SignIn

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", SignIn.as_view(), name="sign-in"),
    path("logout/", LogoutView.as_view(), name="sign-out"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("osint.api")),
    path("", include("events.urls")),
    path("", include("sources.urls")),
]
