"""How autoresponders word what they send, by language. Words only; `autoreply` and `receipts` say what follows from them."""

from maild.ingest.machines.phrases import Phrases

# What only a machine puts before the subject that it answers, with a colon, a bracket or nothing behind it
SUBJECTS = Phrases("""
en: automatic reply | automatic response | automated reply | automated response | automatic answer | auto reply | autoreply | auto-reply | auto response | autoresponse | auto-response | auto responder | autoresponder | auto-responder | auto answer | autoanswer | auto: out of office | out of office autoreply | out of office auto reply | out of office reply | out of office notification | out of office message | out-of-office reply | vacation reply | vacation message | vacation response | vacation notice | vacation autoreply | away message | away notice | automatic notification
ru: автоответ | автоответчик | авто ответ | автоматический ответ | автоматическое сообщение | автоматическое уведомление | автоматическое письмо | автоматически отправленный ответ
uk: автовідповідь | автовідповідач | автоматична відповідь | автоматичне повідомлення
be: аўтаадказ | аўтаматычны адказ
de: automatische antwort | automatisch generierte antwort | automatische abwesenheitsnotiz | abwesenheitsnotiz | abwesenheitsnachricht | abwesenheitsmeldung | abwesenheitsassistent | auto-antwort | autoantwort
fr: réponse automatique | réponse automatisée | message automatique | message d'absence | avis d'absence | notification d'absence
es: respuesta automática | contestación automática | mensaje automático | autorespuesta | auto-respuesta | respuesta de ausencia
it: risposta automatica | messaggio automatico | risponditore automatico | avviso di assenza | notifica di assenza
pl: automatyczna odpowiedź | autoodpowiedź | odpowiedź automatyczna | autoresponder | powiadomienie o nieobecności
pt: resposta automática | resposta automatizada | mensagem automática | autoresposta | aviso de ausência
nl: automatisch antwoord | automatische beantwoording | automatische reactie | afwezigheidsbericht | afwezigheidsmelding
sv: autosvar | automatiskt svar | frånvaromeddelande | frånvaro autosvar
da: autosvar | automatisk svar | fraværsmeddelelse | ikke til stede autosvar
no: autosvar | automatisk svar | fraværsmelding
fi: automaattinen vastaus | automaattivastaus | poissaoloviesti | poissaoloilmoitus
cs: automatická odpověď | automatická zpráva | autoodpověď | oznámení o nepřítomnosti
sk: automatická odpoveď
hu: automatikus válasz | automatikus üzenet
tr: otomatik yanıt | otomatik cevap | otomatik ileti
ro: răspuns automat | mesaj automat
bg: автоматичен отговор | автоматично съобщение
sr: automatski odgovor | аутоматски одговор
sl: samodejni odgovor | samodejno sporočilo
lv: automātiska atbilde | ārpus biroja | arpus biroja
lt: automatinis atsakymas
et: automaatvastus | automaatne vastus
el: αυτόματη απάντηση
ka: ავტომატური პასუხი
kk: автоматты жауап
he: מענה אוטומטי | תשובה אוטומטית
zh: 自动答复 | 自动回复 | 自動回覆
ja: 自動応答 | 自動返信
""")

# Subjects that announce an absence; people head their letters so, too
ABSENT_SUBJECTS = Phrases("""
en: out of office | out of the office | out-of-office | ooo | i am out of office | i am out of the office | i'm out of the office | away from office | away from the office | away from my desk | away from my mail
ru: нет на рабочем месте | нет на месте | нет на работе | нет в офисе | вне офиса | отсутствую | отсутствую в офисе | отсутствую на рабочем месте | отсутствие в офисе | отсутствие на рабочем месте | я в отпуске | нахожусь в отпуске | я в командировке | нахожусь в командировке
uk: поза офісом | відсутній | відсутня | відсутній в офісі | відсутня в офісі | немає на місці | немає на робочому місці | я у відпустці | перебуваю у відпустці
de: nicht im büro | außer haus | ich bin nicht im büro | abwesenheit vom büro
fr: absence du bureau | absent du bureau | absente du bureau | hors du bureau
es: fuera de la oficina | fuera de oficina
it: fuori sede | fuori ufficio
pl: poza biurem | jestem nieobecny | jestem nieobecna
pt: fora do escritório | ausência do escritório
nl: niet op kantoor | afwezig van kantoor
sv: inte på kontoret | ej på kontoret
da: ikke på kontoret | ikke til stede
no: ikke på kontoret | ikke til stede
fi: poissa toimistosta
cs: mimo kancelář
hu: házon kívül | nem vagyok az irodában
tr: ofis dışında | ofis dışındayım
""")

