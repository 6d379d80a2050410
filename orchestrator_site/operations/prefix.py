"""Takes the prefix of the site off the addresses that come in; Django puts it before those that go out."""

from collections.abc import Callable, Iterable
from typing import Any

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


def below(prefix: str, site: Application) -> Application:
    """The site below a prefix, whether the proxy in front has taken it off or not."""
    if not prefix:
        return site

    def answer(environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return site(environ, start_response)

    return answer
