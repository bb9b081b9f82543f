"""Access tokens: asked for when needed, kept while they last, renewed when refused; every trouble told with its remedy."""

import asyncio
import contextlib
import json
import resource
import stat
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from inspect import getmembers, isclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild import logs
from maild.errors import SignInError, SignInRefused
from maild.oauth import EARLY, UNTOLD, Bearers, _post, read_answer
from tests.oauth.conftest import Desk
from tests.servers.tokens import CLIENT, HANG, SECRET, Reply, TokenServer


async def first(bearers: Bearers) -> str:
    async for token in bearers.tokens("mail"):
        return token
    raise AssertionError("no token at all")


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Let no octet be written to any file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def all_of(tokens: AsyncIterator[str]) -> list[str]:
    return [token async for token in tokens]


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_application_signs_in_by_itself(desk: Desk) -> None:
    """client_credentials, with the scope that is configured; nothing is stored."""
    desk.configure(scope="https://outlook.office365.com/.default")
    assert await first(desk.bearers()) == "token-1"
    assert desk.provider.requests == [
        {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scope": "https://outlook.office365.com/.default",
        }
    ]
    assert not desk.stored.exists()


async def test_a_consent_is_used(desk: Desk) -> None:
    """A refresh token, with the secret of the application where it has one."""
    desk.configure(refreshing=True, client_secret=None)
    assert await first(desk.bearers()) == "token-1"
    assert desk.provider.requests == [
        {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": "first-refresh"}
    ]


async def test_a_token_is_kept_until_shortly_before_its_end(desk: Desk) -> None:
    """One question an hour, not one for each connection."""
    bearers = desk.bearers()
    assert [await first(bearers) for _ in range(3)] == ["token-1"] * 3
    desk.clock.advance(timedelta(hours=1) - EARLY - timedelta(seconds=1))
    assert await first(bearers) == "token-1"
    desk.clock.advance(timedelta(seconds=1))
    assert await first(bearers) == "token-2"


@pytest.mark.parametrize(
    ("lifetime", "used"),
    [
        (3600, timedelta(minutes=55)),
        ("3600", timedelta(minutes=55)),
        (60, timedelta(seconds=30)),
        (0, timedelta(0)),
        (10**8, timedelta(days=1) - EARLY),
        (None, UNTOLD / 2),
        ("soon", UNTOLD / 2),
        (-5, UNTOLD / 2),
        (1.5, UNTOLD / 2),
        (True, UNTOLD / 2),
    ],
)
async def test_how_long_a_token_is_used(desk: Desk, lifetime: object, used: timedelta) -> None:
    """Whatever a provider says, within reason."""
    desk.provider.lifetime = lifetime
    assert await desk.bearers().try_out("mail") == used


async def test_many_who_ask_at_once_are_one_question(desk: Desk) -> None:
    """Folders and the way out sign in at the same time when the daemon starts."""
    bearers = desk.bearers()
    assert await asyncio.gather(*(first(bearers) for _ in range(5))) == ["token-1"] * 5
    assert len(desk.provider.requests) == 1


async def test_whoever_stops_waiting_stops_nobody_else(desk: Desk) -> None:
    """The question goes on, and its answer is kept."""
    bearers = desk.bearers()
    desk.provider.on(HANG)
    impatient = asyncio.create_task(first(bearers))
    patient = asyncio.create_task(first(bearers))
    await asyncio.to_thread(desk.provider.asked.wait, 10)
    impatient.cancel()
    desk.provider.behave()  # that connection is cut
    with pytest.raises(SignInError, match="cannot be reached"):
        await patient
    assert await first(bearers) == "token-1"


# ── refused by the mail server ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_kept_token_that_is_refused_is_replaced_once(desk: Desk) -> None:
    """Revoked, or cut short by a clock: one other, and then it is the server's last word."""
    bearers = desk.bearers()
    assert await all_of(bearers.tokens("mail")) == ["token-1"], "it was new"
    assert await all_of(bearers.tokens("mail")) == ["token-1", "token-2"]
    assert await all_of(bearers.tokens("mail")) == ["token-2", "token-3"]


async def test_two_who_are_refused_ask_for_one_new_token(desk: Desk) -> None:
    """Whoever comes second is given what the first has asked for."""
    bearers = desk.bearers()
    await first(bearers)
    one, other = bearers.tokens("mail"), bearers.tokens("mail")
    assert [await anext(one), await anext(other)] == ["token-1"] * 2
    assert [await anext(one), await anext(other)] == ["token-2"] * 2


async def test_another_table_counts_at_once(desk: Desk) -> None:
    """After a reload no token of the old application is used."""
    bearers = desk.bearers()
    await first(bearers)
    desk.configure(scope="other")
    assert await first(bearers) == "token-2"
    desk.config = desk.config.model_copy(update={"oauth": {}})
    with pytest.raises(SignInRefused, match=r"\[oauth.mail\] is no longer configured: put it back"):
        await first(bearers)


# ── refresh tokens that replace each other ───────────────────────────────────────────────────────────────────────────


async def test_a_new_refresh_token_is_stored_and_used(desk: Desk) -> None:
    """Each is good once; the next process goes on with the last. Nobody else may read it."""
    desk.provider.rotating = True
    desk.configure(refreshing=True)
    for expected in ("token-1", "token-2"):
        assert await first(desk.bearers()) == expected, "a process each"
    assert [request["refresh_token"] for request in desk.provider.requests] == ["first-refresh", "refresh-1"]
    assert json.loads(desk.stored.read_text())["refresh_token"] == "refresh-2"
    assert stat.S_IMODE(desk.stored.stat().st_mode) == 0o600
    assert [path.name for path in desk.stored.parent.iterdir()] == ["oauth-mail.json"], "no half of a file"
    assert "first-refresh" not in desk.stored.read_text()


async def test_another_configured_refresh_token_counts(desk: Desk) -> None:
    """The admin has signed in again: what was stored came of the old consent."""
    desk.provider.rotating = True
    desk.configure(refreshing=True)
    await first(desk.bearers())
    desk.provider.refresh_tokens = {"second-refresh"}
    desk.refresh.write_text("second-refresh")
    assert await first(desk.bearers()) == "token-2"
    assert desk.provider.requests[-1]["refresh_token"] == "second-refresh"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"from": 1}', '"x"', "\x00"])
