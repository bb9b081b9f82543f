"""The lines that mail clients write above a quote to say whose it is: "12.11.2026 10:15, Anna wrote:". Pure.

Every client has an order of its own, and translators change it once more; what they share are the pieces. So a line
is read word by word: dates and numbers, the small words between them, an address, a verb of writing, and one name.
A word that is none of these is a person's, and then so is the line.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from maild.ingest.clients.quote import is_quoted

MAX_ATTRIBUTION = 300  # characters; a longer one is somebody's prose
MAX_LINES = 4  # over which clients wrap an attribution
MAX_NAME = 10  # words of a display name
_LONGEST_BARE_NAME = 4  # words of a name with nothing but a verb behind it


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """What an attribution is worth."""

    strong: bool  # unmistakable: what follows is a quote even without marks
    timed: bool  # nobody ends a letter with such a line


class _Kind(Enum):
    DATE = auto()  # begins with a digit
    WORD = auto()  # of a date, or between the pieces
    ADDRESS = auto()
    VERB = auto()
    YOU = auto()  # "you wrote:"
    NAME = auto()  # whatever is left


_VERBS = frozenset(
    """пишет писал писала написал написала писал(а) написал(а) пишете писали написали сообщает сообщил сообщила ответил(а) пише писав писала написав написала
    написав(ла) написав(-ла) пишуть писали wrote writes написа schrieb schreibt geschrieben écrit écrivait écrivit escribió escribio escribe escrito
    scritto scrive scrisse napisał napisała napisał(a) pisze napisał/a napisal escreveu escreve schreef geschreven schrijft skrev skriver skrevet
    kirjoitti napsal napsala napsal(a) napísal napísala napísal(a) írta ezt yazdı yazmış scris scrisa написа 写道 写道： 寫道 のメッセージ: цитирование цитування quoting zitat citando citation rašė rakstīja kirjutas napisao napisala napisao/la написао жазды піша напісаў напісала""".split()
)
_YOU = frozenset("""вы ви you du sie vous usted lei pan pani""".split())
# what stands before, between and behind the pieces, in lower case and without marks
_WORDS = frozenset(
    """в у о об от від из г р года року год часов час мск ч дня пользователь користувач on at by from of the has am pm a.m p.m uhr um gmt utc msk cet cest
    eet eest est edt cst cdt pst pdt bst ist jst z am den der dem hat von le à a les au il lo la el las los alle ore dia día del de di da em às as h hs
    horas kl klo kello op om heeft w dniu dnia o godz godzinie użytkownik pan pani dne v keltezéssel időpontban dátummal tarihinde saatinde şunu în data
    a-ja pe escribió на date st nd rd th lør ons tor fre lör sön søn man tir tis mån
    ha giorno ezt időpont mez mesz письме письмо письма листі лист своём своем своєму sua tua пользователя via je је dňa dana пользователем u""".split()
)
_MONTHS_AND_DAYS = frozenset(
    """январь января янв февраль февраля фев февр март марта мар апрель апреля апр май мая июнь июня июн июль июля июл август августа авг сентябрь сентября
    сен сент октябрь октября окт ноябрь ноября ноя нояб декабрь декабря дек понедельник вторник среда среду четверг пятница пятницу суббота субботу
    воскресенье пн вт ср чт пт сб вс січень січня січ лютий лютого лют березень березня бер квітень квітня квіт кві травень травня трав тра червень червня
    черв чер липень липня лип серпень серпня серп сер вересень вересня вер жовтень жовтня жовт жов листопад листопада лист лис грудень грудня груд гру
    понеділок вівторок середа середу четвер п'ятниця п’ятниця п'ятницю п’ятницю субота суботу неділя неділю нд january jan february feb march mar april
    apr may june jun july jul august aug september sep sept october oct november nov december dec monday mon tuesday tue tues wednesday wed thursday thu
    thur thurs friday fri saturday sat sunday sun januar jänner februar märz mär mrz mai juni juli oktober okt dezember dez montag mo dienstag di mittwoch
    mi donnerstag do freitag fr samstag sonnabend sa sonntag so janvier janv février févr fév mars avril avr juin juillet juil août septembre octobre
    novembre décembre déc lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim enero ene febrero marzo abril abr mayo junio julio
    agosto ago septiembre octubre noviembre diciembre dic lunes martes miércoles mié jueves jue viernes vie sábado sáb sab domingo dom gennaio gen
    febbraio aprile maggio mag giugno giu luglio lug settembre set ottobre ott dicembre lunedì martedì mercoledì giovedì gio venerdì sabato domenica
    stycznia sty lutego lut marca kwietnia kwi maja czerwca cze lipca lip sierpnia sie września wrz października paź listopada lis grudnia gru
    poniedziałek pon wtorek wt środa śr czwartek czw piątek pt sobota sob niedziela niedz janeiro fevereiro fev março maio junho julho setembro outubro
    out novembro dezembro segunda-feira seg terça-feira ter quarta-feira qua quinta-feira qui sexta-feira sex januari februari maart mrt mei augustus
    maandag ma dinsdag woensdag wo woe donderdag don vrijdag vr vrij zaterdag za zondag zo desember desember juni mandag man tirsdag tir tirs onsdag ons
    torsdag tor tors fredag fre lørdag lør søndag søn måndag mån tisdag tis torsdag fredag lördag lör söndag sön augusti maj maanantai ti tiistai ke
    keskiviikko to torstai pe perjantai la lauantai su sunnuntai ledna února března dubna května června července srpna září října prosince po út st čt pá
    ne pondělí úterý středa čtvrtek pátek neděle január február március ápr április május június július augusztus szept szeptember október dec ocak şubat
    nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pzt sal çar per cum cmt paz
    tammik helmik maalisk huhtik toukok kesäk heinäk elok syysk lokak marrask jouluk h k sze cs p szo v
    oca şub nis haz tem ağu eyl eki kas ara št ut str štv pi pia čet uto sri sub ned sij velj ožu tra svi srp kol ruj stu pro""".split()
)
_FINNISH_MONTH = re.compile(r"\w{3,8}kuuta")
# a "programme wrote:" whose output a person quotes is no correspondent
_THINGS = frozenset(
    """программа система сервер сайт принтер приложение бот банк касса терминал браузер антивирус консоль лог журнал отчёт отчет программка он она оно они я
    мы кто это там тут вот так что потом теперь далее также мне нам ему ей им вам програма система сервер сайт принтер застосунок він вона вони вони хто
    це я ми it he she they i we who this that what system server program app printer console log er sie es wir ich system il elle""".split()
)
_LEVELS = frozenset("TRACE DEBUG INFO NOTICE WARN WARNING ERROR FATAL CRITICAL ERR".split())  # of a log's lines
_TOKEN = re.compile(r'"[^"\n]{0,120}"|«[^»\n]{0,120}»|[^\s,;]+,?')
_BRACKETED = re.compile(r"[<(\[]\s?(?:mailto:)?\s?[^\s<>()\[\]]+@")
_EDGE = "\"'«»“”„‘’()[]<>*_.,;:–—-\uff1a"
_TIME = re.compile(r"\b\d{1,2}(?::\d{2}|[.hH]\d{2}(?![.\d]))")
_SECONDS = re.compile(r"\b\d{1,2}:\d{2}:\d{2}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d")
_ENDS = frozenset(":\uff1a")
_GROUPWISE = re.compile(r">>>\s{1,4}(?=[^\n]{0,120}(?:@|\d[:.]\d))[^\n>]{3,120}(?:>[^\n>]{0,60})?>>>")


def find_attribution(lines: list[str], last: int) -> tuple[int, Attribution] | None:
    """Return the first line of the attribution that ends with line `last`, and the attribution; None where none ends.

    `lines` come from `quote.clean`. Takes no more than a few hundred characters into account.
    """
    line = lines[last].strip()
    if len(line) > MAX_ATTRIBUTION or not may_end(line):
        return None
    if line[-1] not in ":\uff1a->" and not any(
        "@" in above for above in lines[max(0, last - MAX_LINES + 1) : last + 1]
    ):
        return None
    if line.startswith(">>>"):
        return (last, Attribution(strong=True, timed=True)) if _GROUPWISE.fullmatch(line) else None
    found: tuple[int, Attribution] | None = None
    joined, wants_more = "", True
    for first in range(last, max(-1, last - MAX_LINES), -1):
        line = lines[first].strip()
        if (
            not line
            or is_quoted(line)
            or len(line) + len(joined) > MAX_ATTRIBUTION
            or (joined and line.endswith((":", "!", "?")))
        ):
            break
        added, joined = line, f"{line} {joined}".rstrip()
        kinds = _kinds(joined)
        if found is not None and not (wants_more or _begins_a_date(added)):
            break  # a whole attribution stands below already, and this line is the person's
        read = _read(joined, kinds)
        if read is not None:
            found = (first, read)
            wants_more = kinds[0][0] in (_Kind.ADDRESS, _Kind.VERB)
    return found


def may_end(line: str) -> bool:
    """Whether an attribution may end with a line: cheap, and wrong only by saying yes."""
    line = line[-60:].rstrip()
    return (
        line[-1:] in _ENDS or line[-3:] in (" --", ">>>", "---") or line.rpartition(" ")[2].rpartition(">")[2] in _VERBS
    )


def _begins_a_date(line: str) -> bool:
    match = _TOKEN.search(line)
    return match is not None and _kind(match[0]) in (_Kind.DATE, _Kind.WORD)


def _kinds(text: str) -> list[tuple[_Kind, str]]:
    """Return the words of a line with what each may be; marks of punctuation are left out."""
    found = []
    for match in _TOKEN.finditer(text.replace(">", "> ")):
        kind = _kind(match[0])
        if kind is not None:
            found.append((kind, match[0]))
    return found


def _kind(token: str) -> _Kind | None:
    if "@" in token:
        return _Kind.ADDRESS
    word = token.strip(_EDGE)
    if not word:
        return None
    folded = word.casefold()
    if token[0] in '"«':
        return _Kind.NAME
    if folded in _VERBS or token.casefold().rstrip(":,.") in _VERBS:
        return _Kind.VERB
    if folded.endswith("写道"):
        return _Kind.VERB
    if folded[0].isdigit() or folded[0] == "于" or (folded[0] == "+" and folded[1:2].isdigit()):
        return _Kind.DATE
    if folded in _WORDS or folded.startswith(("gmt", "utc")):
        return _Kind.WORD
    if folded in _YOU:
        return _Kind.YOU
    if folded in _MONTHS_AND_DAYS or _FINNISH_MONTH.fullmatch(folded):
        return _Kind.WORD
    return _Kind.NAME


def _read(text: str, kinds: list[tuple[_Kind, str]]) -> Attribution | None:
    """Return what an attribution of these words is worth; None where one of them is a person's own."""
    present = {kind for kind, _ in kinds}
    address, verb, date = (_Kind.ADDRESS in present, _Kind.VERB in present, _Kind.DATE in present)
    if not (address or verb) or not (date or verb):
        return None
    if not text.endswith((":", "\uff1a", "-")) and not (address and date and kinds[-1][0] is _Kind.VERB):
        return None  # without a colon only the longest kind is sure
    name = _name(kinds)
    if name is None or (verb and not _verb_stands_right(kinds)):
        return None
    timed = _TIME.search(text) is not None
    bracketed = _BRACKETED.search(text) is not None
    foreign = [word for word in name if word.lstrip(_EDGE)[:1].islower() and word[0] not in '"«']
    if any(word.strip(_EDGE) in _LEVELS for word in name) or any(_says_more(kind, word) for kind, word in kinds[:-1]):
        return None
    if address:
        if not verb and not bracketed and len(kinds) > 1 and not _is_led_to(kinds):
            return None
        if not verb and not timed and not (bracketed and not foreign):
            return None  # "12.11.2026 sent to anna@client.example:"
        if foreign and not (bracketed and (verb or _is_set_off(kinds))):
            return None
        return Attribution(strong=date or text.startswith("--"), timed=timed)
    if foreign and not (len(name) == 1 and timed and _is_set_off(kinds)):
        return None
    if any(word.strip(_EDGE).casefold() in _THINGS for word in name):
        return None
    if not name and not (_Kind.YOU in present and date):
        return None
    if name and not date and (len(name) > _LONGEST_BARE_NAME or kinds[0][0] is _Kind.VERB):
        return None
    days = any(word.strip(_EDGE).casefold() in _MONTHS_AND_DAYS for kind, word in kinds if kind is _Kind.WORD)
    exact = _SECONDS.search(text) is not None or (days and timed and _YEAR.search(text) is not None)
    return Attribution(strong=date and (exact or (timed and text.startswith("--"))), timed=date and timed)


