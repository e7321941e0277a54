"""What watches the site."""

from django.urls import path

from apps.engine import health

app_name = "engine"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
