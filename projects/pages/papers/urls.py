"""Addresses of permits, land, markers of joint services (手续、用地)."""

from django.urls import path

from . import land, land_catalogue, markers, permits

urlpatterns = [
    path("permits/", permits.PermitList.as_view(), name="permit_list"),
    path("permits/<int:pk>/", permits.permit_detail, name="permit_detail"),
    path("permits/<int:pk>/files/", permits.permit_attach, name="permit_attach"),
    path("permits/<int:pk>/renew/", permits.permit_renew, name="permit_renew"),
    path("permits/<int:pk>/void/", permits.permit_void, name="permit_void"),
    path("projects/<code:code>/permits/new/", permits.permit_create, name="permit_create"),
    path("land/", land.PlotList.as_view(), name="plot_list"),
    path("land/<int:pk>/", land.plot_detail, name="plot_detail"),
    path("land/items/<int:pk>/", land.plot_item, name="plot_item"),
    path("land/items/<int:pk>/start/", land.plot_start, name="plot_start"),
    path("land/items/<int:pk>/finish/", land.plot_finish, name="plot_finish"),
    path("land/items/<int:pk>/skip/", land.plot_skip, name="plot_skip"),
    path("land/items/<int:pk>/undo/", land.plot_undo, name="plot_undo"),
    path("projects/<code:code>/plots/new/", land.plot_create, name="plot_create"),
    path("land/catalogue/", land_catalogue.land_catalogue, name="land_catalogue"),
    path("land/catalogue/sheet/", land_catalogue.land_sheet, name="land_sheet"),
    path("land/catalogue/compare/", land_catalogue.land_compare, name="land_compare"),
    path("land/catalogue/load/", land_catalogue.land_load, name="land_load"),
    path("markers/", markers.MarkerList.as_view(), name="marker_list"),
    path("projects/<code:code>/markers/<kind>/", markers.marker_set, name="marker_set"),
]
