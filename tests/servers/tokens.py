"""A provider of access tokens on loopback: a token endpoint (RFC 6749) and, for mail servers, an introspection (RFC 7662).

with TokenServer().in_thread() as provider:
    provider.token_url, provider.introspection_url
    provider.on(Reply(500, "broken"), times=1)   # then it behaves again
    provider.on(HANG)                            # says nothing until `behave()`
    provider.revoke()                            # every token given so far is worth nothing
    provider.requests                            # the forms that were sent, in their order

It takes the secret "s3cret" of the application "desk", and the refresh tokens in `refresh_tokens`; with `rotating` each of
those is good once and brings the next.
"""

import contextlib
import itertools
import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl

CLIENT, SECRET = "desk", "s3cret-of-the-application"


@dataclass(frozen=True)
class Reply:
    """Answer with this instead of doing what was asked; a dict goes out as JSON."""

    status: int
    body: Any = ""


class Hang:
    """Say nothing until the provider behaves again, then cut the connection."""


HANG = Hang()


class TokenServer:
    """See the module. `user`: whose mailbox the tokens open; `lifetime`: what `expires_in` says."""

    def __init__(self, *, user: str = "support", lifetime: object = 3600, rotating: bool = False) -> None:
        self.user = user
        self.lifetime = lifetime
        self.rotating = rotating
        self.refresh_tokens = {"first-refresh"}
        self.requests: list[dict[str, str]] = []
        self.asked = threading.Event()  # there was a token request
        self.given: list[str] = []  # tokens, in their order
        self.good: set[str] = set()
        self._script: deque[tuple[Reply | Hang, Iterator[object]]] = deque()
        self._behaves = threading.Event()
        self._numbers = itertools.count(1)
        self._server: ThreadingHTTPServer | None = None

    @property
    def token_url(self) -> str:
        """Where tokens are given out."""
        return f"{self._root}/token"

    @property
    def introspection_url(self) -> str:
        """Where mail servers ask whose a token is."""
        return f"{self._root}/introspect"

    @property
    def _root(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, action: Reply | Hang, *, times: int | None = None) -> None:
        """Do `action` at the next `times` token requests; None: at all of them."""
        self._behaves.clear()
        uses: Iterator[object] = iter(range(times)) if times is not None else itertools.repeat(None)
        self._script.append((action, uses))

    def behave(self) -> None:
        """Forget every instruction, and end every silence."""
        self._script.clear()
        self._behaves.set()

    def revoke(self) -> None:
        """Let no token open anything any more."""
        self.good.clear()

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[Self]:
        """Serve while the block lasts."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.behave()
            self._server.shutdown()
            self._server.server_close()
            thread.join(10)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
                if self.path == "/introspect":
                    reply: Reply | Hang = provider._introspected(form)
                else:
                    provider.requests.append(form)
                    provider.asked.set()
                    reply = provider._instruction() or provider._granted(form)
                if isinstance(reply, Hang):
                    provider._behaves.wait(30)
                    self.close_connection = True
                    return
                body = json.dumps(reply.body) if isinstance(reply.body, dict) else reply.body
                octets = body if isinstance(body, bytes) else body.encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(octets)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def _instruction(self) -> Reply | Hang | None:
        while self._script:
            action, uses = self._script[0]
            if next(uses, self) is not self:
                return action
            self._script.popleft()
        return None

    def _granted(self, form: dict[str, str]) -> Reply:
        refresh = form.get("refresh_token")
        if form.get("client_id") != CLIENT or form.get("client_secret", SECRET) != SECRET:
            return Reply(401, {"error": "invalid_client", "error_description": f"not {form.get('client_secret')}"})
        if form.get("grant_type") == "refresh_token" and refresh not in self.refresh_tokens:
            return Reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        number = next(self._numbers)
        token = f"token-{number}"
        self.given.append(token)
        self.good.add(token)
        answer = {"token_type": "Bearer", "access_token": token, "expires_in": self.lifetime}
        if refresh is not None and self.rotating:
            self.refresh_tokens = {f"refresh-{number}"}
            answer["refresh_token"] = f"refresh-{number}"
        return Reply(200, answer)

    def _introspected(self, form: dict[str, str]) -> Reply:
        if form.get("token") in self.good:
            return Reply(200, {"active": True, "username": self.user})
        return Reply(200, {"active": False})
