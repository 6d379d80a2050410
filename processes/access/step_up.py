"""Acts that ask for a stronger sign-in than others: which those are, and whether a request is strong enough.

`STEP_UP` names the level (`acr`, OpenID Connect Core 1.0 section 2) that an action asks for, `ACR_VALUES` all levels
from the weakest to the strongest. Credentials that know no levels, a password of this site, are asked for none.
"""

from django.conf import settings


def missing_level(action: str, acr: str | None) -> str:
    """The level that `action` still asks for, empty when `acr` is enough; None stands for who knows no levels."""
    wanted: str = settings.STEP_UP.get(action, "")
    if not wanted or acr is None:
        return ""
    return "" if reaches(acr, wanted) else wanted


def reaches(acr: str, wanted: str) -> bool:
    """Whether one level is at least as strong as another; no level at all is wanted by the empty one."""
    levels: list[str] = settings.ACR_VALUES
    return not wanted or (acr in levels and wanted in levels and levels.index(acr) >= levels.index(wanted))


def highest_missing(acr: str | None) -> str:
    """The strongest level that any act asks for beyond this one; empty when there is none."""
    if acr is None:
        return ""
    wanted = [level for level in settings.ACR_VALUES if level in settings.STEP_UP.values() and not reaches(acr, level)]
    return wanted[-1] if wanted else ""
