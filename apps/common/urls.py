"""The pages of the common app."""

from django.urls import path

from apps.common import views

app_name = "common"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
]