# How somebody absent says so, to whoever reads; people say it too
ABSENCES = Phrases("""
en: i am out of the office | i'm out of the office | i am out of office | i'm out of office | i am currently out of | i'm currently out of | i will be out of the office | i'll be out of the office | i will be out of office | i am away from | i'm away from | i am currently away | i'm currently away | i will be away | i'll be away | am on vacation | i'm on vacation | am on holiday | i'm on holiday | am on leave | i'm on leave | am on annual leave | i'm on annual leave | am on maternity leave | am on parental leave | am on sick leave | out of the office until | out of office until | out of the office from | out of the office returning | is out of the office | is out of office | away until | am absent | limited access to my e-mail | limited access to my email | limited access to email | limited access to e-mail | no access to my email | no access to email | will be back on | will be back in the office | i will return on | will return to the office | when i return | upon my return | on my return | not available until | i am not in the office | i'm not in the office | not in the office
ru: я в отпуске | нахожусь в отпуске | буду в отпуске | ухожу в отпуск | ушел в отпуск | ушла в отпуск | в очередном отпуске | в ежегодном отпуске | в декретном отпуске | в отпуске до | в отпуске по | в отпуске с | сейчас в отпуске | я отсутствую | отсутствую до | отсутствую с | отсутствую на рабочем месте | отсутствую в офисе | временно отсутствую | буду отсутствовать | в данный момент отсутствую | сейчас отсутствую | меня нет на рабочем месте | меня нет на месте | меня нет в офисе | меня не будет | нет на рабочем месте | нахожусь вне офиса | вне офиса до | нахожусь в командировке | я в командировке | буду в командировке | в командировке до | в командировке с | на больничном | ограниченный доступ к почте | ограничен доступ к почте | нет доступа к почте | не имею доступа к почте | смогу ответить после | отвечу после возвращения | отвечу на ваше письмо после | отвечу сразу после | отвечу вам после | по возвращении | после моего возвращения | выйду на работу | вернусь к работе | вернусь в офис | буду на рабочем месте | буду в офисе с | не читаю почту
uk: я у відпустці | перебуваю у відпустці | знаходжусь у відпустці | буду у відпустці | у відпустці до | у відпустці з | у відпустці по | я відсутній | я відсутня | відсутній до | відсутня до | відсутній на робочому місці | відсутня на робочому місці | відсутній в офісі | відсутня в офісі | буду відсутній | буду відсутня | тимчасово відсутн* | мене немає на робочому місці | мене немає на місці | мене не буде | у відрядженні | на лікарняному | обмежений доступ до пошти | не матиму доступу до пошти | не маю доступу до пошти | зможу відповісти після | відповім після повернення | після повернення
de: nicht im büro | ich bin vom | ich bin bis zum | ich bin bis einschließlich | ich bin bis einschliesslich | bin ich vom | ich bin derzeit nicht | ich bin zur zeit nicht | ich bin momentan nicht | ich bin abwesend | bin abwesend | bin ich abwesend | derzeit abwesend | ich bin im urlaub | bin im urlaub | im urlaub bis | außer haus | nicht im hause | nicht im haus | nicht erreichbar | wieder im büro | wieder erreichbar | bin wieder | nach meiner rückkehr | eingeschränkten zugriff | keinen zugriff auf | ihre e-mail wird nicht weitergeleitet
fr: je suis absent | je suis absente | je suis actuellement absent* | je serai absent* | je suis en congé* | je suis actuellement en congé* | actuellement en congé* | en congés jusqu'au | absent du bureau | absente du bureau | hors du bureau | de retour le | à mon retour | je n'ai pas accès à ma messagerie | accès limité à | je serai de retour
es: estoy fuera de la oficina | me encuentro fuera | estaré fuera | fuera de la oficina | fuera de oficina | estoy de vacaciones | estaré de vacaciones | me encuentro de vacaciones | estoy ausente | estaré ausente | me encuentro ausente | a mi regreso | a mi vuelta | regreso el | volveré el | acceso limitado
it: sono fuori sede | sono fuori ufficio | sarò fuori ufficio | sono assente | sarò assente | sono in ferie | sarò in ferie | fuori ufficio fino | assente dall'ufficio | al mio rientro | al mio ritorno | accesso limitato
pl: jestem nieobecn* | będę nieobecn* | jestem na urlopie | przebywam na urlopie | będę na urlopie | jestem poza biurem | będę poza biurem | poza biurem do | nieobecny do | nieobecna do | po powrocie | ograniczony dostęp do poczty | nie mam dostępu do poczty
pt: estou fora do escritório | estarei fora | estou ausente | estarei ausente | encontro-me ausente | estou de férias | estarei de férias | estou em férias | encontro-me de férias | no meu regresso | no meu retorno | acesso limitado
nl: ik ben afwezig | ben ik afwezig | ik ben momenteel | ik ben niet op kantoor | ben ik niet op kantoor | ik ben met vakantie | ik ben op vakantie | niet aanwezig | afwezig tot | na mijn terugkeer | bij terugkomst | weer aanwezig | beperkt toegang
sv: jag är på semester | jag har semester | jag är inte på kontoret | jag är frånvarande | jag är ledig | jag är bortrest | jag är borta | åter på kontoret | tillbaka den | begränsad tillgång till
da: jeg er ikke på kontoret | jeg er på ferie | jeg holder ferie | jeg er fraværende | jeg er ikke til stede | tilbage på kontoret | jeg er tilbage | begrænset adgang til
no: jeg er ikke på kontoret | jeg er på ferie | jeg har ferie | jeg er fraværende | jeg er bortreist | tilbake på kontoret | jeg er tilbake | begrenset tilgang til
fi: olen poissa | olen lomalla | olen vuosilomalla | palaan | poissa toimistosta
cs: jsem mimo kancelář | jsem na dovolené | budu na dovolené | jsem nepřítom* | nejsem v kanceláři | mimo kancelář do | po svém návratu | po návratu | budu zpět | omezený přístup
sk: som na dovolenke | som mimo kancelárie
hu: nem vagyok az irodában | szabadságon vagyok | szabadságon leszek | házon kívül vagyok | nem vagyok elérhető
tr: ofis dışındayım | izindeyim | yıllık izindeyim | tatildeyim | ofiste olmayacağım | izinde olacağım | dönüşümde | tarihinde döneceğim
lv: esmu atvaļinājumā | neesmu birojā
lt: atostogauju | esu atostogose | nesu biure
et: olen puhkusel | olen kontorist ära
ro: sunt în concediu | sunt plecat din birou
bg: в отпуск съм | извън офиса съм
""")

