"""Tags for every page: `{% load look %}`. Each makes one small element; larger ones are in templates/components."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orchestrator_site.look import moments, values
from orchestrator_site.look.statuses import appearance
from processes.access import error_texts
from processes.access.permissions import Action, Decision
from processes.access.permissions import decide as permission_of
from processes.lists.addresses import address_of
from processes.lists.markup import html
from processes.lists.values import local

register = template.Library()

NOTHING = mark_safe(
    '<span class="text-secondary" aria-hidden="true">&ndash;</span><span class="visually-hidden">none</span>'
)


@register.simple_tag
@lru_cache(maxsize=1024)  # a page has eighty, of few kinds: a tenth of its time
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite (static/vendor/manifest.json lists them); decoration unless it has a label."""
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"/></svg>',
        css,
        speech,
        static("vendor/tabler/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def status(value: object, css: str = "", of: str = "") -> SafeString:
    """A badge for the status of a process, step, subscription or product, or `of` a family: colour, icon and words."""
    shown = appearance(value, of)
    mark = icon(shown.icon, css="spin" if shown.spins else "")
    return format_html('<span class="mark tone-{} {}">{}{}</span>', shown.tone, css, mark, shown.text)


@register.simple_tag
def status_tone(value: object) -> str:
    """Only the tone of a status, for `tone-…` classes."""
    return appearance(value).tone.value


@register.simple_tag
def status_text(value: object) -> str:
    """Only the words of a status."""
    return appearance(value).text


@register.simple_tag
def status_icon(value: object, of: str = "") -> SafeString:
    """Only the icon of a status; the words must stand nearby."""
    shown = appearance(value, of)
    return icon(shown.icon, css="spin" if shown.spins else "")


@register.simple_tag
@lru_cache(maxsize=16)
def insync(flag: object) -> SafeString:
    """Whether a subscription agrees with the world, in words."""
    if flag:
        return format_html('<span class="mark tone-good">{}{}</span>', icon("check"), "In sync")
    return format_html('<span class="mark tone-bad">{}{}</span>', icon("refresh-alert"), "Out of sync")


@register.simple_tag
def yes_no(flag: object) -> SafeString:
    """A boolean in words with an icon."""
    name, word = ("check", "Yes") if flag else ("minus", "No")
    return format_html('<span class="text-nowrap">{} {}</span>', icon(name), word)


@register.simple_tag
def copyable(value: object, short: bool = False, label: str = "Copy") -> SafeString:
    """A value one can copy by a button, and select as text without JavaScript. `short` shows its first block."""
    text = str(value)
    shown = text.split("-", 1)[0] if short else text
    return format_html(
        '<span class="copyable"><code title="{}">{}</code>'
        '<button type="button" class="copy" data-copy="{}" aria-label="{} {}">{}</button></span>',
        text,
        shown,
        text,
        label,
        shown,
        icon("copy"),
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """How long ago, with the exact moment in the title and for machines; an open page counts on."""
    if moment is None:
        return NOTHING
    here, now = local(moment), timezone.localtime(timezone.now())
    seconds = (now - here).total_seconds()
    counts = html(' data-ago="{}"', f"{seconds:.1f}") if abs(seconds) < moments.RECENT_SECONDS else ""
    return _time(here, moments.relative(here, now=now), counts)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """An exact moment to the second, in the site's time zone."""
    if value is None:
        return NOTHING
    here = local(value)
    return _time(here, f"{here:%-d %b %Y %H:%M:%S}")


def _time(here: datetime, words: str, counts: str = "") -> SafeString:
    title, machine = f"{here:%A %-d %B %Y %H:%M:%S %Z}", here.isoformat(timespec="seconds")
    return html('<time datetime="{}" title="{}"{}>{}</time>', machine, title, counts, words)


@register.simple_tag
def duration(started: datetime | None, ended: datetime | None = None) -> SafeString:
    """How long something took, or has taken so far when it has not ended: then an open page counts on."""
    if started is None:
        return NOTHING
    if ended is None:
        return lasting((timezone.now() - started).total_seconds())
    return html('<span class="text-nowrap">{}</span>', moments.spell(ended - started))


@register.filter
def lasting(seconds: float) -> SafeString:
    """How long something has taken so far, in words that an open page counts on."""
    words = moments.spell(timedelta(seconds=seconds))
    return html('<span class="text-nowrap" data-lasts="{}">{}</span>', f"{seconds:.1f}", words)


@register.filter
def why_failed(text: str | None) -> str | None:
    """Why something failed, as far as whoever looks may read it."""
    return error_texts.reason(text)


@register.filter
def spelled(length: timedelta | float | None) -> str:
    """A timedelta or seconds in words."""
    if length is None:
        return ""
    return moments.spell(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.simple_tag(takes_context=True)
def decide(context: Context, action: str, subject: object = None) -> Decision:
    """`{% decide "abort" process as may %}` then `may.allowed` and `may.reason`: what the button needs to know."""
    return permission_of(context["request"].user, Action(action), subject)


@register.simple_tag
def url_if(name: str, *args: object, **kwargs: object) -> str:
    """The address of that name, or nothing when the site has no such page."""
    return address_of(name, *args, **kwargs)


@register.simple_tag
def refused_button(label: str, reason: str, icon_name: str = "", css: str = "", about: str = "") -> SafeString:
    """A button that does nothing and says why; `about` is for those who do not see what stands beside it."""
    return format_html(
        '<button type="button" class="btn {}" aria-disabled="true" title="{}">{}{}'
        '<span class="visually-hidden">{}: {}</span></button>',
        css,
        reason,
        icon(icon_name) if icon_name else "",
        label,
        about,
        reason,
    )


@register.simple_tag
def link_to(url: str, label: object) -> SafeString:
    """A link, or the label alone where there is no address."""
    return format_html('<a href="{}">{}</a>', url, label) if url else conditional_escape(str(label))


@register.simple_tag(takes_context=True)
def reuse_block(context: Context, name: str) -> SafeString:
    """What the page put into a block, once more: the title is the heading too."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return mark_safe(block.render(context).strip()) if block is not None else mark_safe("")  # noqa: S308 - rendered


@register.simple_tag
def field_control(field: Any) -> SafeString:
    """A form field's widget with Bootstrap's class for its kind and its error state."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    css = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}.get(
        kind, "form-control"
    )
    classes = " ".join(filter(None, [widget.attrs.get("class", ""), css, "is-invalid" if field.errors else ""]))
    if getattr(widget, "template_name", "") == forms.Select.template_name:
        return _select(field, widget, classes)
    return conditional_escape(field.as_widget(attrs={"class": classes}))


def _select(field: Any, widget: forms.Select, classes: str) -> SafeString:
    """A select without groups: Django renders two templates an option, a seventh of the time of a list page."""
    attributes = field.build_widget_attrs({"class": classes, "id": widget.attrs.get("id") or field.auto_id}, widget)
    shown = widget.get_context(field.html_name, field.value(), attributes)["widget"]
    options = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>',
        ((one["value"], flatatt(one["attrs"]), one["label"]) for _, group, _ in shown["optgroups"] for one in group),
    )
    return format_html('<select name="{}"{}>{}\n</select>', shown["name"], flatatt(shown["attrs"]), options)


@register.filter
def json_marked(value: object, most: int = values.SHOWN_CHARACTERS) -> SafeString:
    """Pretty JSON with marked words, escaped; of a long one the beginning."""
    return values.marked(value, most)


@register.inclusion_tag("components/json.html")
def json_viewer(value: object, title: str = "", open: bool = False) -> Mapping[str, Any]:  # noqa: A002 - as in HTML
    """A JSON value that folds; without a title it is shown open and cannot be folded."""
    return {"value": value, "title": title, "open": open}


@register.inclusion_tag("components/empty.html")
def empty_state(title: str, text: str = "", icon: str = "inbox", url: str = "", action: str = "") -> Mapping[str, Any]:
    """Nothing here yet: why, and what to do about it."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}
