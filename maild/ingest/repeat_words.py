"""The words by which a letter that is sent once more is told from another request. Data for `likeness`.

All are written as `likeness` compares them: folded, with е for ё and ' for ’.
"""

import re

# Words of courtesy: they come and go without changing what a letter asks; those of the day only behind another one
COURTESY = frozenset(
    """здравствуйте здравствуй привет приветствую добрый доброго доброе день дня вечер вечера утро времени суток
    уважаемые уважаемый уважаемая коллеги господа команда поддержка спасибо благодарю заранее пожалуйста прошу просьба
    помогите помочь помощи уважением наилучшими пожеланиями с и а но же ли бы
    вітаю добрий день дня вечір ранок шановні шановний колеги дякую будь ласка прошу допоможіть повагою
    hello hi hey dear good morning afternoon evening colleagues team support thanks thank you please help me kind best
    regards sincerely""".split()
)
OF_THE_DAY = frozenset("день дня вечер вечера утро времени суток вечір ранок morning afternoon evening day".split())
# How words begin with which people say that they write once more; only what was added is looked at
ONCE_MORE = re.compile(
    r"""(?:повтор|дубл|отправ|посыла|посла|пересыла|пересла|присыла|направл|еще|раз$|втор|трет|четв|снова|опять|напом|письм|новост|сообщен|обращен|заявк|запрос
    |ответ|отвеч|отреаг|реакц|получ|дош|прише|ждем|жду$|ожида|пока$|сих$|пор$|забы|влож|прилож|прикл|прикреп|файл|скрин|сроч|важно|очень|крайне|вчера|сегодня|утром|ранее|прошл|предыдущ|перв|выше|ниже
    |мое$|мой|моя|моего|сво|его$|ее$|наш|ваш|вам$|вас$|вы$|мне$|нам$|нас$|никто|никак|так$|уже|котор|день$|дней$|дня$|час(?:а|у|ов|ы)?$|недел|возможно|вероятно|видимо|может|быть|потер|затер
    |попал|спам|провер|убедит|прочит|прочт|просмотр|рассмотр|случай|на$|во?$|со?$|от$|до$|по$|из$|за$|к$|о$|об$|для$|без$|не$|нет$|что$|это|если|или|тоже|того|адрес|копи|уточн|буду|признат
    |ще$|знову|нагад|вдруге|прежн|по-прежн|перешл|актуальн|надсил|надісл|лист|повідомл|звернен|відпов|отрим|чекаю|забу|вкладен|чекаємо|досі|терміново|вчора|сьогодні|раніше|попередн|мій|моє|наш|ваш|від$|до$|у$|й$|та$|немає
    |again|re-?sen[dt]|sen[dt]|repeat|duplicat|remind|follow|up$|second|third|twice|once|more|e?-?mail|messag|letter|request|ticket|repl|answer|response|respon|receiv|got|get|heard|hear|back
    |still|yet|wait|urgent|asap|yesterday|today|earlier|previous|last|first|below|above|my$|our|your|the$|this|that|it$|i$|we$|to$|from|of$|in$|on$|for$|a$|an$|as$|at$|is$|was|have|has|had|haven|hasn|not$|no$|didn|any
    |just$|case|news|update|forgot|attach|lost|spam|check|maybe|perhaps|possibl|sorry|apolog|and$|or$|if$|did)""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that are only talk beside one that says it: "вопрос" is a matter, "нет ответа на мой вопрос" is none
BESIDE = re.compile(
    r"""(?:вопрос|проблем|статус|как$|пис|пиш|поэтому|потому|чтоб|все$|есть$|кто$|друг|почт|хот[ея]|сообщ|про$|реш|исправ|устран|он$|она$|прич
    |питан|дати$|дайте$|бо$|відреаг|попыт|спроб|тому|стан|виріш|про$
    |about|wr[io]t|ago$|since|week|day|month|because|so$|be$|been|will|would|could|can$|able|know|let$|us$|me$|you|issue|problem|work$|address|attempt|gentle|kind|fix|solv|resolv|and$|any|with|another
    |ich$|es$|hiermit|schick|sende|gesend|noch|erneut|nochmal|mein|nachricht|anfrage|antwort|erinner|warte|bisher|leider|kein|nicht|auf$|zum$|zweite|habe
    |je$|j'|renvoi|renvoy|mon$|ma$|courriel|demande|réponse|relanc|rappel|encore|fois|toujours|pas$|sans$|attend|suite|nouveau
    |reenv|reiter|mensaje|correo|solicitud|respuesta|record|nuev|vez$|espero|sin$|aún|mi$
    |rinvi|sollecit|ripet|messaggi|richiest|risposta|ancora|nuovo|mio$|mia$|attes|senza
    |ponaw|ponown|przypom|wiadomo|zgłosz|odpowied|jeszcze|wysył|czekam|nadal|brak|moj)""",
    re.IGNORECASE | re.VERBOSE,
)
SAYS_ONCE_MORE = re.compile(
    r"повтор|дубл|еще|прежн|раз$|сих$|снова|опять|напом|пересыл|пересл|отправл|письм|обращен|ответ|отвеч|отреаг|знову|^ще$|вдруге|відреаг|досі|нагад|надісл|лист|звернен|відпов"
    r"|again|re-?sen[dt]|duplicat|remind|follow|e?-?mail$|still|repl|answer|respon|heard"
    r"|nochmal|erneut|antwort|erinner|renvoi|renvoy|réponse|relanc|rappel|reenv|reiter|respuesta|record|rinvi|sollecit|risposta|ponaw|ponown|przypom|odpowied"
)
EXPRESSLY = re.compile(
    r"повторн|повторя|дублир|дубль$|повторю|дублю|повторно|re-?sen[dt]|duplicat"
)  # nobody says it of a new matter
MONTH = re.compile(
    r"январ|феврал|марта|апрел|мая$|июн|июл|август|сентябр|октябр|ноябр|декабр|січн|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
NEGATIONS = frozenset(
    """не нет нельзя без ні немає нема not no never cannot without nicht kein keine keinen ohne pas jamais aucun sans
    nunca sin non senza nie bez""".split()
)  # and what ends in n't
# How words begin that make it another matter however long the letter is: which one, how many, and that it is over
TELLS_APART = re.compile(
    r"""(?:перв|втор|трет(?:ий|ь|ье)|четв[её]рт|пят(?:ый|ая|ое|ом|ой|ого|ую)|друг|ин(?:ой|ая|ое|ые|ого)$|нов(?:ый|ая|ое|ые|ого|ой|ом|ую|ым|ых)|стар(?:ый|ая|ое|ые|ого|ой|ом|ую|ых)|соседн|следующ|прошл|предыдущ
    |одн(?:а|ой|ом|ого|у)$|один$|дв(?:а|е|ух|ум|умя)$|тр(?:и|ех|ем)$|четыр|оба$|обе(?:их)?$|кроме|только|лишь|част(?:ь|и|ью|ично)$|половин|копи
    |отмен|отбой|неактуал|снят|сним|реш(?:ен|или|ил$|ился|илось|ился)|исправи|исправл|устран|разобра|заработа|починил|восстанов
    |перш|друг|трет|інш|нов(?:ий|а|е|і|ого|ої)$|стар(?:ий|а|е|і|ого|ої)$|наступн|крім|тільки|лише|частин|скас|вирішен|вирішил|запрац
    |first|second|third|next|last$|previous|other|another|new$|old$|one$|two$|three$|both$|half$|part(?:ly)?$|only|except|cop(?:y|ies)$|cancel|disregard|ignore|solved|resolved|fixed|work$|works$|working|nevermind
    |erste|zweite|dritte|ander|neue|alte|nur$|außer|erledigt|gelöst|storn|premi|deuxi|second|autre|seul|annul|résolu|otr[oa]|segund|primer|cancel|resuelt|second|altr|risolt|drugi|inn[yae]|tylko|anul|rozwiąz)""",
    re.IGNORECASE | re.VERBOSE,
)
# … unless they are about the letters themselves ("третий раз пишу", "с другого адреса") or say that it is not over
NOT_APART = re.compile(
    r"""\b(?:перв|втор|трет|четв|прошл|предыдущ|друг|перш|попередн|інш|first|second|third|last|previous|other|another|zweite|копи|cop)\w*
    [ ](?:раз|письм|обращен|заявк|сообщен|адрес|ящик|почт|недел|день|дня|сутки|лист|звернен|скринь|тижн|попыт|спроб|time|e?-?mail|letter|message|reminder|request|address|week|attempt|try|mal|nachricht|erinnerung)\w*
    |\b(?:не|not)[ ](?:(?:был|yet|been)\w*[ ])?(?:реш|исправ|устран|вирішен|solved|resolved|fixed|working)\w*
    |\bwork[ ](?:address|e-?mail|mail|account)""",
    re.IGNORECASE | re.VERBOSE,
)
OVER = re.compile(
    r"\bне актуал\w*|\bответ\w? (?:уже )?получ\w*|(?<!не )\bполучил\w? ответ|\bвідповідь (?:вже )?отрим\w*|\bgot (?:an|the|your) (?:answer|reply)"
)