# What an autoresponder says of its own letter
OF_ITSELF = Phrases("""
en: this is an automatic | this is an automated | this is an auto-* | this is an autoresponse | this is an autoreply | this message is automatic* | this is automatic* | this email is automatic* | this is a system generated | this message was sent automatically | this message was generated automatically | this email was sent automatically | this mail was generated automatically | this e-mail was generated automatically | automatically generated message | automatically generated email | automatically generated e-mail | automatically generated reply | automatically generated response | automated reply to your | automated response to your | automatic reply to your | automatic response to your | please do not reply to this | do not reply to this message | do not reply to this email | do not reply to this e-mail | please do not respond to this | only notification you will receive | only one such message
ru: это автоответ | это автоматический ответ | это автоматическое сообщение | это автоматическое уведомление | это автоматическое письмо | это автоматическое оповещение | это автоматическое извещение | данное сообщение сформировано автоматически | это сообщение сформировано автоматически | сообщение сформировано автоматически | письмо сформировано автоматически | сообщение создано автоматически | письмо создано автоматически | сообщение отправлено автоматически | письмо отправлено автоматически | ответ отправлен автоматически | ответ сформирован автоматически | ответ создан автоматически | это письмо отправлено роботом | письмо отправлено роботом | это автоматически сформированн* | это автоматически созданн* | это автоматически сгенерированн* | это автоматически отправленн* | это автоматическая рассылка | с вами говорит автоответчик | вам отвечает автоответчик | вам отвечает робот | не отвечайте на это письмо | не отвечайте на это сообщение | не нужно отвечать на это | отвечать на это письмо не | отвечать на него не нужно | отвечать на это сообщение не | на это письмо отвечать не
uk: це автовідповідь | це автоматична відповідь | це автоматичне повідомлення | це автоматичне сповіщення | це автоматичний лист | це автоматично сформован* | це автоматично створен* | це автоматично згенерован* | повідомлення сформовано автоматично | повідомлення створено автоматично | лист сформовано автоматично | лист створено автоматично | повідомлення надіслано автоматично | лист надіслано автоматично | не відповідайте на цей лист | не відповідайте на це повідомлення | відповідати на цей лист не | відповідати на нього не
de: dies ist eine automatisch* | dies ist eine automatisierte* | dies ist eine auto* | diese e-mail wurde automatisch | diese nachricht wurde automatisch | automatisch generierte | automatisch erzeugte | automatisch erstellte | bitte antworten sie nicht auf diese
fr: ceci est un message automatique | ceci est une réponse automatique | ceci est un message généré automatiquement | cet e-mail est automatique | message généré automatiquement | ce message a été généré automatiquement | ce message est généré automatiquement | merci de ne pas répondre à ce | ne pas répondre à ce message | veuillez ne pas répondre à
es: este es un mensaje automático | esta es una respuesta automática | mensaje generado automáticamente | este mensaje ha sido generado automáticamente | correo generado automáticamente | por favor no responda a este | no responda a este
it: questo è un messaggio automatico | questa è una risposta automatica | messaggio generato automaticamente | questo messaggio è stato generato automaticamente | risposta automatica generata | si prega di non rispondere a questo | non rispondere a questo messaggio | non rispondere a questa
pl: to jest automatyczna | to jest wiadomość automatyczna | to jest automatycznie | wiadomość wygenerowana automatycznie | wiadomość została wygenerowana automatycznie | wygenerowano automatycznie | prosimy nie odpowiadać na | proszę nie odpowiadać na
pt: esta é uma mensagem automática | esta é uma resposta automática | mensagem gerada automaticamente | e-mail automático | por favor não responda a este | favor não responder | não responda a este
nl: dit is een automatisch* | dit bericht is automatisch | automatisch gegenereerd | gelieve niet te antwoorden op | niet beantwoorden
sv: detta är ett automatiskt | detta är ett autosvar | automatiskt genererat | svara inte på detta
da: dette er et automatisk | dette er en automatisk | dette er et autosvar | automatisk genereret
no: dette er et automatisk | dette er en automatisk | dette er et autosvar | automatisk generert
fi: tämä on automaattinen | automaattisesti lähetetty | älä vastaa tähän
cs: toto je automatick* | tato zpráva byla vygenerována automaticky | zpráva byla automaticky | na tento e-mail neodpovídejte | neodpovídejte na
hu: ez egy automatikus | automatikusan generált | kérjük ne válaszoljon
tr: bu otomatik | bu bir otomatik | otomatik olarak gönderilmiştir | otomatik olarak oluşturul* | lütfen bu e-postayı yanıtlamayın
""")

