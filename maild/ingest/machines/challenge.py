"""Challenges: a machine holds our letter back until its sender proves to be a person (TMDA, BoxTrapper, …). Pure.

Answering one by a machine would be a lie, and a ticket about it helps nobody. Recognised by the fields of such systems,
or by what they ask for together with the way to do it, in a letter that is about ours.
"""

import re

from maild.ingest.machines.dsn_evidence import is_daemon
from maild.ingest.machines.fields import (
    answers,
    auto_submitted,
    by_mail_program,
    is_answer_by_subject,
    is_no_reply,
    precedence,
)
from maild.ingest.machines.phrases import Phrases, squeeze
from maild.model import Message

LOOKED_AT = 3_000  # characters of the text that hold the demand

_FIELDS = re.compile(
    r"x-(?:tmda(?:-.{1,60})?|boxtrapper.{0,60}|spam-?arrest.{0,60}|bluebottle-.{1,60}|boxbe.{0,60}|ask-(?:auth|version)|qconfirm.{0,40}|uol-?antispam.{0,60}|vanquish.{0,40}|choicemail.{0,40}|mailblocks.{0,40}|challenge.{0,40}|earthlink-spamblocker)"
)
_NO_PROGRAM = "answers a letter, without a mail program's field"
_LINK = re.compile(r"https?://\S{4,500}", re.IGNORECASE)
_TOKEN = re.compile(r"\b(?:confirm|verify|challenge|п[оі]дтверж?д\w*)[#:+=_-]{1,2}[\w.-]{6,80}", re.IGNORECASE)

# What is demanded of the sender; nobody asks it of a reader whose letter has arrived
_DEMANDS = Phrases("""
en: verify that you are a human | verify you are a human | verify you are human | prove you are human | prove that you are human | prove that you are a human | prove you are a real person | you are not a robot | you're not a robot | you are not a spammer | you are a real person | that you are a human | confirm that you sent | confirm that you have sent | confirm your message | confirm your email to | confirm delivery of your | confirm the delivery of your | requires verification | requires confirmation | requires you to verify | require verification | sender verification | verify your email address to deliver | verify your message | to verify that your message | verify yourself | authenticate yourself | to authenticate your | to have your message delivered | to release your message | release your message | before your message can be delivered | before your message will be delivered | before it can be delivered | your message is being held | your message has been held | your message is being quarantined | has been placed in a pending | pending your confirmation | pending confirmation | awaiting your confirmation | awaiting verification | until you confirm | until you verify | added to the recipient's allowed list | added to my allowed list | added to the allowed | added to my whitelist | added to his whitelist | added to the guest list | added to the list of approved | request to be added to | redirected to a suspect email folder | suspect email folder | is protected by spam arrest | is protected by bluebottle | is protected by boxtrapper | using spam arrest | uses spam arrest | one time verification | one-time verification | has not yet been delivered because you | automatically deliver your message once | so that your message will be delivered | complete this verification | add yourself to my guest list | be put on my guest list | be added to my guest list | was waitlisted | so i can receive your e-mail* | so i can receive your email* | so that i can receive your e-mail* | so that i can receive your email* | protecting myself from receiving junk
ru: подтвердите что вы не робот | подтвердить что вы не робот | подтверждение что вы не робот | что вы не робот | что вы не спамер | что вы не спам-бот | что вы человек | что вы живой человек | что вы реальный человек | докажите что вы | подтвердите отправку письма | подтвердить отправку письма | подтвердите отправку вашего | подтвердите отправку сообщения | подтвердите что это письмо | подтвердите что письмо отправили | подтвердите что вы отправ* | подтвердите доставку | подтвердите отправителя | подтверждение отправителя | для доставки вашего письма | для доставки письма | чтобы ваше письмо было доставлено | чтобы письмо было доставлено | чтобы ваше письмо дошло | чтобы получатель увидел ваше | ваше письмо задержано до | письмо задержано до подтверждения | ваше письмо ожидает подтверждения | письмо ожидает подтверждения | требуется подтверждение отправителя | требует подтверждения отправителя | помещено в карантин до | до подтверждения отправителем | будет доставлено после подтверждения | попасть в белый список | в белый список получателя | внесены в белый список
uk: підтвердьте що ви не робот | підтвердити що ви не робот | що ви не робот | що ви не спамер | що ви людина | підтвердьте відправлення листа | підтвердьте надсилання листа | підтвердьте відправника | для доставки вашого листа | щоб ваш лист було доставлено | лист очікує підтвердження | до підтвердження відправником | до білого списку
de: bestätigen sie dass sie kein roboter | dass sie ein mensch sind | bestätigen sie ihre nachricht | um ihre nachricht zuzustellen | bevor ihre nachricht zugestellt | absender bestätigen | absenderbestätigung
fr: que vous êtes un humain | que vous n'êtes pas un robot | confirmer votre message | confirmez votre message | confirmez l'envoi | avant que votre message | pour que votre message soit | authentifier votre | authentification de l'expéditeur | mailinblack
es: que usted no es un robot | que no es un robot | que es una persona | confirme su mensaje | confirmar su mensaje | para que su mensaje sea | antes de que su mensaje
it: che non sei un robot | di non essere un robot | confermare il messaggio | confermi il messaggio | affinché il messaggio venga | prima che il messaggio
pl: że nie jesteś robotem | potwierdź wysłanie | potwierdzenie nadawcy | aby twoja wiadomość została
pt: que você não é um robô | que não é um robô | confirme sua mensagem | confirmação de mensagem | confirmar o envio | anti spam uol | antispam uol | sistema anti-spam | para que sua mensagem seja | confirmação de envio
""")