async def test_a_damaged_store_is_no_store(desk: Desk, damage: str) -> None:
    """The configured token still counts."""
    desk.configure(refreshing=True)
    desk.stored.parent.mkdir()
    desk.stored.write_text(damage)
    assert await first(desk.bearers()) == "token-1"


async def test_a_disk_that_takes_nothing_costs_no_token(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The daemon goes on with what it remembers, says so, and stores it as soon as it can."""
    logs.configure("debug", "json")
    desk.provider.rotating = True
    desk.configure(refreshing=True)
    bearers = desk.bearers()
    with full_disk():
        assert await all_of(bearers.tokens("mail")) == ["token-1"]
        assert await all_of(bearers.tokens("mail")) == ["token-1", "token-2"]
        assert list((desk.folder / "data").iterdir()) == []
    said = capsys.readouterr().err
    assert said.count("oauth-refresh-token-not-stored") == 2
    assert not [secret for secret in ("refresh-1", "first-refresh", "token-1", SECRET) if secret in said]
    desk.provider.rotating = False
    assert await all_of(bearers.tokens("mail")) == ["token-2", "token-3"]
    assert json.loads(desk.stored.read_text())["refresh_token"] == "refresh-2"


async def test_a_store_of_somebody_else(desk: Desk) -> None:
    """What cannot be read is told, with the file."""
    desk.configure(refreshing=True)
    desk.stored.mkdir(parents=True)
    with pytest.raises(
        SignInRefused, match=r"oauth-mail\.json cannot be read .*: give it to the user that maild runs as"
    ):
        await first(desk.bearers())


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PASSING = [
    pytest.param(Reply(500, "<h1>oops</h1>"), "for now (500)", id="broken"),
    pytest.param(Reply(503, {"error": "temporarily_unavailable"}), "for now (503)", id="busy"),
    pytest.param(Reply(429, ""), "for now (429)", id="too often"),
    pytest.param(Reply(400, {"error": "temporarily_unavailable"}), "for now (400)", id="busy by its code"),
]
LASTING = [
    pytest.param(
        Reply(401, {"error": "invalid_client", "error_description": f"AADSTS7000222: {SECRET} has expired"}),
        "(invalid_client: AADSTS7000222: … has expired): check client_id and client_secret; secrets have an end date",
        id="expired secret",
    ),
    pytest.param(Reply(400, {"error": "invalid_scope"}), "check scope", id="wrong scope"),
    pytest.param(Reply(400, {"error": "unauthorized_client"}), "allow this way of signing in", id="not allowed"),
    pytest.param(Reply(400, {"error": "unsupported_grant_type"}), "whether refresh_token must be set", id="other grant"),
    pytest.param(Reply(400, {"error": "invalid_request"}), "check token_url", id="wrong tenant"),
    pytest.param(Reply(400, {"error": "consent\r\n_required"}), "(consent _required: no more words)", id="unknown code"),
    pytest.param(Reply(404, "not here"), "answers 404 and no access token: check token_url", id="not found"),
    pytest.param(Reply(302, ""), "answers 302", id="somewhere else"),
    pytest.param(Reply(200, "<html>welcome</html>"), "answers 200 and no access token", id="a page"),
    pytest.param(Reply(200, {"token_type": "mac", "access_token": "a"}), "no access token", id="another kind of token"),
    pytest.param(Reply(200, {"access_token": "a\r\nb"}), "no access token", id="token with a line end"),
    pytest.param(Reply(200, {"access_token": ["a"]}), "no access token", id="no text"),
    pytest.param(Reply(200, "[" * 50_000), "no access token", id="deep"),
    pytest.param(Reply(200, {"access_token": "a", "more": "x" * 1_000_000}), "no access token", id="endless"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "words"), PASSING)
async def test_trouble_that_passes(desk: Desk, reply: Reply, words: str) -> None:
    """The next attempt may go well, so nobody is told to change anything."""
    desk.provider.on(reply, times=1)
    bearers = desk.bearers()
    with pytest.raises(SignInError) as caught:
        await first(bearers)
    assert not isinstance(caught.value, SignInRefused)
    assert words in str(caught.value)
    assert await first(bearers) == "token-1"


@pytest.mark.parametrize(("reply", "words"), LASTING)
async def test_trouble_that_stays(desk: Desk, reply: Reply, words: str) -> None:
    """What to do is said; no secret is."""
    desk.provider.on(reply)
    with pytest.raises(SignInRefused) as caught:
        await first(desk.bearers())
    said = str(caught.value)
    assert words in said
    assert said.startswith("[oauth.mail]: 127.0.0.1 ")
    assert SECRET not in said
    assert "\n" not in said


async def test_a_revoked_consent(desk: Desk) -> None:
    """Only a person can sign in again."""
    desk.configure(refreshing=True)
    desk.provider.refresh_tokens = set()
    with pytest.raises(SignInRefused, match=r"\(invalid_grant: Token has been .*\): .* sign in at the provider again"):
        await first(desk.bearers())


async def test_a_provider_that_hangs(desk: Desk) -> None:
    """All who wait are told together, after the time for one."""
    desk.configure(timeout=timedelta(milliseconds=500))
    desk.provider.on(HANG)
    bearers = desk.bearers()
    told = await asyncio.gather(first(bearers), first(bearers), return_exceptions=True)
    assert [str(one) for one in told] == ["[oauth.mail]: 127.0.0.1 gives no access token within 0.5 s"] * 2
    assert len(desk.provider.requests) <= 1


async def test_a_provider_that_is_not_there(desk: Desk) -> None:
    """A refused connection, an unknown name."""
    with TokenServer().in_thread() as gone:
        url = gone.token_url
    for unreachable in (url, "https://nobody.invalid/token"):
        desk.configure(token_url=unreachable)
        with pytest.raises(SignInError, match=r"cannot be reached: .*: check token_url, DNS and the firewall"):
            await first(desk.bearers())


async def test_a_secret_that_is_not_there(desk: Desk) -> None:
    """The same words as for any secret."""
    desk.secret.unlink()
    with pytest.raises(SignInRefused, match=r"\[oauth.mail\]: the file .* does not exist: create it"):
        await first(desk.bearers())


async def test_the_end_waits_for_an_answer_but_not_for_ever(desk: Desk) -> None:
    """It may hold the only good refresh token."""
    desk.provider.rotating = True
    desk.configure(refreshing=True)
    bearers = desk.bearers()
    waiting = asyncio.create_task(first(bearers))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    await bearers.close(timedelta(seconds=10))
    assert json.loads(desk.stored.read_text())["refresh_token"] == "refresh-1"
    desk.provider.on(HANG)
    desk.configure(refreshing=True, scope="other")
    waiting = asyncio.create_task(first(bearers))
    await asyncio.sleep(0)
    waiting.cancel()
    await bearers.close(timedelta(milliseconds=50))
    await bearers.close(timedelta(0))


def test_every_error_of_the_library_is_translated() -> None:
    """When a new version adds one that is none of these, this fails."""
    ours = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict)
    errors = [cls for _, cls in getmembers(httpx, isclass) if issubclass(cls, BaseException)]
    assert errors
    assert [cls for cls in errors if not issubclass(cls, ours)] == []


async def test_a_proxy_that_cannot_be_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names it, as for other programs; what is wrong with it is told."""
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy.example")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(OSError, match="proxy"):
        await _post(desk.provider.token_url, {})


@given(status=st.integers(100, 599), body=st.binary() | st.recursive(
    st.none() | st.text() | st.integers() | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["access_token", "error", "error_description", "expires_in", "refresh_token", "token_type", "x"]), inner)
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_answer_is_a_surprise(status: int, body: bytes) -> None:
    """Granted or told, whatever comes."""
    with contextlib.suppress(SignInError):
        granted = read_answer("here", status, body, secrets=["secret"], refreshing=True)
        assert granted.token.isascii()
        assert "refresh_token" not in repr(granted)