# What an autoresponder tells beside the absence: whom to turn to, thanks for a letter that nobody has read yet
POLITENESS = Phrases("""
en: urgent | in my absence | during my absence | while i am away | during this time | please contact | for immediate | if you need immediate | need immediate assistance | emergency | thank you for your email | thank you for your e-mail | thank you for your mail | thank you for your message | thank you for contacting | thanks for your email | thanks for your message | thank you for writing | will respond | will reply | i will get back | will get back to you | reply as soon as | respond as soon as | answer your message | will not be forwarded
ru: срочн* | в мое отсутствие | на время моего отсутствия | во время моего отсутствия | в период моего отсутствия | замеща* | обращайтесь | обращаться | просьба обращаться | пожалуйста обращайтесь | можно обратиться | контактное лицо | спасибо за письмо | спасибо за ваше письмо | спасибо за обращение | спасибо за ваше обращение | благодарим за письмо | благодарим за обращение | благодарю за письмо | благодарю за ваше письмо | ваше письмо получено | ваше письмо очень важно | ваше сообщение получено | отвечу вам | отвечу на ваше | отвечу на письмо | обязательно отвечу | отвечу сразу | отвечу позже | свяжусь с вами | ответим вам
uk: терміново | термінов* | за моєї відсутності | на час моєї відсутності | під час моєї відсутності | звертайтеся | звертайтесь | звертатися | прошу звертатися | дякую за лист | дякую за ваш лист | дякуємо за лист | дякуємо за звернення | ваш лист отримано | відповім вам | відповім на ваш | зв'яжуся з вами
de: in dringenden | dringende* | während meiner abwesenheit | in meiner abwesenheit | wenden sie sich | vertretung | vertritt mich | vielen dank für ihre | danke für ihre | melde mich | werde ich mich | so bald wie möglich | schnellstmöglich | nicht weitergeleitet
fr: urgence | urgent* | en mon absence | pendant mon absence | durant mon absence | veuillez contacter | vous pouvez contacter | merci pour votre message | merci de votre message | merci pour votre mail | je vous répondrai | répondrai dès | dans les meilleurs délais
es: urgente* | urgencia* | en mi ausencia | durante mi ausencia | puede contactar | póngase en contacto | diríjase | gracias por su mensaje | gracias por su correo | gracias por contactar | responderé
it: urgent* | urgenza | in mia assenza | durante la mia assenza | vi prego di contattare | contattare | rivolgersi | grazie per il messaggio | grazie per la sua | la ringrazio | risponderò
pl: piln* | pod moją nieobecność | podczas mojej nieobecności | w czasie mojej nieobecności | proszę o kontakt | proszę kontaktować | zastępuje mnie | dziękuję za wiadomość | dziękuję za e-mail | dziękujemy za | odpowiem
pt: urgente* | urgência | na minha ausência | durante a minha ausência | contactar | contatar | entre em contato | obrigado pelo | obrigada pelo | obrigado pela | responderei
nl: dringende* | spoed* | tijdens mijn afwezigheid | in mijn afwezigheid | contact opnemen met | bedankt voor uw | dank voor uw | zal ik uw | beantwoord*
sv: brådskande | akuta ärenden | kontakta | tack för ditt | svarar | återkommer
da: haster | i mit fravær | kontakt venligst | kontakte | tak for din | besvarer | vender tilbage
no: haster | i mitt fravær | kontakt | takk for din | svarer
fi: kiireell* | kiireisissä | ota yhteyttä | yhteyttä | kiitos viestistäsi | vastaan
cs: naléhav* | v mé nepřítomnosti | kontaktujte | obraťte se | děkuji za vaši | děkuji za váš | odpovím
hu: sürgős | távollétemben | forduljon | köszönöm | válaszolok
tr: acil | yokluğumda | iletişime | teşekkür | yanıtla*
""")

