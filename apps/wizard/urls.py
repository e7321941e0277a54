"""The front page, the wizard and the recommendation."""

from django.urls import path

from apps.wizard import views
from apps.wizard.calculator import views as calculator

app_name = "wizard"
urlpatterns = [
    path("", views.home, name="home"),
    path("decide/", views.start, name="start"),
    path("decide/result/", views.result, name="result"),
    path("decide/result.json", views.result_json, name="result-json"),
    path("how-it-works/", views.how_it_works, name="method"),
    path("decide/<slug:key>/", views.question, name="question"),
    path("costs/", calculator.costs, name="costs"),
    path("costs.json", calculator.costs_json, name="costs-json"),
    path("costs.csv", calculator.costs_csv, name="costs-csv"),
    path("costs/bill/", calculator.costs_bill, name="costs-bill"),
]
