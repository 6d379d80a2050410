"""Pages of products: the list, and one with its model and what can be started for it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from processes.access.permissions import Action, check, decide, visible
from processes.engine.values.status import Target
from processes.lists.methods import require_safe
from processes.lists.pages import list_page
from products import queries
from products.display.cards import block_cards, offer_rows
from products.display.outline import outline_of_product
from products.models import Product
from products.queries.filters import ProductPageFilter
from products.views.tables import ProductTable


@require_safe
def product_list(request: HttpRequest) -> HttpResponseBase:
    """All products, filtered, sorted and paged; with `format=csv` or `json` all that were filtered."""
    check(request.user, Action.VIEW)
    return list_page(
        request,
        ProductPageFilter(request.GET, queryset=visible(Product.objects.all(), request.user)),
        ProductTable,
        template="products/product_list.html",
        name="products",
        context={"may_edit": decide(request.user, Action.EDIT_CATALOGUE).allowed},
    )


@require_safe
def product_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One product: constants, blocks with fields, offers."""
    check(request.user, Action.VIEW)
    product = get_object_or_404(queries.products(), pk=pk)
    schema = queries.published_schema(pk)
    offers = offer_rows(product)
    orderable = queries.may_order(product, request.user)
    context = {
        "product": product,
        "schema": schema,
        "offers": offers,
        "outline": outline_of_product(schema) if schema else None,
        "cards": block_cards(schema.blocks.values()) if schema else [],
        "creating": [offer for offer in offers if offer.target == Target.CREATE and offer.known and orderable],
        "may_start": decide(request.user, Action.START),
        "may_edit": decide(request.user, Action.EDIT_CATALOGUE).allowed,
    }
    return render(request, "products/product_detail.html", context)