# How another company's desk confirms a letter
RECEIVED = Phrases("""
en: we have received your | we received your | your request has been received | your message has been received | your email has been received | your ticket has been | your request has been | has been received and | a ticket has been | ticket has been created | case has been created | case number | ticket number | your enquiry has been | your inquiry has been | we will get back to you | one of our | we aim to respond | within one business day | within 24 hours
ru: ваше обращение зарегистрировано | ваше обращение принято | ваше обращение получено | ваша заявка зарегистрирована | ваша заявка принята | ваш запрос зарегистрирован | ваш запрос принят | ваш запрос получен | ваше письмо получено | ваше письмо зарегистрировано | ваше письмо принято | ваше сообщение получено | ваше сообщение принято | мы получили ваше | мы получили вашу | мы получили ваш | присвоен номер | заявке присвоен | обращению присвоен | заявка зарегистрирована | обращение зарегистрировано | номер обращения | номер заявки | будет рассмотрено | ответим вам в ближайшее | ответим в ближайшее | специалист свяжется
uk: ваше звернення зареєстровано | ваше звернення прийнято | ваш запит зареєстровано | ваш запит прийнято | ваш лист отримано | ми отримали ваш | ми отримали ваше | присвоєно номер | номер звернення
de: wir haben ihre | ihre anfrage ist | ihre anfrage wurde | ihre e-mail ist bei uns eingegangen | ticketnummer | vorgangsnummer
fr: nous avons bien reçu | votre demande a été | votre demande a bien été | numéro de ticket
es: hemos recibido su | su solicitud ha sido | número de ticket
it: abbiamo ricevuto la | la sua richiesta è stata | numero di ticket
pl: otrzymaliśmy | zgłoszenie zostało | numer zgłoszenia
pt: recebemos a sua | recebemos seu | sua solicitação foi | número do chamado
nl: wij hebben uw | uw aanvraag is | ticketnummer
cs: obdrželi jsme | váš požadavek byl | číslo požadavku
tr: talebiniz alın* | talebiniz alındı
""")

