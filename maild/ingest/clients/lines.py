"""The words that mail clients write around other people's letters, in the languages of our users. Imports nothing of ours.

Data, and the recognisers of single lines; what a line means in its letter is decided by `reply` and `forward`.
Sources: the clients' own output, and the message catalogues of Thunderbird, K-9, Roundcube, Zimbra and Horde.
"""

import re
from enum import StrEnum
from typing import Literal

MAX_LABEL = 24  # characters of the longest label below, its marks of emphasis counted


class Field(StrEnum):
    """The header fields that clients repeat above a letter they quote or forward."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    DATE = "date"
    SUBJECT = "subject"
    REPLY_TO = "reply-to"
    OTHER = "other"  # importance, attachments: they belong to the block and tell us nothing


# Russian, Ukrainian, English; German, French, Spanish, Italian, Polish; Portuguese, Dutch, the Nordic languages, Czech,
# Hungarian, Turkish, Romanian, Bulgarian, Chinese, Japanese
_LABELS = {
    Field.FROM: """от|от кого|отправитель|від|від кого|відправник|from|sender|von|absender|de|de la part de|expéditeur
        |remitente|da|mittente|od|nadawca|remetente|van|afzender|fra|från|avsändare|lähettäjä|odesílatel|feladó|kimden|gönderen
        |de la|ot|expeditorul|expeditor|šalje|saatja|odosielateľ|avsender|发件人|寄件者|差出人|送信者""",
    Field.TO: """кому|получатель|получатели|адресат|одержувач|до|to|recipient|recipients|an|empfänger|à|a|destinataire|destinataires|pour
        |para|destinatario|destinatari|do|adresat|aan|til|till|mottagare|vastaanottaja|komu|címzett|kime|alıcı|către|до кого|destinatarul|prima|pre|收件人|收件者|宛先""",
    Field.CC: "копия|копии|копія|cc|copie|copie à|kopie|copia|con copia|cópia|kopia|dw|do wiadomości|kopi|kopio|másolat|bilgi|bcc|скрытая копия|抄送|副本",
    Field.DATE: """дата|отправлено|дата отправки|послано|надіслано|відправлено|дата відправлення|date|sent|received|gesendet|datum|envoyé|envoyé le
        |date d'envoi|enviado|enviado el|enviada em|fecha|inviato|data|wysłano|wysłane|data wysłania|verzonden|sendt|skickat|skickades|lähetetty|odesláno|elküldve
        |küldve|dátum|tarih|gönderildi|trimis|изпратено|время|когда|message du
        |发送时间|日期|寄件日期|送信日時|日時""",
    Field.SUBJECT: "тема|тема письма|тема листа|предмет|subject|betreff|objet|sujet|asunto|oggetto|temat|assunto|onderwerp|emne|ämne|aihe|předmět|tárgy|konu|subiect|subiectul|predmet|naslov|teema|относно|主题|主旨|件名",
    Field.REPLY_TO: """reply-to|reply to|ответить|ответ-кому|ответ кому|кому ответить|обратный адрес|адрес для ответа|відповісти|antwort an|antworten an|répondre à|responder a|rispondi a
        |odpowiedz do""",
    Field.OTHER: """важность|приоритет|вложения|вложение|организация|файлы|files|файли|прикрепленные файлы|прикреплённые файлы|важливість|вкладення|importance|priority|attachments|attachment
        |organization|wichtigkeit|priorität|anlagen|organisation|importance|pièces jointes|importancia|datos adjuntos|priorità|allegati
        |ważność|załączniki|message-id|sensitivity|categories""",
}
_FIELD_OF = {
    label.strip(): name for name, labels in reversed(_LABELS.items()) for label in labels.replace("\n", "").split("|")
}
# "От:", "*От:*", "**From**:", "À :", "-From:"; Chinese clients write a wide colon
_FIELD_LINE = re.compile(
    rf"[ \t*_-]{{0,8}}([^\W\d_][^:\uff1a\n<>@]{{0,{MAX_LABEL}}}?)[ \t*_\xa0]{{0,3}}[:\uff1a][*_]{{0,2}}(.*)", re.DOTALL
)


def find_field(line: str) -> tuple[Field, str] | None:
    """Return the field that a line of a quoted header shows, and its value (may be empty); None for any other line."""
    match = _FIELD_LINE.match(line[:2000])
    field = _FIELD_OF.get(" ".join(match[1].split()).casefold()) if match else None
    return (field, match[2].strip(" \t\xa0*")) if match and field else None


_DASHES = r"[ \t]*+[-_=–—]{2,40}+[ \t]*+"  # possessive: a rule of dashes is no puzzle
_FORWARD_LINE = re.compile(
    rf"""(?:
    {_DASHES}(?:
        forwarded\ (?:message|mail|letter|by\b.{{0,80}})|(?:start\ of\ )?forwarded\ message(?:\ from\b.{{0,140}})?
        |пересла(?:но:?|л|ла|л\(а\))\ .{{0,80}}|(?:weitergeleitet\ von|réacheminé\ par|transféré\ par|inoltrato\ da|reenviado\ por|przekazane\ przez)\b.{{0,80}}
        |пересылаемое\ сообщение\ от\ .{{0,140}}
        |(?:начало\ )?(?:пере[сш]л\w{{1,6}}|пересыла\w{{1,6}}|переадресован\w{{1,4}}|перенаправлен\w{{1,4}})\ (?:сообщени[ея]|письм[оа]|повідомлення|лист)
        |(?:переслане|переадресоване|перенаправлене)\ повідомлення|переслано|переслане\ письмо
        |weitergeleitete\ (?:nachricht|e-?mail|mail)|message\ (?:transféré|transmis|réexpédié|renvoyé)|mensaje\ reenviado|messaggio\ inoltrato
        |(?:wiadomość\ przekazana|przekazana\ wiadomość|treść\ przekazanej\ wiadomości)|mensagem\ (?:encaminhada|reencaminhada)|doorgestuurd\ bericht
        |vidarebefordrat\ (?:meddelande|brev)|videresendt\ (?:melding|meddelelse|besked)|välitetty\ viesti|přeposlaná\ zpráva|továbbított\ üzenet
        |iletilen\ (?:mesaj|ileti)|iletilmiş\ mesaj|yönlendirilen\ ileti|препратено\ съобщение
        |edelleenlähetetty\ viesti|välitetty\ viesti\ /\ fwd\.msg|mesaj\ redirecționat|proslijeđena\ poruka|preposlaná\ správa(?:\ ---\ forwarded\ message)?
    )[ \t]*[-_=–—]{{0,40}}
    | (?:[ \t]*(?:begin\ forwarded\ message|начало\ (?:переадресованного|пересылаемого|пересланного)\ сообщения|початок\ (?:переадресованого|пересланого)\ повідомлення
        |anfang\ der\ weitergeleiteten\ (?:nachricht|e-?mail)|début\ du\ message\ (?:réexpédié|transféré)|inizio\ (?:del\ )?messaggio\ inoltrato
        |inicio\ del\ mensaje\ reenviado|początek\ przekazywanej\ wiadomości|início\ da\ mensagem\ (?:encaminhada|reencaminhada)
        |пересылаемое\ сообщение|пересланное\ сообщение|переадресованное\ сообщение|forwarded\ message
        |початок\ листа,\ що\ пересилається|začátek\ přeposílané\ zprávy|start\ på\ videresendt\ besked|välitetty\ viesti\ alkaa|započni\ proslijeđenu\ poruku
        |továbbított\ levél\ kezdete|begin\ doorgestuurd\ bericht|videresendt\ melding|începe\ mesajul\ redirecționat|začiatok\ preposlanej\ správy
        |vidarebefordrat\ mejl|i̇leti\ başlangıcı|ileti\ başlangıcı)[ \t]*:)
    | [ \t]*(?:это\ пересылаемое\ сообщение|це\ переслане\ повідомлення|це\ повідомлення,\ що\ пересилається|this\ is\ a\ forwarded\ message)[ \t]*
    )[ \t]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_ORIGINAL_LINE = re.compile(
    rf"""{_DASHES}[ \t]*(?:
        original\ (?:message|e-?mail|appointment)|(?:исходное|оригинальное|первоначальное|начальное)\ (?:сообщение|письмо)|конец\ исходного\ сообщения
        |(?:оригінальне|вихідне|початкове|первинне)\ (?:повідомлення|лист)|ursprüngliche\ (?:nachricht|e-?mail|mail)|original-?nachricht
        |message\ (?:d'origine|d’origine|original|initial)|mensaje\ original|messaggio\ originale|(?:wiadomość\ oryginalna|oryginalna\ wiadomość|wiadomość\ pierwotna)
        |mensagem\ original|oorspronkelijk\ bericht|originele\ bericht|ursprungligt\ meddelande|originalmeddelande|opprinnelig\ melding|oprindelig\ (?:meddelelse|besked)
        |alkuperäinen\ viesti|původní\ (?:zpráva|e-?mail)|eredeti\ üzenet|(?:özgün|orijinal)\ (?:ileti|mesaj)|исходно\ съобщение
        |reply\ message|ответ\ на\ сообщение|reply\ above\ this\ line
    )[ \t]*[-_=–—]{{2,40}}[ \t]*$""",
    re.IGNORECASE | re.VERBOSE,
)


