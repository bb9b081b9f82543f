"""Self-signed certificates for servers on loopback, made with the openssl program. Imports nothing of ours but `need`."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.need import need


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate, which is its own authority, and its key: two PEM files."""

    cert: Path  # give it to the server, and to the client as `ca_file`
    key: Path


def make_certificate(directory: Path, *, expired: bool = False, name: str = "localhost") -> Certificate:
    """Make a certificate for the host `name` and for 127.0.0.1, valid for a day; `expired`: until some day in 2020."""
    openssl = need("openssl", "apt-get install openssl")
    stem = f"{name}-expired" if expired else name
    made = Certificate(cert=directory / f"{stem}.pem", key=directory / f"{stem}.key")
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(made.key)]
    _run([openssl, "req", "-x509", *key, *subject, "-days", "1", "-out", str(made.cert)])
    if expired:
        _expire(openssl, directory, made)
    return made


def _expire(openssl: str, directory: Path, made: Certificate) -> None:
    """Sign the certificate again with dates in the past; of openssl's programs only `ca` takes both dates."""
    conf, request, index = directory / "ca.cnf", directory / "expired.csr", directory / "index.txt"
    index.write_text("")
    conf.write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={index}\nnew_certs_dir={directory}\nrand_serial=yes\n"
        "default_md=sha256\npolicy=any\ncopy_extensions=copy\n[any]\ncommonName=supplied\n"
        "[req]\ndistinguished_name=dn\n[dn]\n"
    )
    convert = ["x509", "-x509toreq", "-copy_extensions", "copyall", "-signkey", str(made.key)]
    _run([openssl, *convert, "-in", str(made.cert), "-out", str(request)])
    dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]
    sign = ["ca", "-batch", "-selfsign", "-notext", "-config", str(conf), "-keyfile", str(made.key)]
    _run([openssl, *sign, *dates, "-in", str(request), "-out", str(made.cert)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)} said:\n{done.stderr}"
