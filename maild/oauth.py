"""Access tokens in place of passwords (OAuth 2.0, RFC 6749): asked for, kept while they last, renewed when refused.

The only file that knows httpx. Imports the clock, the errors and the configuration's shape. Nothing here is logged: an
answer of a token endpoint is a secret, and so is what is sent to it.
"""

import asyncio
import hashlib
import json
import os
import re
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from maild.clock import Clock
from maild.config.model import Config
from maild.config.oauth import OAuthEntry
from maild.config.secret import SecretRef
from maild.errors import SignInError, SignInRefused

EARLY = timedelta(minutes=5)  # before its end a token is replaced: clocks differ, and a sign-in takes a while
UNTOLD = timedelta(minutes=10)  # how long a token is taken to last whose provider does not say
LONGEST = timedelta(days=1)  # however long a provider says
_LARGEST = 100_000  # octets of an answer; real ones have a few thousand

_TOKEN = re.compile(
    r"[\x21-\x7e]{1,50000}"
)  # RFC 6749 appendix A.12, without the space: nothing that SASL would stumble over
_REMEDIES = {  # by the error codes of RFC 6749 §5.2
    "invalid_client": "check client_id and client_secret; secrets have an end date: make a new one at the provider",
    "unauthorized_client": "allow this way of signing in for the application at the provider, and check client_id",
    "invalid_scope": "check scope: it must be one that the provider knows for mail",
    "unsupported_grant_type": "the provider gives nothing for these keys: check whether refresh_token must be set",
    "invalid_request": "check token_url (the tenant in it, too), client_id and scope",
}
_REVOKED = "the refresh token has expired or was revoked: sign in at the provider again, put the new one in its place"
_PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down"})  # codes that say "later"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What a provider gives: all of it but `lifetime` is secret."""

    token: str = field(repr=False)
    lifetime: timedelta
    refresh_token: str | None = field(repr=False)  # another one, in place of that which was used


@dataclass(frozen=True, kw_only=True)
class _Kept:
    token: str = field(repr=False)
    until: datetime


