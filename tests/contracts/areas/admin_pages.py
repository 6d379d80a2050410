"""Pages of the admin: what each role finds there, and the catalogue as the modeller sees it."""

from tests.contracts.areas.pages import page
from tests.contracts.stops import Actor, Stop, Stops, denied

NOT_MODELLER = (Actor.NOBODY, Actor.STRANGER, Actor.VIEWER, Actor.OPERATOR)


def modelled(name: str, path: str) -> list[Stop]:
    """A page for the modeller, and for those who may not model."""
    first = page(name, path, Actor.MODELLER)
    return [first, *denied(first, actors=NOT_MODELLER)]


STOPS: Stops = (
    *modelled("the admin", "/admin/"),
    *modelled("products", "/admin/products/product/"),
    *modelled("a product", "/admin/products/product/{product node Nokia}/change/"),
    *modelled("a new product", "/admin/products/product/add/"),
    *modelled("blocks", "/admin/products/productblock/"),
    *modelled("resource types", "/admin/products/resourcetype/"),
    page("the admin, as admin", "/admin/", Actor.ADMIN),
    page("a product, as admin", "/admin/products/product/{product node Nokia}/change/", Actor.ADMIN),
    page("users", "/admin/auth/user/", Actor.ADMIN),
    page("a new user", "/admin/auth/user/add/", Actor.ADMIN),
    page("processes", "/admin/processes/process/", Actor.ADMIN),
    page("an unknown product", "/admin/products/product/7/change/", Actor.MODELLER),
)