def _name(kinds: list[tuple[_Kind, str]]) -> list[str] | None:
    """Return the words of the one name, which may be none; None where other words stand about as well."""
    name: list[str] = []
    ended = False
    for kind, word in kinds:
        if kind is _Kind.NAME:
            if ended or len(name) == MAX_NAME:
                return None
            name.append(word)
        elif name and kind is not _Kind.WORD:
            ended = True
    return name


def _verb_stands_right(kinds: list[tuple[_Kind, str]]) -> bool:
    """Whether the verb is the last word, or only the writer's name and address or a date stand behind it."""
    at = max(n for n, (kind, _) in enumerate(kinds) if kind is _Kind.VERB)
    if at == 0 and kinds[-1][0] is _Kind.ADDRESS:
        return True  # "Quoting Anna <anna@client.example>:"
    behind = {kind for kind, _ in kinds[at + 1 :]}
    dated = any(kind is _Kind.DATE for kind, _ in kinds[:at])
    return dated or _Kind.NAME not in behind  # but for "Ivan wrote so:"


def _says_more(kind: _Kind, word: str) -> bool:
    """Whether a colon stands inside the line, as in a server's "<anna@client.example>: host said: 550"."""
    return word.endswith((":", "\uff1a")) and kind is not _Kind.WORD


def _is_led_to(kinds: list[tuple[_Kind, str]]) -> bool:
    """Whether a comma or "from" stands before the name and address."""
    at = next(n for n, (kind, _) in enumerate(kinds) if kind in (_Kind.NAME, _Kind.ADDRESS))
    return at == 0 or kinds[at - 1][1].endswith(",") or kinds[at - 1][0] is _Kind.WORD


def _is_set_off(kinds: list[tuple[_Kind, str]]) -> bool:
    """Whether the name begins behind a comma or a small word, or in quotation marks, as clients set it."""
    at = next((n for n, (kind, _) in enumerate(kinds) if kind is _Kind.NAME), 0)
    return at == 0 or kinds[at - 1][1].endswith(",") or kinds[at - 1][0] is not _Kind.DATE