class Bearers:
    """The access tokens of each table [oauth.*], shared by all connections of a process.

    `config` gives the configuration in force, so that a reload counts at once. However many ask, a provider is asked
    once at a time, and whoever stops waiting does not stop that: the answer may hold the only good refresh token.
    """

    def __init__(self, config: Callable[[], Config], clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._kept: dict[tuple[str, OAuthEntry], _Kept] = {}
        self._asking: dict[tuple[str, OAuthEntry], asyncio.Task[_Kept]] = {}
        self._unsaved: dict[Path, tuple[str, str]] = {}  # refresh tokens that no disk would take: seed, token

    async def tokens(self, name: str) -> AsyncIterator[str]:
        """Yield the token to sign in with; whoever asks for another says that it was refused.

        A token that was kept may have been revoked, so a new one follows. One that is new and refused is the last.
        Raises SignInRefused when only a person can help, else SignInError.
        """
        key = (name, self._entry(name))
        kept = self._fresh(key)
        if kept is not None:
            yield kept.token
            if self._kept.get(key) is kept:  # nobody else has been told so before
                del self._kept[key]
        yield (self._fresh(key) or await self._obtain(key)).token

    async def try_out(self, name: str) -> timedelta:
        """Ask for a new token and return how long it will be used. Raises as `tokens` does."""
        kept = await self._obtain((name, self._entry(name)))
        return kept.until - self._clock.now()

    async def close(self, within: timedelta) -> None:
        """Wait for what providers have been asked, but not longer: an answer may replace a refresh token."""
        tasks = [*self._asking.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _entry(self, name: str) -> OAuthEntry:
        entry = self._config().oauth.get(name)
        if entry is None:
            raise SignInRefused(f"[oauth.{name}] is no longer configured: put it back")
        return entry

    def _fresh(self, key: tuple[str, OAuthEntry]) -> _Kept | None:
        kept = self._kept.get(key)
        return kept if kept is not None and self._clock.now() < kept.until else None

    async def _obtain(self, key: tuple[str, OAuthEntry]) -> _Kept:
        asking = self._asking.get(key)
        if asking is None:
            asking = asyncio.create_task(self._ask(*key), name=f"oauth {key[0]}")
            self._asking[key] = asking
            asking.add_done_callback(lambda task: self._answered(key, task))
        return await asyncio.shield(asking)

    def _answered(self, key: tuple[str, OAuthEntry], task: asyncio.Task[_Kept]) -> None:
        del self._asking[key]
        if not task.cancelled() and task.exception() is None:
            self._kept[key] = task.result()

    async def _ask(self, name: str, entry: OAuthEntry) -> _Kept:
        now = self._clock.now()
        path = self._config().data_dir / f"oauth-{name}.json"
        seed = _read(name, entry.refresh_token) if entry.refresh_token else None
        form = {
            "grant_type": "client_credentials",
            "client_id": entry.client_id,
            "client_secret": _read(name, entry.client_secret) if entry.client_secret else None,
            "scope": entry.scope or None,
        }
        if seed is not None:
            form |= {"grant_type": "refresh_token", "refresh_token": self._latest(name, path, seed)}
        fields = {key: value for key, value in form.items() if value is not None}
        granted = await _request(name, entry, fields)
        if seed is not None and (granted.refresh_token or path in self._unsaved):
            self._save(name, path, seed, granted.refresh_token or fields["refresh_token"])
        return _Kept(token=granted.token, until=now + granted.lifetime - min(EARLY, granted.lifetime / 2))

    # ── refresh tokens that replace the configured one ───────────────────────────────────────────────────────────────

    def _latest(self, name: str, path: Path, seed: str) -> str:
        """Return the refresh token to use: the last one that came of `seed`, which is what the admin has configured."""
        kept_for, token = self._unsaved.get(path) or _load(name, path)
        return token if kept_for == _digest(seed) else seed

    def _save(self, name: str, path: Path, seed: str, token: str) -> None:
        """Store a refresh token, readable by us alone, whole or not at all; where the disk will not, remember it."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump({"from": _digest(seed), "refresh_token": token}, file)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
            self._unsaved.pop(path, None)
        except OSError as error:
            self._unsaved[path] = (_digest(seed), token)
            log.warning("oauth-refresh-token-not-stored", table=f"oauth.{name}", file=str(path), error=error.strerror)


def _load(name: str, path: Path) -> tuple[str, str]:
    """Return what `_save` stored: the digest of the configured token and the token; empty ones where nothing is."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        return str(stored["from"]), str(stored["refresh_token"])
    except FileNotFoundError:
        return "", ""
    except OSError as error:
        raise SignInRefused(
            f"[oauth.{name}]: {path} cannot be read ({error.strerror}): give it to the user that maild runs as"
        ) from None
    except (ValueError, LookupError, TypeError):  # not ours, or cut short: the configured one still counts
        return "", ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _read(name: str, secret: SecretRef) -> str:
    try:
        return secret.read()
    except LookupError as error:
        raise SignInRefused(f"[oauth.{name}]: {error}") from None


# ── one question to a provider ───────────────────────────────────────────────────────────────────────────────────────


async def _request(name: str, entry: OAuthEntry, form: Mapping[str, str]) -> Granted:
    """Send a token request and return what was granted. Errors are not chained: a library's may quote the request."""
    where = f"[oauth.{name}]: {urlsplit(entry.token_url).hostname}"
    seconds = entry.timeout.total_seconds()
    try:
        async with asyncio.timeout(seconds):
            status, body = await _post(entry.token_url, form)
    except TimeoutError:
        raise SignInError(f"{where} gives no access token within {seconds:g} s") from None
    except ssl.SSLError as error:
        raise SignInError(f"{where} cannot be reached: {error.reason or error}") from None
    except OSError as error:
        raise SignInError(f"{where} cannot be reached: {error}: check token_url, DNS and the firewall") from None
    secrets = [value for key, value in form.items() if key in {"client_secret", "refresh_token"}]
    return read_answer(where, status, body, secrets=secrets, refreshing="refresh_token" in form)


async def _post(url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    """POST a form and return status and body. Raises OSError alone, whatever the library raises."""
    import httpx  # noqa: PLC0415 - half a second, which only those pay who sign in this way

    context = await asyncio.to_thread(ssl.create_default_context)  # reads the system's authorities
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        async with (
            httpx.AsyncClient(verify=context, timeout=None) as client,  # noqa: S113 - the caller's bounds all of it
            client.stream("POST", url, data=form, headers=headers) as response,
        ):
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _LARGEST:
                    break  # no answer that we could read
            return response.status_code, bytes(body)
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpx.StreamError,
        httpx.CookieConflict,
        ImportError,
        ValueError,
    ) as error:
        raise OSError(_printable(str(error)) or type(error).__name__) from None  # the last two: a proxy it cannot use


def read_answer(where: str, status: int, body: bytes, *, secrets: list[str], refreshing: bool) -> Granted:
    """Return what an answer of a token endpoint grants. Raises SignInRefused or SignInError, with the remedy."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    said: dict[str, Any] = answer if isinstance(answer, dict) else {}
    code = str(said.get("error") or "")
    if status >= 500 or status in {408, 429} or code in _PASSING:
        raise SignInError(f"{where} gives no access token for now ({status})")
    if code:
        words = _printable(f"{code}: {said.get('error_description') or 'no more words'}")
        for secret in secrets:
            words = words.replace(secret, "…")
        remedy = _REVOKED if code == "invalid_grant" and refreshing else _REMEDIES.get(code, "look the code up there")
        raise SignInRefused(f"{where} gives no access token ({words}): {remedy}")
    token, kind = said.get("access_token"), said.get("token_type", "Bearer")
    if status != 200 or not isinstance(token, str) or not _TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
        raise SignInRefused(f"{where} answers {status} and no access token: check token_url")
    renewed = said.get("refresh_token")
    return Granted(
        token=token,
        lifetime=_lifetime(said.get("expires_in")),
        refresh_token=renewed if isinstance(renewed, str) and renewed else None,
    )


def _lifetime(value: object) -> timedelta:
    """Return `expires_in`, which some providers write as a text, within reason."""
    if isinstance(value, int | str) and re.fullmatch(r"[0-9]{1,9}", str(value)):
        return min(timedelta(seconds=int(value)), LONGEST)
    return UNTOLD


def _printable(text: str) -> str:
    """Return a stranger's words, fit for one line of a log."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
