"""Addresses of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from orchestrator_site.auth.again import waiting_form
from orchestrator_site.auth.logout import BackChannelLogout, FrontChannelLogout
from orchestrator_site.auth.redirects import FromProvider, ToProvider
from orchestrator_site.auth.views import SignIn, SignOut
from orchestrator_site.operations.metrics import metrics
from orchestrator_site.pages.views import home, order

admin.autodiscover()

urlpatterns = [
    path("", home, name="home"),
    path("order/", order, name="order"),
    path("", include("processes.urls")),
    path("products/", include("products.urls")),
    path("subscriptions/", include("subscriptions.urls")),
    path("sign-in/", SignIn.as_view(), name="login"),
    path("sign-out/", login_not_required(SignOut.as_view()), name="logout"),
    path("sign-in/provider/", login_not_required(ToProvider.as_view()), name="oidc_authentication_init"),
    path("sign-in/callback/", login_not_required(FromProvider.as_view()), name="oidc_authentication_callback"),
    path("sign-in/kept/<uuid:form_id>/", waiting_form, name="waiting-form"),
    path("rights/", include("orchestrator_site.rights.urls")),
    path("account/", include("orchestrator_site.account.urls")),
    path("sign-in/backchannel-logout/", login_not_required(BackChannelLogout.as_view()), name="backchannel-logout"),
    path("sign-in/frontchannel-logout/", login_not_required(FrontChannelLogout.as_view()), name="frontchannel-logout"),
    path("api/", include("orchestrator_site.api")),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = "orchestrator_site.pages.faults.bad_request"
handler403 = "orchestrator_site.pages.faults.forbidden"
handler404 = "orchestrator_site.pages.faults.not_found"
handler500 = "orchestrator_site.pages.faults.server_error"
