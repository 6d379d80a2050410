"""What the demo finds when it starts the first time: people, customers, a catalogue, a filled inventory."""

import logging
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import Group, User
from django.db import transaction

from processes import actions as processes
from processes.access.permissions import ROLES
from products import actions as products
from products.models import Product
from subscriptions.models import Customer

logger = logging.getLogger(__name__)

CATALOGUE = Path(__file__).parents[1] / "demo" / "catalogue.yaml"
CUSTOMERS = {"SURF": "SURF", "ESnet": "Energy Sciences Network", "GÉANT": "GÉANT"}  # short code to full name


@transaction.atomic
def add_people() -> None:
    """One user a role, whose name and password are the role's; what is there already stays as it is."""
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role)
        user, is_new = User.objects.get_or_create(username=role, defaults={"email": f"{role}@example.org"})
        if is_new:
            user.set_password(role)
            user.save()
            user.groups.add(group)


def add_customers() -> None:
    """Three customers, each with the same id in every demo."""
    for shortcode, fullname in CUSTOMERS.items():
        Customer.objects.get_or_create(
            shortcode=shortcode,
            defaults={"id": str(uuid5(NAMESPACE_URL, f"customer:{shortcode}")), "fullname": fullname},
        )


def import_catalogue() -> None:
    """The products of the demo; importing the same again changes nothing.

    A catalogue that people have changed meanwhile, so that the file does not fit any more, stays as it is.
    """
    try:
        products.import_catalogue(CATALOGUE.read_text(), CATALOGUE.name, "admin")
    except products.CatalogueFileInvalid as error:
        if not Product.objects.exists():
            raise
        logger.warning("The catalogue of the demo stays as it is: %s", error)


def start_bootstrap() -> None:
    """Start the task that fills the inventory, once in the life of this database."""
    processes.start("bootstrap", [], by=User.objects.get(username="admin"), idempotency_key="first-run")
