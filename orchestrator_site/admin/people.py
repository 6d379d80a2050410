"""People in the admin: added, invited, disabled, put into groups."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from orchestrator_site.account import invitations, sessions
from orchestrator_site.admin.administrators import AdministratorsOnly
from orchestrator_site.admin.person_forms import NewPersonForm, PersonForm, administrators
from orchestrator_site.auth import tokens
from processes.access import audit, trail


@admin.register(User)
class PersonAdmin(AdministratorsOnly, UserAdmin):  # type: ignore[type-arg] # generic in the stubs alone
    """Users; a user's groups are the roles."""

    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "groups")}),
        ("Password", {"fields": ("how", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Personal info", {"fields": ("first_name", "last_name", "email")}),
        ("Permissions", {"fields": ("is_active", "groups")}),
        ("Important dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    actions = ("disable", "enable")
    actions_detail = ("invitation", "sign_ins_of")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups are few: a box each, which every width has room for."""
        return super().formfield_for_manytomany(
            db_field, request, **{"widget": UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs}
        )

    def get_urls(self) -> list[URLPattern]:
        invite = self.admin_site.admin_view(self.invite)
        sign_ins = self.admin_site.admin_view(self.sign_ins)
        return [
            path("<int:pk>/invite/", invite, name="auth_user_invite"),
            path("<int:pk>/sign-ins/", sign_ins, name="auth_user_sign_ins"),
            *super().get_urls(),
        ]

    @action(description="Sessions, tokens and trail", url_path="sign-ins-of")
    def sign_ins_of(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Lead to the page of them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return redirect("admin:auth_user_sign_ins", object_id)

    def sign_ins(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sessions and tokens of a person, to be ended one by one or all, and what the audit trail says of them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk)
        if request.method == "POST":
            self._end(request, person)
            return redirect("admin:auth_user_sign_ins", pk)
        found = {"sessions": sessions.of_person(person), "tokens": tokens.of_person(person)}
        return self._page(request, person, "admin/people/sign_ins.html", **found, trail=trail.of("user", pk))

    def _end(self, request: HttpRequest, person: User) -> None:
        by = request.user.get_username()
        if request.POST.get("end") == "all":
            tokens.end_all(person, by=by, reason="")
            sessions.end(person, list(sessions.of_person(person)), by=by)
            return
        chosen = tokens.of_person(person).filter(pk__in=_keys(request, "token"))
        tokens.end(person, list(chosen), by=by)
        sessions.end(person, list(sessions.of_person(person).filter(pk__in=_keys(request, "session"))), by=by)

    @action(description="Invite to set a password", url_path="invitation")
    def invitation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask before an invitation is made; opening a page changes nothing."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(User, pk=object_id)
        return self._page(request, person, "admin/people/invite.html")

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite somebody; what cannot be sent is shown this once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self._invited(request, get_object_or_404(User, pk=pk, is_active=True))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Add somebody; the invitation is made and sent when that is done, since a mail server may take its time."""
        answer: HttpResponse = super().add_view(request, form_url, extra_context)
        invited: User | None = getattr(request, "invited", None)
        return answer if invited is None else self._invited(request, invited)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Remember who is to be invited after the transaction."""
        if not obj.has_usable_password():
            request.invited = obj  # type: ignore[attr-defined]
            return HttpResponse()
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def _invited(self, request: HttpRequest, person: User) -> HttpResponse:
        invitation = invitations.invite(person, request=request)
        return self._page(request, person, "admin/people/invited.html", invitation=invitation)

    def _page(self, request: HttpRequest, person: User, template: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "person": person,
            "title": person,
            **more,
        }
        return render(request, template, context)

    @admin.action(description="Disable the selected people", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign them out and keep them out; what they did stays. Oneself and the last administrator are left out."""
        self._set_active(request, queryset.filter(is_active=True), active=False)

    @admin.action(description="Enable the selected people", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """They can sign in again."""
        self._set_active(request, queryset.filter(is_active=False), active=True)

    def _set_active(self, request: HttpRequest, people: QuerySet[User], *, active: bool) -> None:
        for person in people:
            if not active and (reason := must_stay(person, by=request.user)):
                self.message_user(request, f"{person} was not disabled: {reason}", messages.ERROR)
                continue
            person.is_active = active
            person.save(update_fields=["is_active"])
            detail = {"name": str(person), "changes": {"is_active": {"from": not active, "to": active}}}
            by = request.user.get_username()
            audit.record("user_changed", by=by, kind="user", subject=person.pk, detail=detail)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What Django shows before it deletes; oneself and the last administrator are protected, with the reason."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        kept = [f"User {person}: {reason}" for person in objs if (reason := must_stay(person, by=request.user))]
        return deleted, counts, lacking, [*protected, *kept]


def must_stay(person: User, *, by: Any) -> str:
    """Why this person may be neither disabled nor deleted by that one; empty when nothing speaks against it."""
    if person.pk == by.pk:
        return "this is your own account."
    if not administrators().exclude(pk=person.pk).exists():
        return "nobody else could administer this site."
    return ""


def _keys(request: HttpRequest, name: str) -> list[int]:
    """The keys that were chosen in a form; what is no key chooses nothing."""
    given = request.POST.getlist(name)[:1000]
    return [int(key) for key in given if key.isascii() and key.isdigit() and len(key) < 19]
