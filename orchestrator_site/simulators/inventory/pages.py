"""The browser pages of the inventory: read only, escaped, without script."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from orchestrator_site.simulators.inventory import objects
from orchestrator_site.simulators.inventory.documents import Writer
from orchestrator_site.simulators.inventory.fields import Field, FieldType
from orchestrator_site.simulators.inventory.kinds import KINDS, Kind
from orchestrator_site.simulators.inventory.store import Row, Transaction

ROWS_ON_HOME = 10

PAGE = Markup(
    '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    '<title>{title} · Inventory</title><link rel="stylesheet" href="/style.css"></head>\n'
    '<body><header><a class="brand" href="/">Inventory</a><nav aria-label="Kinds">{menu}</nav></header>\n'
    "<main><h1>{title}</h1>\n{content}</main></body></html>\n"
)
LINK = Markup('<a href="{href}">{text}</a>')
NOTHING = Markup('<span class="none">&ndash;</span>')


def home(transaction: Transaction, writer: Writer) -> str:
    """Every kind with its first objects."""
    sections = [_section(transaction, writer, kind) for kind in KINDS]
    lead = Markup("<p>What the simulated inventory holds. The same objects are under {} in NetBox's shape.</p>\n")
    return _page("What is in stock", lead.format(LINK.format(href="/api/", text="/api/")) + Markup().join(sections))


def table(transaction: Transaction, writer: Writer, kind: Kind, query: Mapping[str, Sequence[str]]) -> str:
    """All objects of one kind, a window at a time."""
    count, rows, window = objects.listed(transaction, kind, query)
    steps = []
    if window.offset:
        steps.append(_window_link(kind, max(window.offset - window.limit, 0), "Previous"))
    if window.offset + window.limit < count:
        steps.append(_window_link(kind, window.offset + window.limit, "Next"))
    pager = Markup('<p class="pager">{}</p>').format(Markup(" ").join(steps)) if steps else Markup()
    return _page(kind.label, Markup("<p>{} in all</p>\n").format(count) + _rows(writer, kind, rows) + pager)


def detail(writer: Writer, kind: Kind, row: Row) -> str:
    """Every field of one object."""
    lines = [
        Markup("<tr><th scope='row'>{}</th><td>{}</td></tr>\n").format(_heading(field), _cell(writer, field, row))
        for field in kind.fields
    ]
    api = LINK.format(href=f"/api/{kind.path}/{row['id']}/", text="as JSON")
    head = Markup("<p>{} {}, {}</p>\n").format(kind.name.capitalize(), row["id"], api)
    return _page(writer.display(kind, row), head + _scrolled(Markup().join(lines), "Fields"))


def _section(transaction: Transaction, writer: Writer, kind: Kind) -> Markup:
    count, rows, _ = objects.listed(transaction, kind, {"limit": [str(ROWS_ON_HOME)]})
    more = Markup()
    if count > len(rows):
        more = Markup("<p>{}</p>").format(LINK.format(href=f"/{kind.path}/", text=f"All {count} {kind.label.lower()}"))
    title = Markup('<h2>{} <span class="count">{}</span></h2>\n').format(
        LINK.format(href=f"/{kind.path}/", text=kind.label), count
    )
    return Markup("<section>{}{}{}</section>\n").format(title, _rows(writer, kind, rows), more)


def _rows(writer: Writer, kind: Kind, rows: Iterable[Row]) -> Markup:
    fields = [field for field in kind.fields if field.name not in {"slug", "assigned_object_type"}]
    head = Markup().join(Markup('<th scope="col">{}</th>').format(_heading(field)) for field in fields)
    lines = [Markup("<tr>{}</tr>\n").format(_cells(writer, kind, fields, row)) for row in rows]
    if not lines:
        return Markup('<p class="none">None yet.</p>')
    return _scrolled(
        Markup("<thead><tr>{}</tr></thead>\n<tbody>{}</tbody>").format(head, Markup().join(lines)), kind.label
    )


def _cells(writer: Writer, kind: Kind, fields: Sequence[Field], row: Row) -> Markup:
    first, *others = fields
    named = first.type is not FieldType.REFERENCE
    own = LINK.format(href=f"/{kind.path}/{row['id']}/", text=writer.display(kind, row)) if named else None
    cells = [own if own is not None else _cell(writer, first, row)]
    for field in others:
        cell = _cell(writer, field, row)
        if not named and field.name in {"name", "model"}:
            cell = LINK.format(href=f"/{kind.path}/{row['id']}/", text=cell)
        cells.append(cell)
    return Markup().join(Markup("<td>{}</td>").format(cell) for cell in cells)


def _cell(writer: Writer, field: Field, row: Row) -> Markup:
    value = row[field.column]
    if value is None or value == "":
        return NOTHING
    match field.type:
        case FieldType.REFERENCE:
            return _reference(writer, field, row)
        case FieldType.BOOLEAN:
            return Markup("yes") if value else Markup("no")
        case FieldType.CHOICE:
            return Markup('<span class="badge">{}</span>').format(value)
        case _:
            return Markup("{}").format(value)


def _reference(writer: Writer, field: Field, row: Row) -> Markup:
    target = writer.referred(field, row)
    if target is None:
        return NOTHING
    kind, referred = target
    return LINK.format(href=f"/{kind.path}/{referred['id']}/", text=writer.display(kind, referred))


def _heading(field: Field) -> str:
    return {
        "assigned_object_id": "Interface",
        "speed": "Speed (kbit/s)",
        "u_height": "Height (units)",
        "primary_ip4": "Primary IPv4",
        "primary_ip6": "Primary IPv6",
        "color": "Colour",
        "is_pool": "Pool",
        "dns_name": "DNS name",
    }.get(field.name, field.name.replace("_", " ").capitalize())


def _window_link(kind: Kind, offset: int, text: str) -> Markup:
    return LINK.format(href=f"/{kind.path}/?offset={offset}", text=text)


def _scrolled(inner: Markup, label: str) -> Markup:
    frame = Markup('<div class="scroll" tabindex="0" role="region" aria-label="{}"><table>{}</table></div>\n')
    return frame.format(label, inner)


def _page(title: str, content: Markup) -> str:
    menu = Markup(" ").join(LINK.format(href=f"/{kind.path}/", text=kind.label) for kind in KINDS)
    return str(PAGE.format(title=title, menu=menu, content=content))
