"""The shape of what an admin writes about sign-in by OAuth 2.0. Imports only types."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from maild.config.secret import SecretRef
from maild.config.section import Section
from maild.config.types import Duration, Line, Words

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def parse_token_url(value: str) -> str:
    """Return an https URL, or an http one of this very machine; anything else raises ValueError."""
    try:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        good = safe and parts.hostname and "@" not in parts.netloc and parts.port != 0 and value.isascii()
    except ValueError:  # a port that is no number, a bracket too few
        good = False
    if good and value.isprintable() and " " not in value and not parts.fragment:
        return value
    raise ValueError("the https:// URL that gives out access tokens, such as https://oauth2.googleapis.com/token")


TokenUrl = Annotated[str, AfterValidator(parse_token_url)]


class OAuthEntry(Section):
    """An application at a provider, with whose access tokens mailboxes are opened in place of a password (RFC 6749)."""

    token_url: TokenUrl = Field(examples=["https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"])
    client_id: Words = Field(examples=["11111111-2222-3333-4444-555555555555"])
    client_secret: SecretRef | None = None
    refresh_token: SecretRef | None = None  # None: the application signs in by itself (client_credentials, §4.4)
    scope: Line = ""
    timeout: Duration = timedelta(seconds=30)  # for the whole answer of the provider
