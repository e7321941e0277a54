"""The pages of the catalog."""

from django.urls import path

from apps.catalog.pages import views

app_name = "catalog"
urlpatterns = [
    path("", views.model_list, name="list"),
    path("compare/", views.compare, name="compare"),
    path("<slug:slug>/", views.model_detail, name="detail"),
]