def is_forward_line(line: str) -> bool:
    """Whether a client wrote the line above a letter that it forwards."""
    return len(line) <= 200 and _FORWARD_LINE.match(line) is not None


_END_LINE = re.compile(
    r"""[ \t]*+[-_=–—*8<>]{2,40}+[ \t]*+(?:(?:end|ende|fin|fine|koniec)\b|конец\b|завершение\b|окончание\b|кінець\b)[ \t]*
    (?:of|der|du|del|des|de)?[ \t]*(?:the[ \t])?\w{0,20}[ \t]*\w{0,20}[ \t]*\w{0,20}[ \t]*[-_=–—*8<>]{2,40}[ \t]*$""",
    re.IGNORECASE | re.VERBOSE,
)
# The Bat! cuts out what it forwards; "8<" is a pair of scissors
_SCISSORS = re.compile(r"[ \t]*={2,}8<={2,}[^=\n]{0,60}={2,}[ \t]*$")


def is_end_line(line: str) -> bool:
    """Whether a client wrote the line below a letter that it forwards."""
    return len(line) <= 200 and _END_LINE.match(line) is not None


def is_scissors(line: str) -> bool:
    """Whether a client wrote the line between the header and the words of a letter that it forwards."""
    return len(line) <= 200 and _SCISSORS.match(line) is not None and not is_end_line(line)


