"""Letters signed or encrypted with OpenPGP inside their text (RFC 4880 §7). Imports nothing of ours.

No signature is checked: that it is there says nothing about who wrote the letter. Armour is taken off only where it is
whole, so that no words are lost.
"""

from itertools import islice

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
END = "-----END PGP SIGNATURE-----"
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"

MAX_HEADERS = 10  # armour header lines ("Hash: SHA512") before the signed words


def read_through(text: str) -> str:
    """Return the text with its cleartext signatures taken off and "- " escapes undone; anything else as it is."""
    if SIGNED not in text or END not in text:
        return text
    lines = text.split("\n")
    ends = iter([at for at, line in enumerate(lines) if line.rstrip() == END])
    begins = iter([at for at, line in enumerate(lines) if line.rstrip() == SIGNATURE])
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if lines[at].rstrip() != SIGNED:
            kept.append(lines[at])
            at += 1
            continue
        signature = next((begin for begin in begins if begin > at), None)
        end = next((end for end in ends if signature is not None and end > signature), None)
        words = next(
            (row + 1 for row, line in islice(enumerate(lines), at + 1, at + MAX_HEADERS) if not line.strip()), None
        )
        if signature is None or end is None or words is None:
            kept += lines[at:]
            break
        kept += (line.removeprefix("- ") for line in lines[words:signature])
        at = end + 1
    return "\n".join(kept)


def is_encrypted(text: str) -> bool:
    """Whether the text is an OpenPGP message that only the recipient's key opens."""
    return text.lstrip().startswith(ENCRYPTED)
