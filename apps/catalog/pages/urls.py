"""The pages of the catalog."""

from django.urls import path

from apps.catalog.pages import views

app_name = "catalog"
urlpatterns = [
    path("models.json", views.models_json, name="json"),
    path("models.csv", views.models_csv, name="csv"),
    path("models/", views.model_list, name="list"),
    path("models/compare/", views.compare, name="compare"),
    path("how-it-works/gap/", views.open_gap, name="gap"),
    path("models/hosts/", views.host_list, name="hosts"),
    path("models/hosts/<slug:slug>/", views.host_detail, name="host"),
    path("models/<slug:slug>/", views.model_detail, name="detail"),
]
