"""A private Dovecot on loopback, with one user whose mail is Maildir. Imports nothing of ours but test helpers.

dovecot = Dovecot(tmp_path)
dovecot.start()                                    # about half a second; stop() and start() keep the mail
uid = dovecot.append(octets, "Обращения", date)    # makes the folder where it is missing
dovecot.uids("INBOX"), dovecot.flags("INBOX")      # [1, 2], {1: {"\\Seen"}, 2: set()}
dovecot.close()                                    # stop, and remove the mail
"""

import contextlib
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from maild.ingest.imap_grammar import encode_folder, quote
from tests.servers.certs import Certificate, make_certificate
from tests.servers.need import need

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {private}/run
state_dir = {private}/run
log_path = {path}/dovecot.log
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:{private}/mail
mail_fsync = never
ssl = yes
ssl_cert = <{certificate.cert}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login{token_mechanism}
auth_failure_delay = 0
imap_capability = {capability}
{token_passdb}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={private}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
"""


TOKENS = """passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {path}/oauth2.conf
}}"""

INTROSPECTION = """introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot:
    """One server with one user; `capability` replaces what it says it can do (not what it can).

    With `introspection_url` it takes access tokens (XOAUTH2), too, and asks there whose they are.
    """

    user = "support"

    def __init__(
        self,
        path: Path,
        *,
        certificate: Certificate | None = None,
        capability: str = "",
        password: str = "secret-of-dovecot",
        introspection_url: str = "",
    ) -> None:
        self.password = password
        self._binary = need("dovecot", "apt-get install dovecot-imapd")
        self._doveadm = need("doveadm", "apt-get install dovecot-core")
        self._path = path  # holds configuration, certificate and log
        certificate = certificate or make_certificate(path)
        # Mail and sockets: pytest's directories are closed to the users Dovecot becomes, and too long for a socket.
        self._private = Path(tempfile.mkdtemp(prefix="maild-dovecot-"))
        self._private.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None
        self.ca_file = certificate.cert
        self.port, self.tls_port = _free_ports(2)
        root = os.getuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        (self._private / "mail").mkdir()
        if root:
            os.chown(self._private / "mail", owner.pw_uid, owner.pw_gid)
            os.chown(self._private, owner.pw_uid, owner.pw_gid)
        self._config = path / "dovecot.conf"
        (path / "oauth2.conf").write_text(INTROSPECTION.format(url=introspection_url), "utf-8")
        self._config.write_text(
            CONFIG.format(
                path=path, private=self._private, certificate=certificate, capability=capability, password=self.password,
                uid=owner.pw_uid, gid=owner.pw_gid, port=self.port, tls_port=self.tls_port,
                internal_user="dovecot" if root else owner.pw_name,
                internal_group="dovecot" if root else owner.pw_gid,
                login_user="dovenull" if root else owner.pw_name,
                chroot="" if root else "chroot =",
                token_mechanism=" xoauth2" if introspection_url else "",
                token_passdb=TOKENS.format(path=path) if introspection_url else "",
            ),
            encoding="utf-8",
        )  # fmt: skip

    def start(self) -> None:
        """Start, and return when it answers."""
        self._process = subprocess.Popen(
            [self._binary, "-F", "-c", str(self._config)],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                if probe.recv(4) == b"* OK":
                    return
            time.sleep(0.02)
        log = self._path / "dovecot.log"
        raise AssertionError(f"dovecot does not start: {log.read_text() if log.exists() else 'no log'}")

    def stop(self) -> None:
        """Stop politely; connections are closed with BYE."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it with all that serves connections, as a power cut would."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop for good and remove the mail."""
        self.stop()
        shutil.rmtree(self._private, ignore_errors=True)

    def append(self, octets: bytes, folder: str = "INBOX", date: datetime | None = None) -> int:
        """Store a letter with INTERNALDATE `date` (now if None) and return its UID."""
        return self.append_all([octets], folder, date)[0]

    def append_all(self, letters: Iterable[bytes], folder: str = "INBOX", date: datetime | None = None) -> list[int]:
        """Store many letters over one connection."""
        name, when = quote(encode_folder(folder)), imaplib.Time2Internaldate(date or datetime.now(UTC))
        if folder != "INBOX":
            self.create(folder)
        with self._client() as client:
            answers = [client.append(name, "", when, octets) for octets in letters]
        return [int(re.search(rb"APPENDUID \d+ (\d+)", data[0])[1]) for _, data in answers]  # type: ignore[index]

    def create(self, folder: str) -> None:
        """Make a folder, by its plain name; no harm where it exists."""
        self._run_doveadm("mailbox", "create", "-u", self.user, folder, check=False)

    def uids(self, folder: str = "INBOX") -> list[int]:
        """List what is in the folder, in ascending order."""
        return sorted(self.flags(folder))

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """Tell the flags and keywords of each letter, without \\Recent."""
        with self._client(folder) as client:
            _, data = client.uid("FETCH", "1:*", "(FLAGS)")
        lines = [re.search(rb"UID (\d+) FLAGS \((.*?)\)", line) for line in data if isinstance(line, bytes)]
        return {int(m[1]): set(m[2].decode().split()) - {"\\Recent"} for m in lines if m}

    def set_flag(self, uid: int, flag: str, folder: str = "INBOX") -> None:
        """Set a flag as somebody's mail client would."""
        with self._client(folder) as client:
            client.uid("STORE", str(uid), "+FLAGS.SILENT", f"({flag})")

    def expunge(self, uid: int, folder: str = "INBOX") -> None:
        """Remove one letter for good, as somebody's mail client would."""
        with self._client(folder) as client:
            client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
            client.uid("EXPUNGE", str(uid))

    def clear(self, folder: str = "INBOX") -> None:
        """Remove all letters of a folder; UIDs go on counting."""
        with self._client(folder) as client:
            client.uid("STORE", "1:*", "+FLAGS.SILENT", "(\\Deleted)")
            client.expunge()

    def uidvalidity(self, folder: str = "INBOX") -> int:
        """Tell the folder's present UIDVALIDITY."""
        with self._client(folder) as client:
            return int(client.response("UIDVALIDITY")[1][0])

    def reset_uidvalidity(self, folder: str = "INBOX") -> int:
        """Give the folder a new UIDVALIDITY under which the letters keep their UIDs (the nasty case); return it."""
        new = self.uidvalidity(folder) + 1
        self._run_doveadm("mailbox", "update", "-u", self.user, "--uid-validity", str(new), folder)
        return new

    @property
    def maildir(self) -> Path:
        """Where INBOX lies on disk."""
        return self._private / "mail"

    def log(self) -> str:
        """Read the server's own log."""
        return (self._path / "dovecot.log").read_text("utf-8", "replace")

    @contextlib.contextmanager
    def _client(self, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.authenticate("PLAIN", lambda _: f"\0{self.user}\0{self.password}".encode())
            if folder is not None:
                result, data = client.select(quote(encode_folder(folder)))
                assert result == "OK", data
            yield client

    def _run_doveadm(self, *arguments: str, check: bool = True) -> None:
        command = [self._doveadm, "-c", str(self._config), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, done.stderr

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # the whole group: told alone, the master leaves those that serve an idling client behind
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on just now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
