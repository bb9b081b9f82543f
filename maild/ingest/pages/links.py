"""Where a link leads, for those who read its words only. Pure."""

from urllib.parse import unquote

_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp"})


def leads_elsewhere(words: str, target: str) -> bool:
    """Whether a link's target tells more than its words do, and leads to where a reader can go."""
    scheme, _, rest = target.partition(":")
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        return False
    if scheme == "tel":
        return "".join(filter(str.isdigit, rest)) not in "".join(filter(str.isdigit, words))
    bare = rest.partition("?")[0] if scheme == "mailto" else rest.removeprefix("//")
    bare = unquote(bare).casefold().rstrip("/").removeprefix("www.")
    words = words.casefold()
    if not bare or bare in unquote(words):
        return False
    # a counted or "safe" link shows where it leads and holds that in its query
    shown = words.partition("://")[2].rstrip("/") if words.startswith(("http://", "https://")) else ""
    return not (shown and shown in unquote(unquote(bare)))
