"""The pages of the scenarios app."""

from django.urls import path

from apps.scenarios import views

app_name = "scenarios"
urlpatterns = [
    path("scenarios/", views.scenario_list, name="list"),
    path("scenarios/<slug:slug>/", views.scenario_detail, name="detail"),
    path("guide/", views.guide, name="guide"),
]
