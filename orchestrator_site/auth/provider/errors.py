"""What goes wrong with an identity provider: its tokens, or its answers."""


class TokenRefused(Exception):
    """A token is invalid; the message says why without repeating the token."""


class ProviderSilent(Exception):
    """The identity provider is not responding."""

    retryable = True

    def __init__(self, message: str = "The identity provider is not responding.") -> None:
        super().__init__(message)


class GrantRefused(Exception):
    """The provider no longer vouches: a code or a refresh token is invalid, revoked or of a session that ended."""