# By which people tell of a demand that they met somewhere, and ask for help
_TOLD = Phrases("""
en: it says | it asks | asks me | keeps asking | i can't | i cannot | i am unable | can't log in
ru: не могу | не можем | не получается | не пускает | не проходит | просит | пишет | требует ввести
uk: не можу | не можемо | не виходить | не пускає | просить | пише
""")


def find_challenge(message: Message) -> tuple[str, ...]:
    """Return the evidence that a machine asks us to prove ourselves; empty where it does not."""
    field = next((name for name, _ in message.headers if name.startswith("x-") and _FIELDS.fullmatch(name)), None)
    if is_daemon(message):
        return ()  # a mail system that asks for a confirmation of our server reports a failure by it
    sign = _sign(message)
    if field is None and sign is None:
        return ()  # most letters of people and lists end here: reading on is what costs
    text = message.text[:LOOKED_AT]
    places = (_LINK.search(text), _TOKEN.search(text), _TOKEN.search(message.subject))
    way = next((found[0] for found in places if found), None)
    demand = _DEMANDS.find(squeeze(f"{message.subject}\n{text}")) if way or field else None
    if demand is None:
        return ()  # TMDA writes its field on its owner's own letters, too: those demand nothing
    if field:
        return (f"{field.title()} present", f"wording {demand!r}")
    if "?" in _LINK.sub("", text) or text.lstrip().startswith(">"):
        return ()
    if sign == _NO_PROGRAM and _TOLD.find(squeeze(_LINK.sub("", text))):
        return ()
    return (f"wording {demand!r}", f"the way to do it: {str(way)[:60]}", str(sign))


def _sign(message: Message) -> str | None:
    """Return what makes a letter a machine's answer to ours, or None; what lists demand is none of it."""
    if message.header("list-id"):
        return None
    submitted = auto_submitted(message)
    if message.envelope_sender == "":
        return "null reverse-path"
    if submitted == "auto-replied":
        return "Auto-Submitted: auto-replied"
    if found := precedence(message, "auto_reply"):
        return f"Precedence: {found}"
    # what follows stands on the letters of forms and shops as well, in which people write what they please
    about_ours = answers(message) or is_answer_by_subject(message) or _DEMANDS.find(squeeze(message.subject))
    if not about_ours:
        return None
    if submitted not in (None, "no"):
        return f"Auto-Submitted: {submitted}"
    if found := precedence(message, "bulk", "junk"):
        return f"Precedence: {found}"
    if message.author and is_no_reply(message.author.key) and not message.reply_to:
        return "a no-reply address as author"
    return None if by_mail_program(message) else _NO_PROGRAM
