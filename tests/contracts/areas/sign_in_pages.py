"""Sign in and out with a browser."""

from tests.contracts.areas.pages import page, post
from tests.contracts.areas.start import NO_ID
from tests.contracts.stops import Actor, SignIn, Stop, Stops

WRONG = {"username": "modeller", "password": "guess"}


def attempt(name: str, body: object, path: str = "/sign-in/") -> Stop:
    """Somebody who has not signed in sends the form."""
    return post(name, path, body, Actor.NOBODY)


STOPS: Stops = (
    page("the sign-in page", "/sign-in/", Actor.NOBODY),
    page("the sign-in page on the way to another", "/sign-in/?next=/order/", Actor.NOBODY),
    page("the sign-in page for who has signed in", "/sign-in/"),
    page("the same on the way to another", "/sign-in/?next=/order/"),
    attempt("nothing given", {}),
    attempt("a wrong password", WRONG),
    attempt("an unknown name", {"username": "ada", "password": "ada"}),
    attempt("a name with a NUL", {"username": "a\0", "password": "x"}),
    post("a forged sign-in", "/sign-in/", {"username": "viewer", "password": "viewer"}, Actor.NOBODY,
         sign_in=SignIn.CHECKED_SESSION),
    page("to a provider there is not", "/sign-in/provider/", Actor.NOBODY),
    page("back from a provider there is not", "/sign-in/callback/?code=x&state=y", Actor.NOBODY),
    attempt("a logout by a provider there is not", {"logout_token": "x"}, "/sign-in/backchannel-logout/"),
    page("a logout in a frame of a provider there is not", "/sign-in/frontchannel-logout/?sid=x", Actor.NOBODY),
    attempt("a right password", {"username": "viewer", "password": "viewer"}),
    page("what a fresh session shows", "/", Actor.NOBODY),
    page("signing out by reading", "/sign-out/", Actor.NOBODY),
    attempt("signed out", {}, "/sign-out/"),
    page("what is left of the session", "/", Actor.NOBODY),
    attempt("signed out twice", {}, "/sign-out/"),
    attempt("signed in on the way to another page", {"username": "viewer", "password": "viewer", "next": "/order/"}),
    attempt("signed out again", {}, "/sign-out/"),
    attempt("signed in on the way to another site",
            {"username": "viewer", "password": "viewer", "next": "https://evil.example/"}),
    attempt("signed out at last", {}, "/sign-out/"),
    *(attempt(f"guess {number}", WRONG) for number in range(9)),
    attempt("a right password after ten guesses", {"username": "modeller", "password": "modeller"}),
    page("what was typed and is no longer kept", f"/sign-in/kept/{NO_ID}/"),
    page("what was typed, as nobody", f"/sign-in/kept/{NO_ID}/", Actor.NOBODY),
    page("my account", "/account/"),
    page("my account, as somebody without a role", "/account/", Actor.STRANGER),
    page("my account, as nobody", "/account/", Actor.NOBODY),
    attempt("my token, as nobody", {}, "/account/tokens/"),
    attempt("the end of my token, as nobody", {}, "/account/tokens/1/end/"),
    attempt("the end of my session, as nobody", {}, "/account/sessions/1/end/"),
    attempt("the end of my tokens, as nobody", {}, "/account/tokens/end/"),
    attempt("the end of my sessions, as nobody", {}, "/account/sessions/end/"),
    post("a token without a name", "/account/tokens/", {"scope": "read", "days": "1"}),
    post("the end of my tokens", "/account/tokens/end/", {}),
    post("the end of my other sessions", "/account/sessions/end/", {}),
    page("my password", "/account/password/"),
    page("my password, as nobody", "/account/password/", Actor.NOBODY),
    page("what I may do", "/rights/mine/"),
    page("what I may do, as nobody", "/rights/mine/", Actor.NOBODY),
    page("rights", "/rights/", Actor.ADMIN),
    page("rights, as nobody", "/rights/", Actor.NOBODY),
    page("rights, as operator", "/rights/", Actor.OPERATOR),
    page("who may run a workflow", "/rights/workflows/create_node/", Actor.ADMIN),
    page("who may run a workflow, as nobody", "/rights/workflows/create_node/", Actor.NOBODY),
    page("what the viewer may do", "/rights/people/1/", Actor.ADMIN),
    page("what the viewer may do, as nobody", "/rights/people/1/", Actor.NOBODY),
    page("a made-up invitation", "/account/invitation/MQ/a-b/", Actor.NOBODY),
    page("the admin's own sign-in", "/admin/login/", Actor.NOBODY),
    page("the admin for nobody", "/admin/", Actor.NOBODY),
)  # fmt: skip
