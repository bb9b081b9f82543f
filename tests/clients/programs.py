"""Real mail programs that answer the only letter of an IMAP mailbox and send the answer by their own SMTP.

Each is a function that is given an `Account` and the words, and returns when the program has ended. What the programs make
of a letter of ours (Reply-To, References, quotation, attribution, encoding) is theirs: nothing of that is written here.
"""

import contextlib
import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot
from tests.servers.need import need
from tests.servers.smtp import SmtpServer

PATIENCE = 30.0  # seconds; a busy machine needs a few
LOCALE = {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "Europe/Moscow", "TERM": "xterm"}


@dataclass(frozen=True, kw_only=True)
class Account:
    """An agent's account, and an empty home for the program's own files."""

    dovecot: Dovecot
    smtp: SmtpServer
    home: Path
    name: str
    address: str

    @property
    def imap_url(self) -> str:
        """Return where the letters are, with login and password."""
        return f"imap://{self.dovecot.user}:{self.dovecot.password}@127.0.0.1:{self.dovecot.port}"

    def run(self, command: Sequence[str], *, stdin: str = "", env: Mapping[str, str] | None = None) -> None:
        """Run a program that needs no terminal."""
        done = subprocess.run(
            command, input=stdin.encode(), capture_output=True, timeout=PATIENCE * find_crowd(), check=False, cwd=self.home,
            env=self._environment(env),
        )  # fmt: skip

        assert done.returncode == 0, f"{command[0]}: {(done.stdout + done.stderr).decode('utf-8', 'replace')}"

    def run_in_terminal(self, command: Sequence[str]) -> None:
        """Run a program that draws on a terminal, and read away what it draws."""
        child, terminal = pty.fork()
        if not child:
            os.chdir(self.home)
            os.execvpe(command[0], list(command), self._environment(None))
        drawn = b""
        deadline = time.monotonic() + PATIENCE * find_crowd()
        with contextlib.suppress(OSError):  # what Linux says when the program has ended
            while time.monotonic() < deadline:
                if select.select([terminal], [], [], 0.2)[0]:
                    if not (octets := os.read(terminal, 65536)):
                        break
                    drawn += octets
        os.close(terminal)
        with contextlib.suppress(ProcessLookupError):
            if time.monotonic() >= deadline:
                os.kill(child, 9)
        _, status = os.waitpid(child, 0)
        assert status == 0, f"{command[0]}: {drawn[-4000:].decode('utf-8', 'replace')}"

    def script(self, name: str, text: str) -> Path:
        """Write a shell script into the home."""
        path = self.home / name
        path.write_text(f"#!/bin/sh\nset -e\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def editor(self, words: str, *, below_header: bool) -> Path:
        """Return an editor that writes the words above what the program has put there, as everybody does."""
        (self.home / "words").write_text(words + "\n\n", encoding="utf-8")
        head = f'sed "/^-*$/q" "$1" > {self.home}/new' if below_header else f": > {self.home}/new"
        rest = 'sed "1,/^-*$/d" "$1"' if below_header else 'cat "$1"'
        return self.script(
            "editor",
            f'{head}\ncat {self.home}/words >> {self.home}/new\n{rest} >> {self.home}/new\ncp {self.home}/new "$1"',
        )

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), **LOCALE, **(more or {})}


def neomutt(account: Account, words: str) -> None:
    """Answer with neomutt: it draws on a terminal, reads IMAP and speaks SMTP itself."""
    binary = need("neomutt", "apt-get install neomutt")
    (account.home / "rc").write_text(
        f"""
set from = "{account.address}"
set realname = "{account.name}"
set use_envelope_from = yes
set folder = "imap://127.0.0.1:{account.dovecot.port}/"
set spoolfile = "+INBOX"
set imap_user = "{account.dovecot.user}"
set imap_pass = "{account.dovecot.password}"
set smtp_url = "smtp://127.0.0.1:{account.smtp.port}"
set ssl_starttls = no
set ssl_force_tls = no
set editor = "{account.editor(words, below_header=False)}"
set sendmail_wait = 0
set include = yes
set fast_reply = yes
set reply_to = yes
set recall = no
set copy = no
set confirmappend = no
set wait_key = no
set header_cache = ""
set quit = yes
set delete = no
push "<first-entry><reply>y<exit>"
""",
        encoding="utf-8",
    )
    account.run_in_terminal([binary, "-n", "-F", str(account.home / "rc")])


