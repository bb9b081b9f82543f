"""The persons and organisations that a part of a letter names as those who speak. Pure."""

import re
from collections.abc import Iterator

from maild.contracts.clue import Clue
from maild.contracts.keys import Evidence, name_keys, organization_key
from maild.contracts.prose import Region

_PERSON_WORDS = ("ответственн", "уповноважен", "відповідальн", "уполномоченн", "контактное лицо", "контактна особа", "responsible", "authorized", "authorised")  # fmt: skip
_CAPITALISED = r"[^\W\d_a-zа-яёіїєґ][^\W\d_'’ʼ]{1,30}(?:[-'’ʼ][^\W\d_'’ʼ]{1,30}){0,2}"
_INITIAL = r"[^\W\d_a-zа-яёіїєґ]\."
_NAME = re.compile(
    rf"{_CAPITALISED}[ ]{{1,3}}{_INITIAL}(?:[ ]?{_INITIAL})?|{_INITIAL}[ ]?(?:{_INITIAL}[ ]?)?{_CAPITALISED}"
    rf"|{_CAPITALISED}[ ]{{1,3}}{_CAPITALISED}(?:[ ]{{1,3}}{_CAPITALISED})?"
)
_ROLE = re.compile(r"[^\W\d_]{0,10}[\s:–—-]{0,5}(?:(?:технический |за )?(?:специалист|сотрудник|лицо|особа|особи|фахівець|працівник|person|specialist|employee|contact|поддержку)[^\W\d_]{0,3})?[\s:,(–—-]{0,5}")  # fmt: skip
_FAREWELL = re.compile(r"(?:с|з|с наилучшими|with|best|kind|warm)?[ ]?(?:уважением|повагою|пожеланиями|regards|wishes|sincerely|yours)[ ,.!–—-]{0,5}", re.IGNORECASE)  # fmt: skip
_EDGE = " \t*_>-–—~/,.;:!|"
_BEHIND = " \t*_>,;:!|"


def find_people(region: Region) -> Iterator[Clue]:
    """Yield the persons whom a letter names as those who speak: by their office, or alone on a line, as people sign."""
    for end in region.find(_PERSON_WORDS):
        role = _ROLE.match(region.lower, end)
        match = _NAME.match(region.text, role.end() if role else end)
        if match:
            yield from find_person(region.place, match[0])
    for line in region.lines():
        text = line.lstrip(_EDGE + "#").rstrip(_BEHIND)
        farewell = _FAREWELL.match(text)
        text = (text[farewell.end() :] if farewell else text).partition(",")[0].strip(_BEHIND)
        if _NAME.fullmatch(text) or _NAME.fullmatch(text.rstrip(".")):
            yield from find_person(region.place, text)


def find_person(place: str, name: str) -> Iterator[Clue]:
    """Yield the clue that a person's name is, none where it is less than a surname and an initial."""
    if keys := name_keys(name):
        yield Clue(kind=Evidence.SPECIALIST, keys=keys, place=place, shown=name)


_ORGANIZATION_LINE = re.compile(
    r"(?:наша |ваша )?(?:название |наименование |назва )?(?:организаци[яи]|компани[яи]|предприятие|учреждение|організаці[яї]|компані[яї]|підприємство|company(?: name)?|organi[sz]ation)[ \t]*[:=|\t–—-][ \t|]*(.{2,150})",
    re.IGNORECASE,
)


def find_organizations(region: Region) -> Iterator[Clue]:
    """Yield what a form's field, or a line like one, calls the organisation."""
    for line in region.lines():
        match = _ORGANIZATION_LINE.match(line.strip(_EDGE + "#"))
        if match and (key := organization_key(match[1])):
            yield Clue(kind=Evidence.ORGANIZATION, keys=(key,), place=region.place, shown=match[1].strip()[:100])
