"""Access tokens that must open nothing, each with the reason that its bearer is told."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.fakes.identity_provider import CLIENT_SECRET, KEY, LOGOUT_EVENT, IdentityProvider

OTHER_KEY = rsa.generate_private_key(65537, 2048)
OTHER_CURVE = ec.generate_private_key(ec.SECP256R1())
ROLES = {"realm_access": {"roles": ["admin"]}}
ONE_TOKEN = 'The Authorization header must be "Bearer" and one token.'
ALGORITHM = "Invalid token: its algorithm is not accepted."
UNKNOWN_KEY = "Invalid token: it was signed with an unknown key."
SIGNATURE = "Invalid token: Signature verification failed."
OTHERS = "The token is for another audience."
NO_ACCESS = "This is not an access token."

Make = Callable[[IdentityProvider], str]


def _segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header: Any, signature: bytes = b"x", **claims: Any) -> Make:
    """A token put together without a library that would refuse to."""

    def make(provider: IdentityProvider) -> str:
        now = int(time.time())
        usual = {"iss": provider.issuer, "sub": "4711", "azp": "orchestrator", "typ": "Bearer", "iat": now}
        return f"{_segment(header)}.{_segment(usual | {'exp': now + 300} | ROLES | claims)}.{_segment(signature)}"

    return make


def with_secret(secret: bytes, algorithm: str = "HS256") -> Make:
    """A token signed symmetrically, with something that an attacker may know."""

    def make(provider: IdentityProvider) -> str:
        head, body, _ = by_hand({"alg": algorithm, "kid": "first", "typ": "JWT"})(provider).split(".")
        digest = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        return f"{head}.{body}.{_segment(digest)}"

    return make


def claiming(**claims: Any) -> Make:
    """A token of the provider with these claims; None leaves one out."""
    return lambda provider: provider.access(**ROLES | claims)


def tampered(provider: IdentityProvider) -> str:
    head, body, signature = provider.access(realm_access={"roles": ["viewer"]}).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{head}.{_segment(claims | ROLES)}.{signature}"


PUBLIC_PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
NOW = int(time.time())

BAD_ACCESS_TOKENS: Mapping[str, tuple[Make, str]] = {
    "empty": (lambda _: "", ONE_TOKEN),
    "two words": (lambda _: "a b", ONE_TOKEN),
    "nonsense": (lambda _: "nonsense", "Invalid token: Not enough segments."),
    "three letters": (lambda _: "a.b.c", "Invalid token: Invalid header padding."),
    "header is a list": (by_hand(["RS256"]), "Invalid token: Invalid header string: must be a json object."),
    "algorithm none": (by_hand({"alg": "none", "kid": "first"}, b""), ALGORITHM),
    "algorithm None": (by_hand({"alg": "None", "kid": "first"}, b""), ALGORITHM),
    "no algorithm": (by_hand({"kid": "first"}), ALGORITHM),
    "algorithm is a list": (by_hand({"alg": ["RS256"], "kid": "first"}), ALGORITHM),
    "HS256 with the public key": (with_secret(PUBLIC_PEM), ALGORITHM),
    "HS256 with the client's secret": (with_secret(CLIENT_SECRET.encode()), ALGORITHM),
    "HS512": (with_secret(b"", "HS512"), ALGORITHM),
    "ES256K": (by_hand({"alg": "ES256K", "kid": "first"}), ALGORITHM),
    "algorithm of another kind of key": (by_hand({"alg": "ES256", "kid": "first"}), UNKNOWN_KEY),
    "algorithm that the key is not for": (lambda p: p.sign({"typ": "Bearer", **ROLES}, alg="PS256"), UNKNOWN_KEY),
    "key of another": (lambda p: p.sign({"typ": "Bearer", **ROLES}, key=OTHER_KEY), SIGNATURE),
    "unknown key id": (lambda p: p.sign({"typ": "Bearer", **ROLES}, key=OTHER_KEY, kid="other"), UNKNOWN_KEY),
    "key id is a number": (
        by_hand({"alg": "RS256", "kid": 1}),
        "Invalid token: Key ID header parameter must be a string.",
    ),
    "key in the header": (
        lambda p: p.sign(
            {"typ": "Bearer", **ROLES}, key=OTHER_CURVE, alg="ES256", kid="own", jku="http://127.0.0.1:9/k"
        ),
        UNKNOWN_KEY,
    ),
    "no signature": (by_hand({"alg": "RS256", "kid": "first"}, b""), SIGNATURE),
    "changed after signing": (tampered, SIGNATURE),
    "critical extension": (
        by_hand({"alg": "RS256", "kid": "first", "crit": ["x"], "x": 1}),
        "Invalid token: Unsupported critical extension: x.",
    ),
    "other issuer": (claiming(iss="https://elsewhere.example/realms/network"), "Invalid token: Invalid issuer."),
    "issuer with a slash": (lambda p: p.access(iss=f"{p.issuer}/", **ROLES), "Invalid token: Invalid issuer."),
    "no issuer": (claiming(iss=None), 'Invalid token: Token is missing the "iss" claim.'),
    "expired": (claiming(exp=1), "Invalid token: Signature has expired."),
    "expired for a minute": (claiming(exp=NOW - 60), "Invalid token: Signature has expired."),
    "no expiry": (claiming(exp=None), 'Invalid token: Token is missing the "exp" claim.'),
    "expiry is a text": (claiming(exp="never"), "Invalid token: Expiration Time claim (exp) must be an integer."),
    "expiry without end": (
        claiming(exp=float("inf")),
        "Invalid token: Expiration Time claim (exp) must be an integer.",
    ),
    "not valid yet": (claiming(nbf=4_000_000_000), "Invalid token: The token is not yet valid (nbf)."),
    "issued in the future": (claiming(iat=NOW + 3600), "Invalid token: The token is not yet valid (iat)."),
    "older than a token may get": (claiming(iat=NOW - 3700), "The token is too old; get a new one."),
    "no time of issue": (claiming(iat=None), 'Invalid token: Token is missing the "iat" claim.'),
    "no subject": (claiming(sub=None), 'Invalid token: Token is missing the "sub" claim.'),
    "empty subject": (claiming(sub=""), "Invalid token: its claim sub is not a usable name."),
    "subject is a number": (claiming(sub=4711), "Invalid token: Subject must be a string."),
    "subject too long": (claiming(sub="4" * 256), "Invalid token: its claim sub is not a usable name."),
    "subject with a NUL": (claiming(sub="4711\0"), "Invalid token: its claim sub is not a usable name."),
    "half a surrogate": (claiming(sub="4711\ud800"), "Invalid token: its claim sub is not a usable name."),
    "other client": (claiming(azp="another-client"), OTHERS),
    "no client": (claiming(azp=None), OTHERS),
    "other audience": (claiming(azp="another-client", aud=["account", "orchestrator2"]), OTHERS),
    "audience is an object": (claiming(aud={"orchestrator": 1}), "Invalid token: its audience is not a list of names."),
    "ID token": (claiming(typ="ID"), NO_ACCESS),
    "refresh token": (claiming(typ="Refresh"), NO_ACCESS),
    "logout token": (claiming(typ="Logout", events=LOGOUT_EVENT), NO_ACCESS),
    "logout token that says it is none": (claiming(events=LOGOUT_EVENT), NO_ACCESS),
    "ID token without a type": (claiming(typ=None, nonce="n"), NO_ACCESS),
    "logout token by its header": (lambda p: p.sign({"azp": "orchestrator", **ROLES}, typ="logout+jwt"), NO_ACCESS),
    "bound to a key": (claiming(cnf={"jkt": "x"}), "The token is bound to a key that was not shown."),
    "DPoP": (claiming(typ="DPoP"), NO_ACCESS),
    "too long": (claiming(filler="x" * 100_000), "Invalid token: it is too long."),
}


def spoiled(good: str) -> dict[str, str]:
    """What becomes of a good token in the hands of somebody without the key, by what was done to it."""
    head, body, signature = good.split(".")
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, body))
    other_headers: dict[str, dict[str, Any]] = {
        **{
            f"algorithm {name}": {"alg": name}
            for name in ("none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512")
        },
        **{
            f"algorithm {name}": {"alg": name}
            for name in ("RS384", "RS512", "PS256", "PS384", "ES256", "ES512", "EdDSA")
        },
        "no key id": {"kid": None},
        "other key id": {"kid": "other"},
        "path for a key id": {"kid": "../../../../dev/null"},
        "key from elsewhere": {"jku": "http://127.0.0.1:9/keys"},
        "certificate from elsewhere": {"x5u": "http://127.0.0.1:9/cert"},
        "unknown extension": {"crit": ["exp"]},
        "payload not encoded": {"b64": False, "crit": ["b64"]},
        "another type": {"typ": "logout+jwt"},
    }
    other_claims: dict[str, dict[str, Any]] = {
        "longer life": {"exp": claims["exp"] + 86_400},
        "other person": {"sub": "0"},
        "other roles": {"realm_access": {"roles": ["admin", "operator"]}},
        "other issuer": {"iss": "https://elsewhere.example"},
        "other audience": {"aud": "orchestrator"},
        "other party": {"azp": "orchestrator"},
        "other type": {"typ": "ID"},
    }
    signed = f"{head}.{body}".encode()
    made = {kind: f"{_segment(header | change)}.{body}.{signature}" for kind, change in other_headers.items()}
    made |= {kind: f"{head}.{_segment(claims | change)}.{signature}" for kind, change in other_claims.items()}
    made |= {
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{signature}",
        "short signature": f"{head}.{body}.{signature[:-8]}",
        "turned signature": f"{head}.{body}.{signature[::-1]}",
        "no header": f".{body}.{signature}",
        "no claims": f"{head}..{signature}",
        "claims are a list": f"{head}.{_segment([1])}.{signature}",
        "signed with nothing": f"{head}.{body}.{_segment(hmac.new(b'', signed, hashlib.sha256).digest())}",
        "encrypted": f"{_segment({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d",
        "twice": f"{good}{good}",
    }
    return made