# By which people who write about autoresponders give themselves away
DISCUSSING = Phrases("""
en: auto-reply | autoreply | auto reply | autoresponder | auto-responder | automatic reply to be | automatic replies | out of office reply | out of office replies | out of office message | out-of-office message | out of office assistant | vacation responder | set up an | turn off | doesn't work | does not work | not working | please set up | please enable | please disable | could you | can you | can't | i need | we need | please reset | please add | please check | please change | please cancel | please move | please postpone
ru: автоответ* | не работает | не отправля* | не приходит | настро* | включить | включите | включит | отключить | отключите | отключит | подключит* | помогите | подскажите | почему | прошу вас | прошу настро* | прошу сделать | прошу провер* | прошу прислать | прошу предостав* | прошу отключ* | прошу включ* | прошу помочь | прошу оформ* | прошу согласова* | прошу разобраться | прошу выслать | прошу отправить | прошу дать | просим вас | мне нужн* | нам нужн* | нам необходимо | мне необходимо | перенес* | пришлите | отправьте | проверьте | сделайте | измените | отмените | добавьте | удалите | оформит* | согласу*
uk: автовідпов* | не працює | не надсила* | налашту* | увімкн* | вимкн* | підключ* | допоможіть | підкажіть | чому | прошу перене* | мені потрібн* | нам потрібн* | перенес* | надішліть | перевірте | змініть
de: abwesenheitsassistent* | autoresponder | funktioniert nicht | einrichten | können sie | könnten sie | ich brauche | ich benötige
fr: répondeur automatique | ne fonctionne pas | pouvez-vous | pourriez-vous | j'ai besoin | je souhaite
es: no funciona | podría* | puede usted | necesito | necesitamos
it: non funziona | potrebbe | potete | ho bisogno | vorrei
pl: nie działa | czy można | czy mogą | potrzebuję | proszę o zmianę | proszę o przesłanie
""")

