"""Addresses of schemes, rounds, appeals (考核)."""

from django.urls import path

from . import appeals, schemes, scores

urlpatterns = [
    path("assessment/", scores.score_list, name="score_list"),
    path("assessment/new/", scores.score_create, name="score_create"),
    path("assessment/<int:pk>/", scores.score_detail, name="score_detail"),
    path("assessment/<int:pk>/publish/", scores.score_publish, name="score_publish"),
    path("assessment/<int:pk>/docx/", scores.score_docx, name="score_docx"),
    path("assessment/<int:pk>/xlsx/", scores.score_xlsx, name="score_xlsx"),
    path("assessment/<int:pk>/units/<int:unit>/", scores.score_card, name="score_card"),
    path("assessment/<int:pk>/units/<int:unit>/adjust/", scores.score_adjust, name="score_adjust"),
    path("assessment/<int:pk>/units/<int:unit>/appeal/", appeals.score_appeal, name="score_appeal"),
    path("assessment/appeals/<int:pk>/decide/", appeals.score_decide, name="score_decide"),
    path("assessment/schemes/", schemes.scheme_list, name="scheme_list"),
    path("assessment/schemes/new/", schemes.scheme_create, name="scheme_create"),
    path("assessment/schemes/<int:pk>/", schemes.scheme_detail, name="scheme_detail"),
    path("assessment/schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("assessment/schemes/<int:pk>/enforce/", schemes.scheme_enforce, name="scheme_enforce"),
    path("assessment/schemes/<int:pk>/try/", schemes.scheme_try, name="scheme_try"),
    path("assessment/schemes/<int:pk>/items/new/", schemes.scheme_item_create, name="scheme_item_create"),
    path("assessment/schemes/<int:pk>/items/<int:item>/", schemes.scheme_item_edit, name="scheme_item_edit"),
    path(
        "assessment/schemes/<int:pk>/items/<int:item>/remove/",
        schemes.scheme_item_remove,
        name="scheme_item_remove",
    ),
]
