"""What an agent reads in a receipt of their commands: what is now, or why it cannot be and what can.

A sentence that refuses a command ends with what would work, where anything would. Names of statuses, moments, waits and
refusals are the values of the enumerations that they come from: this room lies below those.
"""

from collections.abc import Mapping

_Sentences = Mapping[str, Mapping[str, str]]

_STATUSES: _Sentences = {
    "new": {"ru": "новое", "uk": "нове", "en": "new"},
    "open": {"ru": "в работе", "uk": "у роботі", "en": "in progress"},
    "waiting": {"ru": "ждёт", "uk": "чекає", "en": "waiting"},
    "resolved": {"ru": "решено", "uk": "вирішено", "en": "resolved"},
    "closed": {"ru": "закрыто", "uk": "закрито", "en": "closed"},
}
_WAITS: _Sentences = {
    "customer": {"ru": "ждёт клиента", "uk": "чекає на клієнта", "en": "waiting for the customer"},
    "approval": {"ru": "ждёт согласования", "uk": "чекає на погодження", "en": "waiting for approval"},
    "third_party": {"ru": "ждёт третью сторону", "uk": "чекає на третю сторону", "en": "waiting for a third party"},
    "release": {"ru": "ждёт релиза", "uk": "чекає на реліз", "en": "waiting for a release"},
}
_MOMENTS: _Sentences = {
    "started": {"ru": "начать работу", "uk": "почати роботу", "en": "start of work"},
    "answered": {"ru": "ответить", "uk": "відповісти", "en": "answer"},
    "resolved": {"ru": "решить", "uk": "вирішити", "en": "solution"},
}
_STANDINGS: _Sentences = {
    "served": {"ru": "обслуживается", "uk": "обслуговується", "en": "served"},
    "unknown": {"ru": "неизвестен", "uk": "невідомий", "en": "unknown"},
    "conflict": {"ru": "приметы спорят", "uk": "ознаки суперечать", "en": "the evidence is in conflict"},
    "suspended": {"ru": "обслуживание приостановлено", "uk": "обслуговування призупинено", "en": "service suspended"},
    "expired": {"ru": "договор истёк", "uk": "договір закінчився", "en": "the contract has expired"},
    "not-yet-valid": {
        "ru": "договор ещё не действует",
        "uk": "договір ще не діє",
        "en": "the contract is not in force yet",
    },
    "level-unknown": {
        "ru": "уровня нет в настройке",
        "uk": "рівня немає в налаштуваннях",
        "en": "the level is not configured",
    },
}
_LABELS: _Sentences = {
    "agent": {"ru": "ведёт", "uk": "веде", "en": "responsible"},
    "status": {"ru": "статус", "uk": "статус", "en": "status"},
    "client": {"ru": "клиент", "uk": "клієнт", "en": "client"},
    "category": {"ru": "вид", "uk": "вид", "en": "kind"},
    "service": {"ru": "услуга", "uk": "послуга", "en": "service"},
    "severity": {"ru": "критичность", "uk": "критичність", "en": "severity"},
    "term": {"ru": "срок", "uk": "строк", "en": "term"},
    "counted": {"ru": "срок считается с", "uk": "строк рахується з", "en": "the term is counted from"},
    "snooze": {"ru": "отложено до", "uk": "відкладено до", "en": "put off until"},
    "promise": {"ru": "обещано", "uk": "обіцяно", "en": "promised"},
    "merged": {"ru": "вошло в", "uk": "увійшло до", "en": "went into"},
    "request": {"ru": "обращение", "uk": "звернення", "en": "request"},
    "split": {"ru": "обращения", "uk": "звернення", "en": "requests"},
    "ground": {"ru": "основание", "uk": "підстава", "en": "ground"},
    "offer": {"ru": "предложено", "uk": "запропоновано", "en": "offered"},
    "unit": {"ru": "передано", "uk": "передано", "en": "passed on to"},
    "backlog": {"ru": "доработка", "uk": "доопрацювання", "en": "development"},
    "faq": {"ru": "готовый ответ", "uk": "готова відповідь", "en": "ready answer"},
    "time": {"ru": "записано", "uk": "записано", "en": "noted"},
}
_PHRASES: _Sentences = {
    "nobody": {"ru": "никто", "uk": "ніхто", "en": "nobody"},
    "nothing": {"ru": "нет", "uk": "немає", "en": "none"},
    "awaited": {
        "ru": "ждёт обновления ({release}), клиентов: {askers}",
        "uk": "чекає на оновлення ({release}), клієнтів: {askers}",
        "en": "waiting for an update ({release}), customers: {askers}",
    },
    "some-release": {"ru": "в одном из обновлений", "uk": "в одному з оновлень", "en": "in a coming update"},
    "shipped": {
        "ru": "об обновлении {name} сейчас узнают: {tickets}; эти обращения будут считаться решёнными",
        "uk": "про оновлення {name} зараз дізнаються: {tickets}; ці звернення вважатимуться вирішеними",
        "en": "are told of the update {name} now: {tickets}; these requests count as resolved",
    },
    "as-before": {"ru": "снова как было", "uk": "знову як було", "en": "as it was before"},
    "left": {
        "ru": "письмо уже ушло, и вернуть его нельзя",
        "uk": "лист уже пішов, і повернути його неможливо",
        "en": "the letter has left and cannot be called back",
    },
    "withdrawn": {
        "ru": "письмо ещё не ушло и отправлено не будет",
        "uk": "лист ще не пішов і надісланий не буде",
        "en": "the letter had not left yet and will not be sent",
    },
    "note-stays": {
        "ru": "заметка остаётся в истории",
        "uk": "нотатка лишається в історії",
        "en": "the note stays in the history",
    },
    "note": {
        "ru": "записано, видят только сотрудники",
        "uk": "записано, бачать лише співробітники",
        "en": "noted, only agents see it",
    },
    "untold": {
        "ru": "клиенту о новом обращении не написано",
        "uk": "клієнтові про нове звернення не написано",
        "en": "the customer was not told of the new request",
    },
    "unmerged": {
        "ru": "клиенту об объединении не написано",
        "uk": "клієнтові про об’єднання не написано",
        "en": "the customer was not told of the merge",
    },
    "readers": {"ru": "ответы там прочитают", "uk": "відповіді там прочитають", "en": "answers there are read by"},
    "released": {
        "ru": "клиенту уходит ответ: {name}",
        "uk": "клієнтові йде відповідь: {name}",
        "en": "the customer is sent the answer of: {name}",
    },
    "held-back": {
        "ru": "; слова письма никому не ушли: если это подразделение, они для него, а не для клиента",
        "uk": "; слова листа нікому не надіслано: якщо це підрозділ, вони для нього, а не для клієнта",
        "en": "; the words of the letter went to nobody: if it is a unit, they are meant for it and not for the customer",
    },
    "waiting": {
        "ru": "ответа подразделения клиент ещё не видел: чтобы он его получил, ответьте на уведомление об этом ответе строкой «#переслать»",
        "uk": "відповіді підрозділу клієнт ще не бачив: щоб він її отримав, дайте відповідь на сповіщення про неї рядком «#переслати»",
        "en": "the customer has not had a unit's answer yet: for them to get it, reply to the notification of it with “#release”",
    },
    "cover": {
        "ru": "ваши слова прочтут там, клиент их не видит",
        "uk": "ваші слова прочитають там, клієнт їх не бачить",
        "en": "your words are read there, the customer does not see them",
    },
    "help": {"ru": "список ниже", "uk": "список нижче", "en": "the list is below"},
    "term": {"ru": "{what} до {term}", "uk": "{what} до {term}", "en": "{what} by {term}"},
    "passed": {
        "ru": "{what} следовало до {term}, срок истёк",
        "uk": "{what} слід було до {term}, строк минув",
        "en": "{what} was due by {term}, the term has passed",
    },
    "notice": {
        "ru": "{terms}, когда письмо об этом уйдёт клиенту",
        "uk": "{terms}, коли лист про це піде клієнтові",
        "en": "{terms}, once the letter about it has left for the customer",
    },
}
_REFUSALS: _Sentences = {
    # ── what is no command ──
    "unknown": {
        "ru": "такой команды нет; какие есть, сказано ниже",
        "uk": "такої команди немає; які є, сказано нижче",
        "en": "there is no such command; those that there are stand below",
    },
    "misspelt": {
        "ru": "такой команды нет; может быть, {usage}",
        "uk": "такої команди немає; може, {usage}",
        "en": "there is no such command; did you mean {usage}?",
    },
    "argument": {
        "ru": "не понятно, что стоит после команды; пишут так: {usage}",
        "uk": "не зрозуміло, що стоїть після команди; пишуть так: {usage}",
        "en": "what stands behind the command is not understood; it is written like this: {usage}",
    },
    "alone": {
        "ru": "после {usage} ничего не пишут, а следующую команду начинают с новой строки",
        "uk": "після {usage} нічого не пишуть, а наступну команду починають з нового рядка",
        "en": "nothing follows {usage}, and every command has a line of its own",
    },
    "too-many": {
        "ru": "команд в письме больше {limit}; отправьте их несколькими письмами",
        "uk": "команд у листі понад {limit}; надішліть їх кількома листами",
        "en": "the letter has more than {limit} commands; send them in several letters",
    },
    "quoted": {
        "ru": "возможно, это строка клиента из цитаты; команды ставят первыми строками письма",
        "uk": "можливо, це рядок клієнта з цитати; команди ставлять першими рядками листа",
        "en": "this may be the customer's line in a quotation; put commands into the first lines of the letter",
    },
    # ── what cannot be done ──
    "customer-has-it": {
        "ru": "клиент уже получил это письмо и получил бы второе; отправьте команду письмом на адрес поддержки",
        "uk": "клієнт уже отримав цей лист і отримав би другий; надішліть команду листом на адресу підтримки",
        "en": "the customer has this letter and would get a second; send the command in a letter to the support address",
    },
    "nobody-named": {
        "ru": "по письму не видно, кто из сотрудников его написал; напишите имя в поле «От» или ответьте на уведомление",
        "uk": "з листа не видно, хто зі співробітників його написав; вкажіть ім’я в полі «Від» або дайте відповідь на сповіщення",
        "en": "the letter does not tell which agent wrote it; put the name into From, or answer a notification",
    },
    "others": {
        "ru": "команда понятна, но выполняются все команды письма или ни одна",
        "uk": "команда зрозуміла, але виконуються всі команди листа або жодна",
        "en": "understood, but the commands of a letter are carried out all or none",
    },
    "no-address": {
        "ru": "клиент не оставил адреса, и написать ему нельзя",
        "uk": "клієнт не залишив адреси, і написати йому неможливо",
        "en": "the customer left no address and cannot be written to",
    },
    "words-no-address": {
        "ru": "клиент не оставил адреса, и слова письма отправить некому; отправьте команды без них",
        "uk": "клієнт не залишив адреси, і слова листа надіслати нікому; надішліть команди без них",
        "en": "the customer left no address, so nobody can be sent your words; send the commands without them",
    },
    "too-large": {
        "ru": "письмо слишком велико и прочитано не целиком; отправьте команды без вложений",
        "uk": "лист завеликий і прочитаний не повністю; надішліть команди без вкладень",
        "en": "the letter is too large and was not read to its end; send the commands without the attachments",
    },
    "over": {
        "ru": "обращение уже не в работе (статус: {status}); сначала {usage}",
        "uk": "звернення вже не в роботі (статус: {status}); спершу {usage}",
        "en": "the request is not worked on any more (status: {status}); first {usage}",
    },
    "not-planned": {
        "ru": "обращение доработки не ждёт, снимать нечего",
        "uk": "звернення не чекає на доопрацювання, знімати нічого",
        "en": "the request waits for no development, so nothing was taken back",
    },
    "nobody-waits": {
        "ru": "обновления {name} ни одно обращение не ждёт; чтобы ждало, {usage}",
        "uk": "на оновлення {name} жодне звернення не чекає; щоб чекало, {usage}",
        "en": "no request waits for the update {name}; for one to wait, {usage}",
    },
    "too-long-notes": {
        "ru": "слов больше, чем {limit} знаков; поместите подробности на страницу и дайте ссылку",
        "uk": "слів більше, ніж {limit} знаків; розмістіть подробиці на сторінці й дайте посилання",
        "en": "these are more words than {limit} characters; put the details on a page and give its address",
    },
    "release-words": {
        "ru": "выше стоят слова для клиента этого обращения, а об обновлении узнают и другие: напишите всё ниже команды, {usage}",
        "uk": "вище стоять слова для клієнта цього звернення, а про оновлення дізнаються й інші: напишіть усе нижче команди, {usage}",
        "en": "above stand words for the customer of this request, and others hear of the update, too: write all below the command, {usage}",
    },
    "not-over": {
        "ru": "обращение и так в работе: оно не решено и не закрыто",
        "uk": "звернення й так у роботі: його не вирішено й не закрито",
        "en": "the request is worked on anyway: it is neither resolved nor closed",
    },
    "refused": {
        "ru": "обращению отказано; чтобы всё же обслужить его, {usage}",
        "uk": "зверненню відмовлено; щоб усе ж обслужити його, {usage}",
        "en": "the request was refused; to serve it after all, {usage}",
    },
    "spam-words": {
        "ru": "спаму не отвечают; отправьте команду без других слов",
        "uk": "спаму не відповідають; надішліть команду без інших слів",
        "en": "spam is not answered; send the command without other words",
    },
    "undo-alone": {
        "ru": "отмену пишут одну, без других команд и слов",
        "uk": "скасування пишуть саме, без інших команд і слів",
        "en": "undo stands alone, without other commands and words",
    },
    "nothing-to-undo": {
        "ru": "отменять нечего: последнее письмо с командами уже отменено, или его не было",
        "uk": "скасовувати нічого: останній лист із командами вже скасовано, або його не було",
        "en": "there is nothing to undo: the last letter of commands has been taken back, or there was none",
    },
    "not-yours": {
        "ru": "последние команды в этом обращении не ваши: их дал сотрудник {name}",
        "uk": "останні команди в цьому зверненні не ваші: їх дав співробітник {name}",
        "en": "the last commands in this request are not yours: {name} gave them",
    },
    "touched": {
        "ru": "после тех команд в обращении уже было другое; верните нужное командами",
        "uk": "після тих команд у зверненні вже було інше; поверніть потрібне командами",
        "en": "something else has happened to the request since; put right by commands what you need",
    },
    "against": {
        "ru": "этому противоречит {command}; оставьте одно из двух",
        "uk": "цьому суперечить {command}; залиште щось одне",
        "en": "{command} says otherwise; leave one of the two",
    },
    "waits": {
        "ru": "обращение ждёт, и срок его сейчас не идёт; сначала {usage}",
        "uk": "звернення чекає, і строк його зараз не йде; спершу {usage}",
        "en": "the request waits and its term does not run; first {usage}",
    },
    "contradicted": {
        "ru": "другая команда письма меняет тот же срок; отправьте их разными письмами",
        "uk": "інша команда листа змінює той самий строк; надішліть їх різними листами",
        "en": "another command of the letter changes the same term; send them in letters of their own",
    },
    "written": {
        "ru": "другая команда письма уже пишет клиенту, и иначе; отправьте их разными письмами",
        "uk": "інша команда листа вже пише клієнтові, й інакше; надішліть їх різними листами",
        "en": "another command of the letter writes to the customer already, otherwise; send them in letters of their own",
    },
    "no-client": {
        "ru": "клиента с таким ключом в реестре нет; ключи знает администратор",
        "uk": "клієнта з таким ключем у реєстрі немає; ключі знає адміністратор",
        "en": "the register has no client with that key; the administrator knows the keys",
    },
    "client-address": {
        "ru": "здесь называют ключ клиента; за другого человека обращение заводят новым письмом: эта же строка и его слова",
        "uk": "тут називають ключ клієнта; за іншу людину звернення створюють новим листом: цей самий рядок і її слова",
        "en": "here the client’s key is named; a request of somebody else is opened by a new letter: this line and their words",
    },
    "no-names": {
        "ru": "в настройке нет ни одного такого названия",
        "uk": "у налаштуваннях немає жодної такої назви",
        "en": "the configuration has no names for that",
    },
    "no-name": {
        "ru": "такого названия нет; есть {names}",
        "uk": "такої назви немає; є {names}",
        "en": "there is no such name; there are {names}",
    },
    "ambiguous": {
        "ru": "так начинается не одно название: {names}",
        "uk": "так починається не одна назва: {names}",
        "en": "more than one name begins so: {names}",
    },
    "no-ticket": {
        "ru": "обращения {number} нет",
        "uk": "звернення {number} немає",
        "en": "there is no request {number}",
    },
    "itself": {
        "ru": "{number} и есть это обращение",
        "uk": "{number} і є це звернення",
        "en": "{number} is this very request",
    },
    "over-there": {
        "ru": "обращение {number} уже не в работе (статус: {status}); сначала откройте его",
        "uk": "звернення {number} вже не в роботі (статус: {status}); спершу відкрийте його",
        "en": "request {number} is not worked on any more (status: {status}); open it first",
    },
    "strangers": {
        "ru": "{number} завёл {theirs}, а это обращение {mine}: клиенты разные, и чужую переписку им видеть нельзя",
        "uk": "{number} завів {theirs}, а це звернення {mine}: клієнти різні, і чуже листування їм бачити не можна",
        "en": "{number} is by {theirs} and this request by {mine}: they are different clients, who may not see each other's letters",
    },
    "no-part": {
        "ru": "в первом письме клиента не видно вопроса {number}; вместо числа напишите слова самого вопроса",
        "uk": "у першому листі клієнта не видно питання {number}; замість числа напишіть слова самого питання",
        "en": "there is no request {number} to be seen in the customer’s first letter; write the words of the request instead of a number",
    },
    # ── what cannot be written down for somebody else ──
    "behalf-later": {
        "ru": "обращение только заводится; отправьте команду ответом на это письмо",
        "uk": "звернення лише створюється; надішліть команду відповіддю на цей лист",
        "en": "the request is only being opened; send the command in a reply to this letter",
    },
    "behalf-two": {
        "ru": "чьё это обращение, неясно: назван не один человек",
        "uk": "чиє це звернення, незрозуміло: названо не одну людину",
        "en": "it is unclear whose request this is: more than one person is named",
    },
    "behalf-agent": {
        "ru": "это адрес сотрудника, а не клиента; назовите адрес клиента",
        "uk": "це адреса співробітника, а не клієнта; вкажіть адресу клієнта",
        "en": "this is an agent’s address and no customer’s; give the customer’s address",
    },
    "behalf-ours": {
        "ru": "это наш собственный адрес; назовите адрес клиента",
        "uk": "це наша власна адреса; вкажіть адресу клієнта",
        "en": "this is our own address; give the customer’s address",
    },
    "behalf-no-reply": {
        "ru": "на этот адрес не отвечают; назовите другой или напишите «без адреса»",
        "uk": "на цю адресу не відповідають; вкажіть іншу або напишіть «без адреси»",
        "en": "nobody reads letters to this address; give another one, or write “no address”",
    },
    "behalf-address": {
        "ru": "письмо на такой адрес не отправить; проверьте его или напишите «без адреса»",
        "uk": "лист на таку адресу не надіслати; перевірте її або напишіть «без адреси»",
        "en": "no letter can be sent to such an address; check it, or write “no address”",
    },
    "no-agent": {
        "ru": "такого сотрудника нет; есть {names}",
        "uk": "такого співробітника немає; є {names}",
        "en": "there is no such colleague; there are {names}",
    },
    "ambiguous-agent": {
        "ru": "под это подходит не один сотрудник: {names}; назовите имя целиком или адрес",
        "uk": "під це підходить не один співробітник: {names}; назвіть ім’я повністю або адресу",
        "en": "more than one colleague may be meant: {names}; give the whole name or the address",
    },
    "no-whom": {
        "ru": "такого сотрудника или подразделения нет; есть {names}{held}",
        "uk": "такого співробітника чи підрозділу немає; є {names}{held}",
        "en": "there is no such colleague or unit; there are {names}{held}",
    },
    "ambiguous-whom": {
        "ru": "под это подходит не одно имя: {names}; назовите его целиком{held}",
        "uk": "під це підходить не одне ім’я: {names}; назвіть його повністю{held}",
        "en": "more than one of them may be meant: {names}; give the whole name{held}",
    },
    "units-own": {
        "ru": "подразделение само прислало это обращение, передать его туда нельзя",
        "uk": "підрозділ сам надіслав це звернення, передати його туди не можна",
        "en": "the unit has sent this request itself and cannot be passed it",
    },
    "units-limit": {
        "ru": "подразделение уже получило {limit} писем за последнее время; попробуйте позже",
        "uk": "підрозділ уже отримав {limit} листів за останній час; спробуйте пізніше",
        "en": "the unit has had {limit} letters lately; try later",
    },
    "cut": {
        "ru": "письмо прочитано не целиком, и подразделение получило бы только его начало; перешлите его туда сами",
        "uk": "лист прочитано не повністю, і підрозділ отримав би лише його початок; перешліть його туди самі",
        "en": "the letter was not read to its end and the unit would have its beginning only; forward it there yourself",
    },
    "nothing-of-units": {
        "ru": "в обращении нет ответа подразделения, которого клиент ещё не видел",
        "uk": "у зверненні немає відповіді підрозділу, якої клієнт ще не бачив",
        "en": "the request has no answer of a unit that the customer has not had",
    },
    "unseen": {
        "ru": "подразделение ответило позже письма, на которое вы отвечаете; прочтите уведомление об этом и ответьте на него",
        "uk": "підрозділ відповів пізніше за лист, на який ви відповідаєте; прочитайте сповіщення про це й дайте відповідь на нього",
        "en": "the unit has answered after the letter that you reply to; read the notification of that and reply to it",
    },
    "units-cut": {
        "ru": "письмо подразделения прочитано не целиком; напишите клиенту своими словами",
        "uk": "лист підрозділу прочитано не повністю; напишіть клієнтові своїми словами",
        "en": "the unit's letter was not read to its end; write to the customer in your own words",
    },
    "units-quote": {
        "ru": "в словах подразделения осталась цитата нашего письма; напишите клиенту своими словами",
        "uk": "у словах підрозділу лишилася цитата нашого листа; напишіть клієнтові своїми словами",
        "en": "a quotation of our letter is left among the unit's words; write to the customer in your own words",
    },
    "units-no-words": {
        "ru": "в ответе подразделения нет слов для клиента; напишите ему своими словами",
        "uk": "у відповіді підрозділу немає слів для клієнта; напишіть йому своїми словами",
        "en": "the unit's answer has no words for the customer; write to them in your own words",
    },
    "no-offer": {
        "ru": "такой услуги нет; есть {names}; для другой работы назовите сумму с валютой: {usage}",
        "uk": "такої послуги немає; є {names}; для іншої роботи назвіть суму з валютою: {usage}",
        "en": "there is no such work; there are {names}; for other work give a sum with its currency: {usage}",
    },
    "no-offers": {
        "ru": "готовых услуг в настройке нет; назовите сумму с валютой: {usage}",
        "uk": "готових послуг у налаштуваннях немає; назвіть суму з валютою: {usage}",
        "en": "the configuration has no work ready; give a sum with its currency: {usage}",
    },
    "which-ground": {
        "ru": "никакое основание не предложено, назовите его: {names}",
        "uk": "жодної підстави не запропоновано, назвіть її: {names}",
        "en": "no ground is proposed, name one: {names}",
    },
    "no-ground": {
        "ru": "обращение и так обслуживается: ему не отказано, и оно не отложено",
        "uk": "звернення й так обслуговується: йому не відмовлено, і його не відкладено",
        "en": "the request is served anyway: it is neither refused nor put off",
    },
    "decided": {
        "ru": "обращение уже закрыто или решено",
        "uk": "звернення вже закрито або вирішено",
        "en": "the request is closed or resolved already",
    },
    # ── what terms do not allow ──
    "past": {
        "ru": "срок до {term} уже прошёл; назовите будущий",
        "uk": "строк до {term} уже минув; назвіть майбутній",
        "en": "the term {term} has passed already; name one to come",
    },
    "resolved": {
        "ru": "обращение решено, срока у него больше нет; сначала {usage}",
        "uk": "звернення вирішено, строку в нього більше немає; спершу {usage}",
        "en": "the request is resolved and has no term any more; first {usage}",
    },
    "nothing-runs": {
        "ru": "у обращения нет срока, который ещё идёт",
        "uk": "у звернення немає строку, який ще йде",
        "en": "the request has no term that still runs",
    },
    "fixed": {
        "ru": "обещанные сроки этого обращения продлевать нельзя",
        "uk": "обіцяні строки цього звернення подовжувати не можна",
        "en": "what is promised on this request may not be extended",
    },
    "set": {
        "ru": "срок назначил сотрудник; назначьте другой: {usage}",
        "uk": "строк призначив співробітник; призначте інший: {usage}",
        "en": "a colleague has set the term; set another one: {usage}",
    },
    "twice": {
        "ru": "срок уже продлевали, а продлить его можно только один раз",
        "uk": "строк уже подовжували, а подовжити його можна лише один раз",
        "en": "the term has been extended before, and only once it may be",
    },
    "overdue": {
        "ru": "срок до {term} уже истёк, а продлить его можно только заранее",
        "uk": "строк до {term} уже минув, а подовжити його можна лише заздалегідь",
        "en": "the term {term} has passed, and it may only be extended beforehand",
    },
    "beyond": {
        "ru": "столько нельзя: всего с получения самое большее {limit}",
        "uk": "стільки не можна: усього від отримання щонайбільше {limit}",
        "en": "that is too long: {limit} at most, in total from receipt",
    },
    "no-more": {
        "ru": "это не дольше обещанного: {limit} с получения; назовите больше",
        "uk": "це не довше за обіцяне: {limit} від отримання; назвіть більше",
        "en": "that is no more than is promised: {limit} from receipt; name more",
    },
    "uncounted": {
        "ru": "срок решения этого обращения ни от какого дня не считается; назначьте его: {usage}",
        "uk": "строк вирішення цього звернення не рахується від жодного дня; призначте його: {usage}",
        "en": "no day is what the solution of this request is counted from; set its term: {usage}",
    },
    "half-days": {
        "ru": "этот срок считают целыми днями, самое большее {limit}",
        "uk": "цей строк рахують цілими днями, щонайбільше {limit}",
        "en": "this term is counted in whole days, {limit} at most",
    },
}