# What people want done with an autoresponder
SETTING_UP = Phrases("""
en: auto-reply | autoreply | autoresponder | auto-responder | automatic repl* | out of office repl* | out of office message | set up | turn off | turn on | enable | disable | doesn't work | does not work | not working
ru: автоответ* | автоматический ответ | автоматического ответа | настро* | включить | включите | отключ* | подключ* | не работает | не отправля* | не приходит
uk: автовідпов* | налашту* | увімкн* | вимкн* | підключ* | не працює | не надсила*
de: abwesenheit* | autoresponder | automatische antwort | einrichten | funktioniert nicht
fr: répondeur | réponse automatique | ne fonctionne pas
es: no funciona | respuesta automática
it: non funziona | risposta automatica
pl: nie działa | automatyczn*
""")

# The subjects of read receipts that are text alone
RECEIPT_SUBJECTS = Phrases("""
en: read | not read | read receipt | return receipt | return receipt displayed | disposition notification | message read | displayed | delivery and read
ru: прочитано | прочтено | не прочитано | прочитанное | уведомление о прочтении | подтверждение прочтения | подтверждение о прочтении | сообщение прочитано | письмо прочитано | отчет о прочтении | уведомление о получении | подтверждение получения
uk: прочитано | прочитане | не прочитано | сповіщення про прочитання | підтвердження прочитання | підтвердження про прочитання
de: gelesen | ungelesen | lesebestätigung | empfangsbestätigung | nicht gelesen
fr: lu | non lu | accusé de lecture | accusé de réception | confirmation de lecture
es: leído | no leído | confirmación de lectura | acuse de recibo
it: letto | non letto | conferma di lettura | ricevuta di ritorno
pl: przeczytano | przeczytane | nie przeczytano | potwierdzenie przeczytania
pt: lida | lido | não lida | confirmação de leitura | recibo de leitura
nl: gelezen | niet gelezen | leesbevestiging | ontvangstbevestiging
sv: läst | ej läst | läskvitto
da: læst | ikke læst | kvittering for læsning
no: lest | ikke lest | lesebekreftelse
fi: luettu | ei luettu | lukukuittaus
cs: přečteno | nepřečteno | potvrzení o přečtení
hu: elolvasva | olvasott | olvasási visszaigazolás
tr: okundu | okunmadı | okundu bilgisi
""")

# What the text of a read receipt says
RECEIPTS = Phrases("""
en: your message was read | was read on | was read at | was displayed on | was deleted without being read | has been displayed on | this is a return receipt | this is a receipt for the mail | return receipt only acknowledges | this receipt shows | this receipt verifies | this return receipt | has been read on | message was displayed | was received by
ru: было прочитано | было прочтено | было прочитано получателем | сообщение прочитано | письмо прочитано | ваше сообщение прочитано | ваше письмо прочитано | было открыто | было показано | это уведомление о прочтении | уведомление о прочтении письма | это подтверждение прочтения | подтверждение о том что | удалено без прочтения | было удалено непрочитанным | это уведомление о том что | это извещение о том
uk: було прочитано | повідомлення прочитано | лист прочитано | лист було прочитано | це сповіщення про прочитання | це підтвердження того | було видалено непрочитаним
de: wurde gelesen | gelesen am | wurde am | wurde angezeigt | ungelesen gelöscht | dies ist eine empfangsbestätigung | dies ist eine lesebestätigung
fr: a été lu | a été affiché | accusé de réception pour | a été supprimé sans
es: fue leído | ha sido leído | se leyó | se ha mostrado | eliminado sin leer
it: è stato letto | è stato visualizzato | ricevuta di ritorno per
pl: została przeczytana | została wyświetlona | została odczytana
pt: foi lida | foi exibida | foi lido
nl: is gelezen | werd gelezen | is weergegeven
sv: lästes | har lästs | har visats
da: blev læst | er blevet vist
no: ble lest | er blitt vist
fi: luettiin | on luettu
cs: byla přečtena | byla zobrazena
hu: elolvasták | megjelenítették
tr: okundu | görüntülendi
""")
