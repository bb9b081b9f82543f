"""Domains that say nothing of who writes: public mail providers, and names under which everybody may register. Pure.

Lists of our own, of what customers in Russia and Ukraine write from and of the large ones elsewhere; the names of registries
are those of the Public Suffix List (publicsuffix.org, ICANN and the registries' own sections, 2023) for the countries at
hand. A provider that is missing does no harm until an admin names its domain as a client's; configuration refuses that.
"""

# Any ending: yandex.ru, yandex.kz, yahoo.co.uk, outlook.com.br
_FAMILIES = frozenset(
    "yandex yahoo hotmail outlook gmx ymail rocketmail protonmail tutanota fastmail mailfence".split()
)

_PROVIDERS = frozenset(
    """
    gmail.com googlemail.com icloud.com me.com mac.com privaterelay.appleid.com live.com live.ru live.co.uk live.de live.fr live.nl
    msn.com windowslive.com passport.com aol.com aim.com proton.me pm.me tuta.com tuta.io tutamail.com keemail.me fastmail.fm zoho.com zoho.eu
    zohomail.com zohomail.eu mail.com email.com usa.com post.com hey.com duck.com hushmail.com mailbox.org posteo.de posteo.net
    riseup.net disroot.org vivaldi.net inbox.com inbox.eu runbox.com startmail.com cock.li yopmail.com mailinator.com guerrillamail.com
    10minutemail.com temp-mail.org rediffmail.com

    ya.ru narod.ru mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru vk.com rambler.ru lenta.ru ro.ru myrambler.ru
    autorambler.ru r0.ru pochta.ru pochta.com pochtamt.ru hotbox.ru front.ru fromru.com fromru.su krovatka.su land.ru mail15.com
    mail333.com smtp.ru nightmail.ru newmail.ru nm.ru orc.ru hotmail.su qip.ru aport.ru aport2000.ru e-mail.ru mailru.com
    rbcmail.ru km.ru chat.ru ngs.ru e1.ru sibmail.com mail2000.ru yandex-mail.ru zmail.ru mtu-net.ru nextmail.ru email.su dezigner.ru
    tut.by mail.by list.by mail.kz inbox.lv inbox.lt mail.ee online.ee hot.ee

    ukr.net i.ua ua.fm email.ua 3g.ua football.ua meta.ua bigmir.net mail.ua online.ua freemail.ua rambler.ua ukrpost.ua ukrpost.net
    e-mail.ua mail.dp.ua inet.ua ex.ua volia.ua voliacable.com breezein.net i-ua.email

    web.de t-online.de freenet.de arcor.de email.de mail.de online.de 1und1.de freemail.de orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr
    libero.it virgilio.it tiscali.it alice.it tin.it wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.onet.pl gazeta.pl seznam.cz
    email.cz centrum.cz centrum.sk azet.sk post.cz abv.bg mail.bg dir.bg freemail.hu citromail.hu telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl
    xs4all.nl bluewin.ch hispavista.com terra.es telefonica.net sapo.pt bol.com.br uol.com.br terra.com.br btinternet.com btopenworld.com sky.com
    virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net
    charter.net earthlink.net juno.com optonline.net rogers.com shaw.ca sympatico.ca bigpond.com optusnet.com.au xtra.co.nz walla.com walla.co.il
    qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn naver.com daum.net hanmail.net nate.com
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp mynet.com mail.md
    """.split()
)

# One box under several names, by the providers' own help pages: the first is the name that we keep
_ONE_BOX = dict.fromkeys("ya.ru yandex.com yandex.by yandex.kz yandex.ua narod.ru".split(), "yandex.ru") | {
    "googlemail.com": "gmail.com"
}