def is_original_line(line: str) -> bool:
    """Whether a client wrote the line above the letter that is being answered."""
    return len(line) <= 200 and _ORIGINAL_LINE.match(line) is not None


# ── before a subject ─────────────────────────────────────────────────────────────────────────────────────────────────

# Russian and Ukrainian; English, German, French, Italian, Spanish, Portuguese, Polish, Swedish, Finnish and Estonian,
# Dutch, Turkish, Norwegian and Danish, Chinese. "Ha" and "Нт" are Outlook Express's "На" and "Re" typed in one layout.
_FORWARD_PREFIXES = r"(?:fwd?|wg|пер|пересл|переслано|переслать|пд|tr|i|rv|enc|pd|vb|vs|doorst|i̇lt|ilt|videresendt?|vl|redir\.|fs|转发|轉寄)"
_REPLY_PREFIXES = r"(?:re|aw|antw|sv|odp|rif|res|ynt|r|на|отв|ответ|нт|ha|вх|від|відп|відповідь|回复|答复|回覆)"
_COUNT = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?[ \t]*[:\uff1a]"
_TAG = r"\[[^\]\n]{1,40}\]"
_PREFIX = re.compile(rf"\s*(?:(?:{_FORWARD_PREFIXES}|{_REPLY_PREFIXES}){_COUNT}|{_TAG})", re.IGNORECASE)
_FORWARD_PREFIX = re.compile(rf"\s*{_FORWARD_PREFIXES}{_COUNT}", re.IGNORECASE)
_A_TAG = re.compile(rf"\s*{_TAG}")
_ANY_PREFIX = re.compile(rf"\s*(?:\w{{1,10}}{_COUNT}|{_TAG})")


def base_subject(subject: str) -> str:
    """Return a subject without the Re:, Fwd: and [tags] before it."""
    at = 0
    while match := _PREFIX.match(subject, at):
        at = match.end()
    return subject[at:].strip()


def begins_forwarded(subject: str) -> bool:
    """Whether the first of the marks before a subject is a client's mark of a forward: the letter passes another on."""
    return outer_mark(subject) == "forward"


def says_forwarded(subject: str) -> bool:
    """Whether a client's mark of a forward stands among the marks before a subject, whatever the others mean."""
    at = 0
    while not _FORWARD_PREFIX.match(subject, at):
        other = _ANY_PREFIX.match(subject, at)
        if other is None:
            return False
        at = other.end()
    return True


def outer_mark(subject: str) -> Literal["forward", "answer", ""]:
    """Return what the outermost mark before a subject says the letter is; tags in brackets mark nothing."""
    at = 0
    while match := _A_TAG.match(subject, at):
        at = match.end()
    if _FORWARD_PREFIX.match(subject, at):
        return "forward"
    return "answer" if _PREFIX.match(subject, at) else ""
