"""The pages of the scenarios app."""

from django.urls import path

from apps.scenarios import views

app_name = "scenarios"
urlpatterns = [
    path("scenarios/", views.scenario_list, name="list"),
    path("scenarios/<slug:slug>/", views.scenario_detail, name="detail"),
    path("decisions/", views.decision_list, name="decisions"),
    path("decisions/<slug:slug>/", views.decision_detail, name="decision"),
    path("guide/", views.guide, name="guide"),
]
