"""Where products and blocks stand in their lives."""

from django.db import models


class ProductStatus(models.TextChoices):
    """Whether something can be ordered: only what is active is offered to everybody."""

    ACTIVE = "active", "active"
    PRE_PRODUCTION = "pre production", "pre production"
    PHASE_OUT = "phase out", "phase out"
    END_OF_LIFE = "end of life", "end of life"
