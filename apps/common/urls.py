"""The pages of the common app."""

from django.urls import path

from apps.common import metrics, views

app_name = "common"
urlpatterns = [
    path("metrics", metrics.metrics, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
]
