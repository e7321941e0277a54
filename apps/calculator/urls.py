"""The cost page."""

from django.urls import path

from apps.calculator import views

app_name = "calculator"
urlpatterns = [
    path("costs/", views.costs, name="costs"),
    path("costs.json", views.costs_json, name="costs-json"),
    path("costs.csv", views.costs_csv, name="costs-csv"),
    path("costs/bill/", views.costs_bill, name="costs-bill"),
]
