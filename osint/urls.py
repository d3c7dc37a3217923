"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from osint import help, maintenance
from osint.entrance import SignIn, sign_in_to_desk
from osint.sheets import pages as sheets
from sources.dated import reading_of_date

urlpatterns = [
    path("admin/help/", admin.site.admin_view(help.contents), name="help-contents"),
    path("admin/help/<slug:page>/", admin.site.admin_view(help.page), name="help"),
    path("admin/maintenance/", admin.site.admin_view(maintenance.page), name="maintenance"),
    path("admin/maintenance/<slug:name>/", admin.site.admin_view(maintenance.step), name="maintenance-step"),
    path("admin/sheets/", admin.site.admin_view(sheets.page), name="sheets"),
    path("admin/sheets/template/", admin.site.admin_view(sheets.template), name="sheets-template"),
    path("admin/sheets/export/", admin.site.admin_view(sheets.export), name="sheets-export"),
    path("admin/reading/date/", admin.site.admin_view(reading_of_date), name="date-reading"),
    path("admin/login/", sign_in_to_desk),
    path("admin/", admin.site.urls),
    path("login/", SignIn.as_view(), name="sign-in"),
    path("logout/", LogoutView.as_view(), name="sign-out"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("osint.api")),
    path("", include("events.urls")),
    path("", include("sources.urls")),
]
