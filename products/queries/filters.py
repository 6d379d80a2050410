"""Filters of the product list; one set serves the page and the endpoint."""

import django_filters
from django.db.models import Q

from processes.lists.filters import PeriodFilter, PrefixFilter, TextFilter, WordsFilter
from products.models import Product, ProductQuerySet, ProductStatus


class ProductFilter(django_filters.FilterSet):
    """By tag, type and status, exactly; `search` looks into name, description, type and tag."""

    search = WordsFilter(method="filter_search", label="Search")
    product_type = TextFilter(label="Type")
    tag = TextFilter(label="Tag")
    status = django_filters.ChoiceFilter(choices=ProductStatus.choices, label="Status", empty_label="any")

    class Meta:
        model = Product
        fields = ["search", "product_type", "tag", "status"]

    def filter_search(self, queryset: ProductQuerySet, _name: str, value: str) -> ProductQuerySet:
        """Every word must occur somewhere."""
        for word in value.split():
            found = Q(name__icontains=word) | Q(description__icontains=word)
            queryset = queryset.filter(found | Q(product_type__icontains=word) | Q(tag__icontains=word))
        return queryset


class ProductApiFilter(ProductFilter):
    """The same for programs: more fields, and several statuses at once."""

    product_id = PrefixFilter(field_name="pk")
    name = TextFilter(lookup_expr="icontains")
    description = TextFilter(lookup_expr="icontains")
    created_at = PeriodFilter()
    end_date = PeriodFilter()
    status = django_filters.MultipleChoiceFilter(choices=ProductStatus.choices, distinct=False)


class ProductPageFilter(ProductFilter):
    """The same for people, who choose from the types and tags there are."""

    product_type = django_filters.AllValuesFilter(label="Type", empty_label="any")
    tag = django_filters.AllValuesFilter(label="Tag", empty_label="any")
