"""The lines that a telephone or a mail program adds below the words: "Sent from my iPhone". Pure.

Only whole lines of a known opening, a known device and small words are a client's; one word more, and a person wrote it.
"""

import re

_SENT = r"""(?:(?:это\ )?(?:письмо|сообщение)\ )?(?:было\ )?(?:отправлено|послано|написано|создано)(?:\ мной)?\ (?:с|со|из|через|при\ помощи|с\ помощью)
    |(?:(?:цей\ лист|це\ повідомлення)\ )?(?:надіслано|відправлено|написано)(?:\ мною)?\ (?:з|із|зі|через|за\ допомогою)
    |sent\ (?:from|via|with|by|using|on)|written\ (?:on|with)|composed\ (?:on|with)|(?:this\ message\ was\ )?sent\ from
    |(?:diese\ (?:nachricht|e-?mail)\ wurde\ )?(?:von|vom|mit|über)|gesendet\ (?:von|vom|mit|über)|envoyé\ (?:de|depuis|à\ partir\ de|avec|via|par)|provenance\ ?:
    |enviado\ (?:desde|con|via|do|de|pelo|a\ partir\ do)|inviato\ (?:da|dal|dall'|con|tramite)|wysłan[eoay]\ (?:z|ze|przy\ pomocy)|wysłane\ z
    |verzonden\ (?:vanaf|vanuit|met|via|van)|verstuurd\ (?:vanaf|vanuit|met)|sendt\ (?:fra|med|via)|skickat\ (?:från|med|via)|lähetetty|odesláno\ z|odoslané\ z|küldve|trimis\ de\ pe|изпратено\ от"""
_GET = r"""скачать|скачайте|получить|загрузить|завантажити|отримати|get|download|try|installer|télécharger|téléchargez|obtenir|obtenez|holen\ sie\ sich|laden\ sie|herunterladen
    |beziehen|obtener|obtén|descargar|scarica|ottieni|pobierz|uzyskaj|baixar|obter(?:\ o)?|obtenha(?:\ o)?|download|hent|hämta|hanki|získejte"""
