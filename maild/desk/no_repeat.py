"""The one word with which an agent says that a letter was no repeat. Pure.

It is looked for only in an agent's reply to the notice of a repeat, and only as all that the agent wrote: words for a
customer that happen to hold it stay words for the customer.
"""

import re

_NO_REPEAT = re.compile(
    r"""\W*(?:
    (?:это\ )?не\ (?:повтор|дубл\w{1,4}|копия) | отменить\ (?:повтор|дубл\w{1,4}) | (?:це\ )?не\ (?:повтор|дубл\w{1,4}|копія) | скасувати\ (?:повтор|дубл\w{1,4})
    | (?:it\ is\ |this\ is\ |it's\ )?(?:no|not\ a)\ (?:repeat|duplicate|copy|resend) | undo(?:\ (?:repeat|duplicate))?
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)


def says_no_repeat(words: str | None) -> bool:
    """Whether an agent's new words are the word that undoes a repeat, and nothing else."""
    return words is not None and _NO_REPEAT.fullmatch(" ".join(words.split())) is not None