def s_nail(account: Account, words: str) -> None:
    """Answer with s-nail, the mailx of POSIX, words above the quotation: it reads IMAP and speaks SMTP itself."""
    _write_in_s_nail(account, f"{words}\n\n~m\n")


def s_nail_below(account: Account, words: str) -> None:
    """Answer with s-nail as it is set up to be: the words stand below the quotation."""
    _write_in_s_nail(account, words + "\n", "quote")


def _write_in_s_nail(account: Account, typed: str, *more: str) -> None:
    binary = need("s-nail", "apt-get install s-nail")
    settings = [
        "v15-compat=yes", f"from={account.name} <{account.address}>", f"mta=smtp://127.0.0.1:{account.smtp.port}",
        "smtp-auth=none", "imap-auth=login", "tls-verify=ignore", "mailcap-disable", "nosave", "reply-to-honour=yes",
        "indentprefix=> ", "editalong=no", *more,
    ]  # fmt: skip
    options = [part for setting in settings for part in ("-S", setting)]
    script = f"Reply 1\n{typed}~.\nxit\n"
    account.run([binary, "-#", "-:/", *options, "-f", f"{account.imap_url}/INBOX"], stdin=script)


def nmh(account: Account, words: str) -> None:
    """Answer with nmh, which takes letters out of the Maildir that Dovecot serves, and speaks SMTP itself."""
    repl = need("repl", "apt-get install nmh")
    home, folder = account.home, Path(repl).parent
    (home / ".mh_profile").write_text("Path: Mail\nMsg-Protect: 600\n", encoding="utf-8")
    (home / "Mail" / "inbox").mkdir(parents=True)
    account.run([str(folder / "inc"), "-file", str(account.dovecot.maildir), "-silent"])
    editor = account.editor(words, below_header=True)
    account.run([repl, "-format", "-nowhatnowproc", "1"])
    draft = home / "Mail" / "draft"
    account.run([str(editor), str(draft)])
    unsigned = [line for line in draft.read_text("utf-8").splitlines(keepends=True) if not line.startswith("From:")]
    draft.write_text("".join([f"From: {account.name} <{account.address}>\n", *unsigned]), encoding="utf-8")
    account.run([
        str(folder / "send"), "-mts", "smtp", "-server", "127.0.0.1", "-port", str(account.smtp.port), "-nosasl", "-notls", str(draft),
    ])  # fmt: skip


def gnus(account: Account, words: str) -> None:
    """Answer with Gnus in Emacs: it reads IMAP and speaks SMTP itself, and quotes below an attribution of its own."""
    binary = need("emacs", "apt-get install emacs-nox")
    (account.home / ".authinfo").write_text(
        f"machine 127.0.0.1 port {account.dovecot.port} login {account.dovecot.user} password {account.dovecot.password}\n",
        encoding="utf-8",
    )
    (account.home / "words").write_text(words + "\n\n", encoding="utf-8")
    (account.home / "answer.el").write_text(
        f"""
(setq user-full-name "{account.name}" user-mail-address "{account.address}"
      message-send-mail-function 'message-smtpmail-send-it send-mail-function 'smtpmail-send-it
      smtpmail-smtp-server "127.0.0.1" smtpmail-smtp-service {account.smtp.port} smtpmail-stream-type 'plain
      network-security-level 'low auth-sources '("~/.authinfo") message-confirm-send nil
      gnus-select-method '(nnimap "desk" (nnimap-address "127.0.0.1") (nnimap-server-port {account.dovecot.port})
                                  (nnimap-stream plain))
      gnus-novice-user nil gnus-interactive-exit nil gnus-large-newsgroup nil gnus-message-highlight-citation nil)
(require 'gnus)
(require 'nsm)
(fset 'nsm-verify-connection (lambda (process &rest _) process))  ; nobody is there to say that loopback is safe
(gnus)
(gnus-group-read-group t t "INBOX")
(gnus-summary-reply-with-original nil)
(message-goto-body)
(insert-file-contents "~/words")
(message-send-and-exit)
(kill-emacs 0)
""",
        encoding="utf-8",
    )
    account.run([binary, "-Q", "--batch", "-l", "answer.el"])


PROGRAMS: Mapping[str, Callable[[Account, str], None]] = {
    "neomutt": neomutt,
    "s-nail": s_nail,
    "nmh": nmh,
    "Gnus": gnus,
}