_GENERIC = frozenset("ac co com edu gov go gob int mil net ne nom or org biz info name pro pp in ltd plc me".split())
_REGISTRIES = {
    "ru": """adygeya bashkiria bir cbg dagestan eurodir grozny kalmykia kustanai marine mordovia msk mytis nalchik nov pyatigorsk
        spb test vladikavkaz vladimir""",
    "su": """abkhazia adygeya aktyubinsk arkhangelsk armenia ashgabad azerbaijan balashov bashkiria bryansk bukhara chimkent dagestan
        east-kazakhstan exnet georgia grozny ivanovo jambyl kalmykia kaluga karacol karaganda karelia khakassia krasnodar kurgan kustanai
        lenug mangyshlak mordovia msk murmansk nalchik navoi north-kazakhstan nov obninsk penza pokrovsk sochi spb tashkent termez togliatti
        troitsk tselinograd tula tuva vladikavkaz vladimir vologda""",
    "ua": """cc cherkassy cherkasy chernigov chernihiv chernivtsi chernovtsy ck cn cr crimea cv cx dn dnepropetrovsk dnipropetrovsk donetsk
        dp if inf ivano-frankivsk kh kharkiv kharkov kherson khmelnitskiy khmelnytskyi kiev kirovograd km kr krym ks kv kyiv lg lt lugansk
        lutsk lv lviv mk mykolaiv nikolaev od odesa odessa pl poltava rivne rovno rv sb sebastopol sevastopol sm sumy te ternopil uz
        uzhgorod v vinnica vinnytsia vn volyn yalta zaporizhzhe zaporizhzhia zhitomir zhytomyr zp zt""",
    "by": "of", "ge": "pvt", "am": "commune radio", "uk": "nhs police sch", "tj": "nic test web",
    "рф": "", "com": "", "net": "",
}  # fmt: skip
_SUFFIXES = frozenset(f"{name}.{top}" for top, names in _REGISTRIES.items() for name in names.split())
MAX_DOMAIN = 255  # octets that the domain name system carries (RFC 1035 §2.3.4)
MAX_PARENTS = 5  # labels in front of a client's own domain that anybody has
_COUNTRY = 2  # letters: only countries have registries below .com.XX


def domain_key(domain: str) -> str:
    """Return what two spellings of a domain have in common: lower case, and ASCII where IDNA can write it so; "" for none."""
    key = domain.strip().strip(".@").casefold()
    if len(key) > MAX_DOMAIN:
        return key[:MAX_DOMAIN]
    try:
        return key.encode("idna").decode("ascii")
    except UnicodeError:
        return key


def address_key(addr: str) -> str:
    """Return what two spellings of an address have in common, one box under several names of its provider included."""
    local, at, domain = addr.strip().casefold().rpartition("@")
    domain = domain_key(domain)
    return f"{local[:MAX_DOMAIN]}{at}{_ONE_BOX.get(domain, domain)}"  # nobody's local part is as long as that


def without_subaddress(key: str) -> str:
    """Return an address without what stands behind the first "+" of its local part (RFC 5233)."""
    local, at, domain = key.rpartition("@")
    base = local.partition("+")[0]
    return f"{base}{at}{domain}" if base else key


def box_key(addr: str) -> str:
    """Return what all addresses of one box have in common: whoever guesses from anna+1@… and from anna+2@… is one person."""
    return without_subaddress(address_key(addr))


def is_public_suffix(domain: str) -> bool:
    """Whether anybody may register below `domain` (a key): "ru", "com.ru", "spb.ru", "co.uk"."""
    label, dot, top = domain.partition(".")
    if not dot:
        return True
    if "." in top:
        return False
    return domain in _SUFFIXES or (label in _GENERIC and (len(top) == _COUNTRY or top.startswith("xn--")))


def is_public_provider(domain: str) -> bool:
    """Whether anybody may have an address at `domain`, so that it tells of no client."""
    key = domain_key(domain)
    label, _, rest = key.partition(".")
    return key in _PROVIDERS or (label in _FAMILIES and is_public_suffix(rest))


def find_client_domains(domain: str) -> tuple[str, ...]:
    """Return the keys under which a client's domain may be registered: `domain` and those it is below, the longest first.

    Never a public provider's, never one under which anybody may register, none for an address literal or a bare name.
    """
    key = domain_key(domain)
    if not key or key.startswith("[") or len(key) >= MAX_DOMAIN or key.rpartition(".")[2].isdigit():
        return ()
    labels, found = key.split(".")[-MAX_PARENTS:], []
    if key.count(".") >= MAX_PARENTS:
        found.append(key)
    for at in range(len(labels) - 1):
        one = ".".join(labels[at:])
        if is_public_suffix(one) or is_public_provider(one):
            break
        found.append(one)
    return tuple(found)
