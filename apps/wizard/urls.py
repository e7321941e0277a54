"""The front page, the wizard and the recommendation."""

from django.urls import path

from apps.wizard import views

app_name = "wizard"
urlpatterns = [
    path("", views.home, name="home"),
    path("decide/", views.start, name="start"),
    path("decide/standing/", views.standing, name="standing"),
    path("decide/result/", views.result, name="result"),
    path("decide/result.json", views.result_json, name="result-json"),
    path("how-it-works/", views.how_it_works, name="method"),
    path("decide/<slug:key>/", views.question, name="question"),
]
