"""The signature below the words of a letter: below a delimiter, below a closing, or a name behind a dash. Pure.

Each finder looks at the end of the lines that it is given, and hides what is plainly not written for this letter. A
closing and a name that a person types stay; a block that tells a telephone, an office or a company is a signature.
"""

import re

from maild.ingest.clients.contact import EMPHASIS, is_name, is_prose, judge
from maild.ingest.clients.quote import is_delimiter

SIGNATURE = "-- "  # RFC 3676 §4.3: the line that mail clients put above a signature
SIGNATURE_LINES = 40  # below the delimiter; what is longer is no signature
BLOCK_LINES = 14  # of a signature below a closing, or below a dash that a person may have typed
_BRIEF = re.compile(r"[^\W\d_]{2,20}")  # "rick"
_CLOSING = re.compile(
    r"""[ \t*_]{0,4}(?:(?:с|c)\ (?:(?:глубоким|большим|искренним|неизменным)\ )?уважением(?:\ и\ (?:наилучшими\ пожеланиями|благодарностью))?|с\ (?:наилучшими\ )?пожеланиями|с\ почтением
    |с\ (?:благодарностью|признательностью)|искренне\ ваш[аи]?|з\ (?:глибокою\ )?повагою|з\ найкращими\ побажаннями|з\ вдячністю
    |(?:thanks\ (?:and|&)\ )?(?:(?:best|kind|kindest|warm|warmest|with\ best|with\ kind|many)\ )?regards|sincerely(?:\ yours)?|yours\ (?:sincerely|faithfully|truly)|best\ wishes|respectfully
    |(?:mit\ )?(?:freundliche[nm]?|besten?|vielen?|lieben?|herzliche[nm]?)\ gr(?:ü|ue)(?:ß|ss)en?|mit\ freundlichem\ gru(?:ß|ss)|hochachtungsvoll|mfg
    |(?:bien\ )?cordialement|(?:bien\ )?à\ vous|sincères\ salutations|salutations\ distinguées|meilleures\ salutations
    |(?:un\ )?(?:cordial\ )?saludos?(?:\ cordial(?:es)?)?|atentamente|atte|cordiali\ saluti|distinti\ saluti|(?:un\ )?saluti|cordialmente
    |(?:z\ poważaniem|pozdrawiam(?:\ serdecznie)?|(?:serdecznie\ )?pozdrawiam|z\ wyrazami\ szacunku)|atenciosamente|(?:com\ os\ )?melhores\ cumprimentos|cumprimentos
    |(?:met\ )?(?:vriendelijke|hartelijke)\ groet(?:en)?|mvg|(?:med\ )?(?:vänlig(?:a)?|bästa|venlig|vennlig|bedste|beste)\ häls?n?i?n?g(?:ar)?|(?:med\ )?(?:venlig|vennlig)\ hilsen|mvh
    |ystävällisin\ terveisin|terveisin|s\ pozdravem|s\ úctou|üdvözlettel|tisztelettel|saygılarımla|cu\ stimă|с\ уважение)[ \t]*[,.!–—-]{0,2}""",
    re.IGNORECASE | re.VERBOSE,
)
_DASHED_NAME = re.compile(r"[-–—/~]{1,2}[ ]?([^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30}){1,3})")


def find_delimited(lines: list[str], end: int) -> int | None:
    """Return where the signature that ends before `end` begins with its delimiter, or None.

    Below "-- ", which only clients write, everything but prose is the signature; below a dash of another kind each line
    must be one of a signature.
    """
    for at in range(end - 1, max(-1, end - SIGNATURE_LINES), -1):
        line = lines[at]
        if line == SIGNATURE:
            return at if not any(map(is_prose, _paragraphs(lines[at + 1 : end])[1:])) else None
        if is_delimiter(line) and end - at <= BLOCK_LINES:
            return at if _is_block(lines[at + 1 : end], brief=len(line.strip()) <= 2) else None
    return None


def _is_block(lines: list[str], *, brief: bool) -> bool:
    """Whether these lines are those of a signature, each of them; `brief`: they may be no more than "rick"."""
    written = [line for line in lines if line.strip()]
    if not written:
        return False
    if len(written) == 1:
        return bool(
            brief and lines[0].strip() and (_BRIEF.fullmatch(written[0].strip()) or judge(written[0]) is not None)
        )
    return all(judge(line) is not None or find_closing_line(line) is not None for line in written)


def _paragraphs(lines: list[str]) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n[ \t]*\n", "\n".join(lines))]


def find_closing_line(line: str) -> str | None:
    """Return what stands behind the closing that a line begins with (may be empty), or None where none does."""
    match = _CLOSING.match(line[:300])
    if match is None or line[match.end() : match.end() + 1].isalnum():
        return None
    return line[match.end() :].strip(EMPHASIS)


def find_closing(lines: list[str], end: int) -> int | None:
    """Return where a closing with the writer's name and office, telephone or company begins that ends before `end`.

    None where another line stands among them, and where nothing but a name was signed: that a person types themselves.
    """
    told = False
    for at in range(end - 1, max(-1, end - BLOCK_LINES), -1):
        line = lines[at]
        rest = find_closing_line(line)
        if rest is not None:
            judged = judge(rest) if rest else False
            return at if judged is not None and (told or judged) else None
        if line.strip():
            judged = judge(line)
            if judged is None:
                return None
            told = told or judged
    return None


def find_dashed_name(lines: list[str], end: int) -> int | None:
    """Return the line "-Anna Petrova" that signs a letter by itself, or None: a list is no signature."""
    match = _DASHED_NAME.fullmatch(lines[end - 1].strip()) if end else None
    if match is None or not is_name(match[1]) or (end > 1 and lines[end - 2].strip()):
        return None
    above = next((line for line in reversed(lines[: end - 1][-20:]) if line.strip()), "")
    dashed = sum(line.lstrip().startswith(("-", "–", "—", "*", "•")) for line in lines[max(0, end - 20) : end])
    return None if dashed > 1 or not above or above.rstrip().endswith(":") else end - 1
