"""The front page, the wizard and the recommendation."""

from django.urls import path

from apps.wizard import views

app_name = "wizard"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("decide/", views.start, name="start"),
    path("decide/standing/", views.standing, name="standing"),
    path("decide/result/", views.result, name="result"),
    path("decide/result.json", views.result_json, name="result-json"),
    path("how-it-works/", views.how_it_works, name="method"),
    path("how-it-works/versions/", views.versions, name="versions"),
    path("how-it-works/versions/<int:version>/", views.version, name="version"),
    path("decide/<slug:key>/", views.question, name="question"),
]
