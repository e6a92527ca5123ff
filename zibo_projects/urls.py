"""Addresses: the admin, and everything else in projects.urls."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

accounts = [
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include(accounts)),
    path("", include("projects.urls")),
]

handler400 = "projects.pages.desk.safeguards.bad_request"
handler500 = "projects.pages.desk.safeguards.server_error"
