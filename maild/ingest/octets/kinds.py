"""The names of kinds of files: extensions and the groups that they form. Tables only; imports nothing."""

MAX_EXTENSION = 20  # characters; what is longer is the end of a sentence

# What a file may be called besides. A kind is known by all of its names, so that "jpeg" in a configuration means "jpg".
_SAME = (
    ("jpg", "jpeg", "jpe", "jfif"),
    ("tif", "tiff"),
    ("heic", "heif"),
    ("djvu", "djv"),
    ("html", "htm", "xhtml"),
    ("mht", "mhtml"),
    ("mpg", "mpeg"),
    ("mp4", "m4v"),
    ("ogg", "oga"),
    ("mid", "midi"),
    ("tgz", "taz"),
    ("bz2", "tbz", "tbz2"),
    ("xz", "txz"),
    ("lha", "lzh"),
    ("bat", "cmd"),
)

_GROUPS = {
    "image": "jpg png gif bmp tif webp heic avif ico psd jp2 pcx wmf emf xcf",
    "document": """
        pdf doc docx docm dot dotx dotm rtf odt ott fodt xls xlsx xlsm xlsb xlt xltx xltm xlam ods ots ppt pptx pptm pps
        ppsx ppsm pot potx potm odp odg odf vsd vsdx vsdm pub djvu ps eps xps oxps epub fb2 mht one wps pages numbers key
    """,
    "archive": "zip rar 7z gz tgz tar bz2 xz zst lz4 z cab arj lha ace iso img dmg deb rpm ar cpio wim vhd vhdx vmdk zipx",
    "program": """
        exe dll scr com pif cpl ocx sys drv msi msp mst msu msix appx bat ps1 psm1 psd1 vbs vbe js jse mjs wsf wsh wsc sct
        hta lnk scf url reg inf jar class apk ipa xap sh bash csh ksh zsh run elf command app pkg pl py pyc pyw rb php lua
        swf chm hlp gadget application appref-ms settingcontent-ms msc jnlp ade adp iqy slk library-ms xll diagcab
    """,
    "audio": "mp3 wav ogg flac m4a aac amr wma opus mid aif",
    "video": "mp4 avi mov mkv webm wmv mpg flv 3gp m2ts ogv asf",
    "text": "txt csv tsv log ini cfg conf json xml yaml yml toml md sql tex srt svg html ics vcf xsd xsl css eml",
    "letter": "eml msg",
}

# Formats that are known by their octets: whatever is called so and does not begin so is something else, or damaged
PROVEN = frozenset(
    """
    jpg png gif bmp tif webp heic avif ico psd pdf doc docx docm dot dotx dotm rtf odt ott xls xlsx xlsm xlsb xlt xltx xltm
    ods ots ppt pptx pptm pps ppsx ppsm pot potx potm odp odg vsd vsdx vsdm pub djvu ps xps epub zip rar 7z gz tgz tar bz2
    xz zst cab arj iso deb rpm exe dll scr msi elf class jar apk lnk swf chm mp3 wav ogg flac m4a mp4 avi mov mkv webm wmv
    flv wma 3gp mht msg txt csv tsv log ini json xml yaml md sql svg html ics vcf eml bat ps1 vbs js sh py php reg
    """.split()
)

MARKS = frozenset({"empty", "broken", "unknown", "unproven", "unseen", "encrypted", "macro"})  # what is no kind of file

NAMES = {kind: same for same in _SAME for kind in same}  # every name of a kind that has several
GROUP_OF: dict[str, tuple[str, ...]] = {}
for _group, _members in _GROUPS.items():
    for _kind in _members.split():
        for _name in NAMES.get(_kind, (_kind,)):
            GROUP_OF[_name] = (*GROUP_OF.get(_name, ()), _group)
PROGRAMS = frozenset(kind for kind, groups in GROUP_OF.items() if "program" in groups)
TEXTS = frozenset(kind for kind, groups in GROUP_OF.items() if "text" in groups)
KNOWN = frozenset({*GROUP_OF, *_GROUPS, "macro"})  # what a policy may sensibly name


def every_name(*kinds: str) -> frozenset[str]:
    """Return the kinds under all of their names, and the groups that they belong to."""
    names = {name for kind in kinds for name in NAMES.get(kind, (kind,))}
    return frozenset(names.union(*(GROUP_OF.get(name, ()) for name in names)))


def extension(name: str) -> str:
    """Return what a file's name ends in, in small letters without the dot: "pdf"; "" where it ends in nothing of the kind.

    Blanks and dots behind it do not count, because Windows drops them: "a.exe. " is a program.
    """
    _, dot, last = name.rstrip(". \t\u200b\u200c\u200d\ufeff").rpartition(".")
    last = last.lower()
    plain = last.isascii() and last.replace("-", "").isalnum() and not last.isdigit() and len(last) <= MAX_EXTENSION
    return last if dot and plain else ""
