"""Whether a request has what a support desk needs: steps, a screenshot, a version, a contact (C22). Pure.

What is wrongly found costs a question that an agent has to ask; what is wrongly missed makes maild ask for what is there.
The tests count both.
"""

from collections.abc import Sequence

from maild.desk.evidence.contact import find_contact
from maild.desk.evidence.screenshot import find_screenshot
from maild.desk.evidence.steps import find_steps
from maild.desk.evidence.version import find_version
from maild.desk.files import SeenFile
from maild.wording.asking import ASKED

KNOWN = ASKED  # "steps", "screenshot", "version", "contact"

_FIND = {"steps": find_steps, "version": find_version, "contact": find_contact}


def has(item: str, subject: str, text: str, files: Sequence[SeenFile] = ()) -> str | None:
    """Return the evidence that a request has the item, in one line, or None; None for an item that maild does not know.

    `text` is what the author says anew. Their address in From is no contact besides. Never raises; linear in the text.
    """
    words = f"{subject}\n{text}"
    if item == "screenshot":
        return find_screenshot(words, files)
    find = _FIND.get(item)
    return find(words) if find else None
