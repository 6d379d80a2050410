"""What the admin shows of the identity provider: rules for roles with a try-out, people as it knows them, syncs."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from orchestrator_site.admin.administrators import AdministratorsOnly
from orchestrator_site.admin.person_forms import administrators
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.roles import explained
from orchestrator_site.auth.rule_changes import losses
from orchestrator_site.auth.rules import rules_of
from orchestrator_site.models import DirectorySync, Identity, RoleRule
from processes.access.permissions import ROLES
from processes.models.json_field import TypedDecoder

LONGEST_CLAIMS = 50_000  # characters
MOST_TOLD = 20


class TryForm(forms.Form):
    """Whose claims to try the rules on: those of a person as last told, or pasted ones."""

    person = forms.CharField(
        label="User name",
        max_length=150,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="What the identity provider said of this person at the last sign-in or sync.",
    )
    claims = forms.JSONField(
        decoder=TypedDecoder,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
        help_text="Or the claims of a token, as a JSON object. They are not kept.",
    )

    def clean_person(self) -> Identity | None:
        name = self.cleaned_data["person"]
        if not name:
            return None
        found = Identity.objects.select_related("user").filter(user__username__iexact=name).order_by("-last_seen_at")
        identity = found.first()
        if identity is None:
            raise forms.ValidationError("The identity provider has told nothing of a user of this name.")
        return identity

    def clean_claims(self) -> Any:
        claims = self.cleaned_data["claims"]
        if claims is not None and not isinstance(claims, dict):
            raise forms.ValidationError('Claims are a JSON object, such as {"groups": ["/noc"]}.')
        if len(json.dumps(claims)) > LONGEST_CLAIMS:
            raise forms.ValidationError("These are too many claims.")
        return claims

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("person") is not None) == (cleaned.get("claims") is not None):
            raise forms.ValidationError("Choose a person or paste claims.")
        return cleaned

    def chosen_claims(self) -> dict[str, Any]:
        """The claims to try."""
        person: Identity | None = self.cleaned_data["person"]
        claims: dict[str, Any] = {**person.directory, **person.claims} if person else self.cleaned_data["claims"]
        return claims


class RoleRuleForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A rule; a change may not take the administration from everybody."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and self.instance.pk and self.changed_data:
            stays = cleaned["enabled"] and not {"claim", "value", "with_subgroups", "gives"} & set(self.changed_data)
            if not stays and (reason := must_stay(RoleRule.objects.filter(pk=self.instance.pk))):
                raise forms.ValidationError(reason)
        return cleaned


def must_stay(rules: QuerySet[RoleRule]) -> str:
    """Why these rules may not go: nobody would be left to administer the site. Empty when nothing speaks against it."""
    losing = {loss.person.pk for loss in losses(rules.select_related("gives")) if loss.group == "admin"}
    if losing and not administrators().exclude(pk__in=losing, is_superuser=False).exists():
        return "Nobody else could administer this site."
    return ""


@admin.register(RoleRule)
class RoleRuleAdmin(AdministratorsOnly):
    """Rules: which value of which claim gives which role or group."""

    form = RoleRuleForm
    list_display = ("claim", "value", "with_subgroups", "gives", "enabled", "note")
    list_filter = ("enabled", "gives")
    list_select_related = ("gives",)
    search_fields = ("claim", "value", "note")
    actions_list = ("try_out",)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.try_page)
        return [path("try/", page, name="role_rules_try"), *super().get_urls()]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What Django shows before it deletes, with the memberships that end; the last administrator is protected."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        rules = RoleRule.objects.filter(pk__in=[rule.pk for rule in objs])
        ending = losses(rules.select_related("gives"))
        told = [*map(str, ending[:MOST_TOLD]), *([f"and {len(ending) - MOST_TOLD} more"] if ending[MOST_TOLD:] else [])]
        reason = must_stay(rules)
        return [*deleted, *told], counts, lacking, [*protected, *([reason] if reason else [])]

    @action(description="Try out", url_path="try-out")
    def try_out(self, request: HttpRequest) -> HttpResponse:
        """Lead to the page of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:role_rules_try")

    def try_page(self, request: HttpRequest) -> HttpResponse:
        """What somebody would get, and by which rule or why not; nothing is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST if request.method == "POST" else None)
        provider = configured()
        context = {
            **self.admin_site.each_context(request),
            "title": "Try out role rules",
            "form": form,
            "provider": provider,
            "opts": RoleRule._meta,
        }
        if provider is not None and form.is_valid():
            findings = explained(rules_of(provider), form.chosen_claims())
            given = sorted({finding.rule.gives for finding in findings if finding.value})
            context |= {"findings": findings, "given": given, "has_role": bool(ROLES.keys() & set(given))}
        return render(request, "admin/roles/try.html", context)


class ReadOnly(AdministratorsOnly):
    """Rows that the site writes by itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Identity)
class IdentityAdmin(ReadOnly):
    """People and programs as the provider knows them, with what it said of them last."""

    list_display = ("user", "client", "issuer", "subject", "last_seen_at", "claims_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "subject", "client")


@admin.register(DirectorySync)
class DirectorySyncAdmin(ReadOnly):
    """Readings of the directory."""

    list_display = ("started_at", "ended_at", "seen", "changed", "closed", "failed", "error")
    ordering = ("-pk",)