def say_status(status: str, language: str, wait: str = "") -> str:
    """Return where a ticket stands, and if known what it waits for: "новое", "ждёт релиза"."""
    return _WAITS[wait][language] if wait else _STATUSES[status][language]


def say_released(unit: str, language: str) -> str:
    """Return whose words go to the customer."""
    return _PHRASES["released"][language].format(name=unit)


def say_standing(standing: str, language: str) -> str:
    """Return how a client stands: "обслуживается"."""
    return _STANDINGS[standing][language]


def say_change(what: str, before: str, after: str, language: str) -> str:
    """Return what was and what is of `agent`, `status`, `client`, `term`, `category`, `service` or `severity`: "статус: новое → в работе"."""
    return f"{_LABELS[what][language]}: {before} → {after}"


def say_phrase(name: str, language: str) -> str:
    """Return `nobody`, `nothing` (none there, before an arrow), or `help` (the list is below)."""
    return _PHRASES[name][language]


def say_time(time: str, language: str) -> str:
    """Return that a duration was noted: "записано: 1 час 30 минут"."""
    return f"{_LABELS['time'][language]}: {time}"


def say_term(moment: str, term: str, language: str, *, passed: bool = False) -> str:
    """Return what is to be done by when: "ответить до 18:00 вторника, 24 ноября (МСК)"; or that it should have been."""
    return _PHRASES["passed" if passed else "term"][language].format(what=_MOMENTS[moment][language], term=term)


def say_when_noticed(terms: str, language: str) -> str:
    """Return that a change of terms counts only once the customer's letter has left."""
    return _PHRASES["notice"][language].format(terms=terms)


def say_refusal(reason: str, language: str, **facts: str) -> str:
    """Return why a command was not carried out, and what would work. `facts` fill the gaps of the sentence."""
    return _REFUSALS[reason][language].format(**facts)