_DEVICE = re.compile(
    r"""i-?phon|i-?pad|i-?pod|айфон\w?|айпад\w?|\bios\b|\bmac\b|macbook|android|андроид\w?|galaxy|samsung|huawei|honor|xiaomi|redmi|poco|mi\ phone|realme|oppo|vivo|oneplus
    |pixel|nokia|lumia|blackberry|motorola|\bmoto\b|xperia|sony|\bhtc\b|\blg\b|lenovo|meizu|asus|zenfone|wiko|fairphone|nothing\ phone|tecno|infinix|\bzte\b
    |телефон\w{0,2}|смартфон\w{0,2}|планшет\w{0,2}|мобильн\w{1,4}|мобільн\w{1,4}|устройств\w{0,2}|пристро\w{1,3}|\bphone\b|\bcell\b|smartphone|tablet|mobile|handy|mobiltelefon|приложения\b|додатка\b|application|\bapp\b|t[ée]l[ée]phone|portable
    |tel[ée]fono|m[óo]vil|celular|cellulare|telefonu?|telefoon|mobil\b|windows|outlook|яндекс\W{0,2}почт\w{0,2}|яндекс\W{0,2}пошт\w{0,2}|yandex\W{0,2}mail
    |mail\.ru|почт\w{1,2}\ mail\b|gmail|yahoo|proton\W?mail|\bproton\b|\bspark\b|k-9|blue\W?mail|aqua\W?mail|my\W?mail|type\W?app|canary|airmail|edison|mailspring|newton|zoho|\bgmx\b|web\.de|libero|roundcube
    |thunderbird|em\ client|em-client|mailbird|rambler|рамблер|hushmail|tutanota|tuta\b|fastmail|\bhey\b|superhuman|mail\ app|appareil|ger[äa]t|dispositivo|urządzenia|apparaat|enhed|enhet|laitteesta""",
    re.IGNORECASE | re.VERBOSE,
)
_LINK = re.compile(r"[ \t]*[\[(<]{0,2}(?:https?://|www\.|mailto:)[^\s<>]{1,500}[\])>]{0,2}\.?", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\]\n]{1,80})\]\(https?://[^)\s]{1,300}\)")
_SENT_FROM = re.compile(rf"[ \t*_—–-]{{0,6}}(?:{_SENT})[ \t]+(.{{2,100}}?)[ \t.*_]{{0,4}}", re.IGNORECASE | re.VERBOSE)
_GESENDET = re.compile(
    r"[ \t*_-]{0,6}(?:diese (?:nachricht|e-?mail) wurde )?(?:von|vom|mit|über) (.{2,80}?) (?:gesendet|geschickt|verschickt)[ \t.]{0,3}",
    re.IGNORECASE,
)
_GET_CLIENT = re.compile(
    rf"[ \t*_]{{0,4}}(?:{_GET})\ (?:the\ |l'|die\ |program\ )?((?:outlook|яндекс|yandex|почт\w|mail\.ru|gmail|blue\W?mail|spark|edison|my\W?mail|type\W?app).{{0,60}}?)[ \t.]{{0,3}}"
    r"|(outlook\ (?:für|pour|para|per|dla|для|voor)\ (?:ios|android))\ (?:herunterladen|beziehen|holen|laden)[ \t.]{0,3}",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_ELSEWHERE = re.compile(
    r"(?:lähetetty \S{2,20}(?: \S{2,20})?|\S{2,20} (?:készülékemről|telefonomról) küldve|\S{2,20}'?(?:dan|den|dan|ımdan|imden) gönderildi)[ \t.]{0,3}",
    re.IGNORECASE,
)
_EXCUSE = re.compile(
    r"""[ \t*_]{0,4}(?:(?:прошу\ )?(?:простить|простите|извините|извинить)(?:\ меня)?\ (?:меня\ )?за\ (?:краткость|возможные\ опечатки|опечатки)
    |(?:перепрошую|вибачте|пробачте)\ (?:мені\ )?(?:мою\ )?(?:за\ )?(?:стислість|лаконічність|помилки)(?:,\ будь\ ласка)?
    |please\ excuse\ (?:my\ |any\ |the\ )?(?:brevity|typos|typing\ errors|spelling\ and\ grammar\ errors)|bitte\ entschuldigen\ sie\ (?:die|meine)\ kürze|veuillez\ excuser\ ma\ brièveté
    |(?:por\ favor,?\ )?discúlpeme\ por\ mi\ brevedad|perdonate\ la\ brevità|scusate\ la\ brevità|proszę\ wybaczyć\ (?:moją\ )?(?:zwięzłość|lakoniczność)
    )(?:[ \t,.!]{0,2}(?:создано|написано|отправлено|надіслано|відправлено|sent|written|отправлено\ из)\ (?:в|с|из|з|із|from|with|in)\ .{2,60}?)?[ \t.!]{0,3}""",
    re.IGNORECASE | re.VERBOSE,
)
_TWO = re.compile(r"\. |[,;] (?=please |прошу |простите |извините )", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5}|\d{1,2}[.:]\d{2}")  # somebody's telephone, a date, a time
_SENTENCE = re.compile(r"[,;:!?]|\. ")
# words beside the device's that clients write there; any other word makes the line a person's
_SMALL = frozenset(
    """моего моей моём мого моєї моего мобильной мобильного мобильным мобільної мобільного приложения приложение додатка додатку для на с со в з із помощью
    помощи веб-версии моих my the a an of for on in mobile device app application with from via using secure email mail client email, pro free version
    meinem meiner meinen mein dem der für mit mon ma l'application l' pour sur application mobile mi el la para con desde aplicación dispositivo móvil mio
    il per con dal mojego moim aplikacji poczta dla mojej urządzenia meu minha o do no aplicativo celular mijn een op voor toestel apparaat min mit fra
    från app en почты почта пошти пошта courrier correo posta poczty mail версии устройства пристрою телефона телефону смартфона смартфону планшета
    планшету auf secure systemu безопасной защищенной защищённой электронной захищеної безпечної cell""".split()
)


def is_mobile_signature(line: str) -> bool:
    """Whether a client wrote the line, "Sent from my iPhone", and no person: they say what they sent, and why, and when."""
    if not 8 <= len(line) <= 600:
        return False
    words = line.strip()
    if "://" in words or "www." in words:
        words = _LINK.sub(" ", _MARKDOWN.sub(r"\1", words)).strip(" \t<>()[]:")
    if len(words) > 160:
        return False
    if _EXCUSE.fullmatch(words) or (_ELSEWHERE.fullmatch(words) and _DEVICE.search(words)):
        return True
    first, second = _TWO.split(words, maxsplit=1) if _TWO.search(words) else (words, "")
    if second and not (_EXCUSE.fullmatch(second) or is_mobile_signature(second)):
        return False
    return any(
        match and _names_device(match[match.lastindex or 0])
        for match in (pattern.fullmatch(first) for pattern in (_SENT_FROM, _GESENDET, _GET_CLIENT))
    )


def _names_device(words: str) -> bool:
    named = _SENTENCE.search(words) is None and _DEVICE.search(words) is not None
    return named and all(map(_is_of_device, words.split()))


def _is_of_device(word: str) -> bool:
    bare = word.strip("\"'«»()[].,*")
    if _NUMBER.search(bare):
        return False
    return not bare[:1].islower() or bare.casefold() in _SMALL or _DEVICE.search(word) is not None
