"""What is expected next of whom, in a request that agents are told of: one short sentence for each case."""

from collections.abc import Mapping

_NEXT: Mapping[str, Mapping[str, str]] = {
    # ── a person has to decide ──
    "whose": {
        "ru": "решите, кто клиент: {client}",
        "uk": "вирішіть, хто клієнт: {client}",
        "en": "decide who the client is: {client}",
    },
    "named": {
        "ru": "ждём, что клиент назовёт себя; если вы его знаете: {client}",
        "uk": "чекаємо, що клієнт назве себе; якщо ви його знаєте: {client}",
        "en": "they were asked who they are; if you know: {client}",
    },
    "unpromised": {
        "ru": "решите, обслуживать ли: ответьте клиенту или закройте обращение ({close})",
        "uk": "вирішіть, чи обслуговувати: дайте відповідь клієнтові або закрийте звернення ({close})",
        "en": "decide whether to serve it: answer the customer, or close the request ({close})",
    },
    "refuse-it": {
        "ru": "решите, отказывать ли: {refuse} или {serve}",
        "uk": "вирішіть, чи відмовляти: {refuse} або {serve}",
        "en": "decide whether to refuse it: {refuse} or {serve}",
    },
    "postpone-it": {
        "ru": "решите, откладывать ли: {postpone} или {serve}",
        "uk": "вирішіть, чи відкладати: {postpone} або {serve}",
        "en": "decide whether to put it off: {postpone} or {serve}",
    },
    # ── nothing is to be done ──
    "refused": {
        "ru": "клиенту отказано, делать ничего не нужно",
        "uk": "клієнтові відмовлено, робити нічого не потрібно",
        "en": "the customer was refused, there is nothing to do",
    },
    "passed": {
        "ru": "обращением занимается {unit}, делать ничего не нужно",
        "uk": "зверненням займається {unit}, робити нічого не потрібно",
        "en": "{unit} deals with it, there is nothing to do",
    },
    "closed": {
        "ru": "обращение закрыто, делать ничего не нужно",
        "uk": "звернення закрито, робити нічого не потрібно",
        "en": "the request is closed, there is nothing to do",
    },
    "solved": {
        "ru": "обращение решено, делать ничего не нужно",
        "uk": "звернення вирішено, робити нічого не потрібно",
        "en": "the request is solved, there is nothing to do",
    },
    "solved-until": {
        "ru": "обращение решено, клиент может возразить до {until}",
        "uk": "звернення вирішено, клієнт може заперечити до {until}",
        "en": "the request is solved, the customer may say otherwise until {until}",
    },
    "solved-asked": {
        "ru": "обращение решено, клиент ещё может возразить",
        "uk": "звернення вирішено, клієнт ще може заперечити",
        "en": "the request is solved, the customer may still say otherwise",
    },
    # ── somebody else is to act ──
    "customer": {
        "ru": "ждём ответа клиента",
        "uk": "чекаємо на відповідь клієнта",
        "en": "waiting for the customer’s answer",
    },
    "customer-since": {
        "ru": "ждём ответа клиента с {since}",
        "uk": "чекаємо на відповідь клієнта з {since}",
        "en": "waiting for the customer’s answer since {since}",
    },
    "asked": {
        "ru": "ждём, что клиент пришлёт то, о чём его просили",
        "uk": "чекаємо, що клієнт надішле те, про що його просили",
        "en": "waiting for what the customer was asked to send",
    },
    "offered": {
        "ru": "предложение в силе, ждём согласия клиента",
        "uk": "пропозиція чинна, чекаємо на згоду клієнта",
        "en": "the offer stands, waiting for the customer’s consent",
    },
    "approval": {
        "ru": "ждём согласования; когда можно продолжать: {resume}",
        "uk": "чекаємо на погодження; коли можна продовжувати: {resume}",
        "en": "waiting for approval; once it can go on: {resume}",
    },
    "third_party": {
        "ru": "ждём третью сторону; когда можно продолжать: {resume}",
        "uk": "чекаємо на третю сторону; коли можна продовжувати: {resume}",
        "en": "waiting for a third party; once it can go on: {resume}",
    },
    "unit": {
        "ru": "ждём ответа, обращением занимается {unit}",
        "uk": "чекаємо на відповідь, зверненням займається {unit}",
        "en": "waiting for an answer, {unit} deals with it",
    },
    "release": {
        "ru": "ждём релиза; когда он выйдет: {resume}",
        "uk": "чекаємо на реліз; коли він вийде: {resume}",
        "en": "waiting for a release; once it is out: {resume}",
    },
    # ── we are to act ──
    "nobody": {
        "ru": "никто не взял: {take} или просто ответьте",
        "uk": "ніхто не взяв: {take} або просто дайте відповідь",
        "en": "nobody has taken it: {take}, or just answer",
    },
    "work-nobody": {
        "ru": "никто не взял: {take}, а когда всё сделано, {resolve}",
        "uk": "ніхто не взяв: {take}, а коли все зроблено, {resolve}",
        "en": "nobody has taken it: {take}, and once it is done, {resolve}",
    },
    "work": {
        "ru": "сделать работу и написать {resolve}",
        "uk": "зробити роботу й написати {resolve}",
        "en": "do the work and write {resolve}",
    },
    "first-answer": {
        "ru": "первый ответ клиенту",
        "uk": "перша відповідь клієнтові",
        "en": "the first answer to the customer",
    },
    "first-answer-by": {
        "ru": "первый ответ клиенту до {due}",
        "uk": "перша відповідь клієнтові до {due}",
        "en": "the first answer to the customer by {due}",
    },
    "first-answer-late": {
        "ru": "первый ответ клиенту, срок уже прошёл",
        "uk": "перша відповідь клієнтові, строк уже минув",
        "en": "the first answer to the customer, which is overdue",
    },
    "answer": {
        "ru": "ответ за нами",
        "uk": "відповідь за нами",
        "en": "it is for us to answer",
    },
    "wait-over": {
        "ru": "ответа ждали с {since}, он пришёл: теперь отвечать нам",
        "uk": "на відповідь чекали з {since}, вона надійшла: тепер відповідати нам",
        "en": "this is the answer that we were waiting for since {since}: it is for us to go on",
    },
    "wait-over-now": {
        "ru": "ответ, которого ждали, пришёл: теперь отвечать нам",
        "uk": "відповідь, на яку чекали, надійшла: тепер відповідати нам",
        "en": "this is the answer that we were waiting for: it is for us to go on",
    },
    "incomplete": {
        "ru": "прислано не всё, о чём просили: спросите ещё раз или продолжайте без этого",
        "uk": "надіслано не все, про що просили: спитайте ще раз або продовжуйте без цього",
        "en": "not all that was asked for is here: ask again, or go on without it",
    },
    "unagreed": {
        "ru": "предложение в силе, согласия в письме нет: ответьте клиенту",
        "uk": "пропозиція чинна, згоди в листі немає: дайте відповідь клієнтові",
        "en": "the offer stands and this letter does not accept it: answer the customer",
    },
    "again": {
        "ru": "обращение снова открыто этим письмом: ответ за нами",
        "uk": "звернення знову відкрито цим листом: відповідь за нами",
        "en": "this letter has opened the request again: it is for us to answer",
    },
    "unit-wrote": {
        "ru": "клиент этого письма не видел: решите, что ему ответить",
        "uk": "клієнт цього листа не бачив: вирішіть, що йому відповісти",
        "en": "the customer has not seen this letter: decide what to answer them",
    },
    "yours": {
        "ru": "дальше обращение ведёте вы",
        "uk": "далі звернення ведете ви",
        "en": "the request is yours from here on",
    },
}  # fmt: skip
NEXT = frozenset(_NEXT)


def say_next(what: str, language: str, facts: Mapping[str, str]) -> str:
    """Return what is expected next: "никто не взял: #взять или просто ответьте". `facts` fill the gaps of the sentence."""
    return _NEXT[what][language].format_map(facts)
