"""Sign in to REST: by password for a token, by token, by session; wrongly; and too often wrongly."""

import base64

from tests.contracts.stops import Actor, SignIn, Stop, Stops

LOGIN, LOGOUT, LIST = "/api/auth/login/", "/api/auth/logout/", "/api/customers/"


def basic(name: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def by(name: str, method: str, path: str, authorization: str) -> Stop:
    """A request with this header and no other sign-in."""
    return Stop(name, Actor.NOBODY, method, path, headers={"Authorization": authorization})


NIGHTLY = {"name": "nightly report", "scope": "read", "days": 1}
TOKENS: Stops = (
    Stop("a personal token", Actor.VIEWER, "POST", "/api/tokens/", NIGHTLY, keeps={"nightly": "token", "its id": "id"}),
    Stop("a personal token for nobody", Actor.NOBODY, "POST", "/api/tokens/", NIGHTLY),
    Stop(
        "a personal token of everything wrong",
        Actor.VIEWER,
        "POST",
        "/api/tokens/",
        {"name": " ", "scope": "rule", "days": 366},
    ),
    Stop("a personal token of nothing", Actor.VIEWER, "POST", "/api/tokens/", []),
    by("with the personal token", "GET", LIST, "Token {nightly}"),
    by("a personal token by one to read with", "POST", "/api/tokens/", "Token {nightly}"),
    by("ended by one to read with", "DELETE", "/api/tokens/{its id}", "Token {nightly}"),
    Stop("one's personal tokens", Actor.VIEWER, "GET", "/api/tokens/"),
    Stop("nobody's personal tokens", Actor.NOBODY, "GET", "/api/tokens/"),
    Stop("another's personal tokens", Actor.OPERATOR, "GET", "/api/tokens/?username=viewer"),
    Stop("another's personal tokens, by the admin", Actor.ADMIN, "GET", "/api/tokens/?username=viewer"),
    Stop("an unknown person's personal tokens", Actor.ADMIN, "GET", "/api/tokens/?username=ada"),
    Stop("a personal token ended by nobody", Actor.NOBODY, "DELETE", "/api/tokens/{its id}"),
    Stop("a personal token ended by another", Actor.OPERATOR, "DELETE", "/api/tokens/{its id}"),
    Stop("a personal token ended by the admin", Actor.ADMIN, "DELETE", "/api/tokens/{its id}"),
    Stop("a personal token ended twice", Actor.VIEWER, "DELETE", "/api/tokens/{its id}"),
    by("with the personal token that was ended", "GET", LIST, "Token {nightly}"),
)

STOPS: Stops = (
    Stop("a token", Actor.NOBODY, "POST", LOGIN, headers=basic("viewer", "viewer"), keeps={"token": "token"}),
    Stop("a token for a stranger", Actor.NOBODY, "POST", LOGIN, headers=basic("stranger", "stranger")),
    Stop("a token for nothing", Actor.NOBODY, "POST", LOGIN),
    Stop("a token for a wrong password", Actor.NOBODY, "POST", LOGIN, headers=basic("operator", "guess")),
    Stop("a token for an unknown name", Actor.NOBODY, "POST", LOGIN, headers=basic("ada", "ada")),
    Stop("a token for a token", Actor.VIEWER, "POST", LOGIN),
    by("a token for half a password", "POST", LOGIN, "Basic"),
    by("a token for nonsense", "POST", LOGIN, "Basic %%%"),
    *TOKENS,
    Stop("a token by reading", Actor.NOBODY, "GET", LOGIN, headers=basic("viewer", "viewer")),
    by("with the token", "GET", LIST, "Token {token}"),
    by("without the word Token", "GET", LIST, "{token}"),
    by("with half a token", "GET", LIST, "Token"),
    by("with two tokens", "GET", LIST, "Token {token} {token}"),
    by("with a wrong token", "GET", LIST, "Token 0123456789abcdef"),
    by("with a token that is no text", "GET", LIST, "Token \u00e9"),
    by("with the token of a provider there is not", "GET", LIST, "Bearer abc"),
    Stop("with a password", Actor.NOBODY, "GET", LIST, headers=basic("viewer", "viewer")),
    Stop("with a wrong password", Actor.NOBODY, "GET", LIST, headers=basic("viewer", "guess")),
    Stop("with a session", Actor.VIEWER, "GET", LIST, sign_in=SignIn.SESSION),
    Stop("with a session, changing", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": False},
         sign_in=SignIn.SESSION),
    Stop("with a session, changing, forged", Actor.ADMIN, "PUT", "/api/settings/status", {"global_lock": False},
         sign_in=SignIn.CHECKED_SESSION),
    Stop("a token given back by nobody", Actor.NOBODY, "POST", LOGOUT),
    Stop("a token given back by session", Actor.VIEWER, "POST", LOGOUT, sign_in=SignIn.SESSION),
    by("a token given back", "POST", LOGOUT, "Token {token}"),
    by("a token given back twice", "POST", LOGOUT, "Token {token}"),
    by("with the token that was given back", "GET", LIST, "Token {token}"),
    Stop("a token given back by reading", Actor.VIEWER, "GET", LOGOUT),
    *(Stop(f"guess {number}", Actor.NOBODY, "POST", LOGIN, headers=basic("modeller", f"guess {number}"))
      for number in range(10)),
    Stop("a right password after ten guesses", Actor.NOBODY, "POST", LOGIN, headers=basic("modeller", "modeller")),
    Stop("somebody else's right password", Actor.NOBODY, "POST", LOGIN, headers=basic("admin", "admin")),
)  # fmt: skip
