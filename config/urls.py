"""The public pages and the editors' side."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.wizard.urls")),
    path("", include("apps.calculator.urls")),
    path("", include("apps.scenarios.urls")),
    path("", include("apps.engine.urls")),
    path("", include("apps.common.urls")),
    path("", include("apps.catalog.pages.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]
handler400 = "apps.common.views.bad_request"
handler403 = "apps.common.views.forbidden"
handler404 = "apps.common.views.not_found"
handler500 = "apps.common.views.server_error"
