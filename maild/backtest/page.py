"""A backtest's report as one HTML page: it asks for nothing from anywhere, needs no scripts, and fits a phone. Pure."""

from collections.abc import Iterator
from html import escape

from maild.backtest.compare import Change, Compared
from maild.backtest.report import Count, Report
from maild.logs import visible

MAX_MOVES = 8  # told of one aspect
STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #666; --gone: #c0392b; --new: #1e8449; --chosen: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --faint: #aaa; --gone: #ff8a80; --new: #7bd88f; --chosen: #60a5fa; } }
* { box-sizing: border-box; }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
p { margin: .3rem 0; }
.note { border-left: 4px solid #e6a700; padding-left: .6rem; }
.faint { color: var(--faint); font-size: .875rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
td { border-top: 1px solid var(--line); padding: .3rem .5rem .3rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; width: 1%; }
td.n { text-align: right; width: 1%; font-variant-numeric: tabular-nums; }
input { position: absolute; opacity: 0; }
nav { display: flex; flex-wrap: wrap; gap: .4rem; margin: 1rem 0; position: sticky; top: 0; padding: .5rem 0; background: Canvas; }
nav label { border: 1px solid var(--line); border-radius: 1rem; padding: .25rem .75rem; cursor: pointer; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; margin: .6rem 0; }
h2 { font-size: 1rem; margin: 0; }
dt { margin-top: .5rem; }
dt b { font-weight: 600; }
dd { margin: 0 0 0 1rem; }
del { color: var(--gone); text-decoration: none; }
ins { color: var(--new); text-decoration: none; }
pre { white-space: pre-wrap; margin: .3rem 0 0; font: .875rem/1.4 ui-monospace, monospace; }
"""


def render_page(report: Report) -> str:
    """Return the page. What strangers wrote is text in it, whatever it looks like."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    title = f"{len(report.changed)} of {report.letters} letters would end otherwise"
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title><style>{STYLE}{''.join(map(_filter, report.counts))}</style></head><body>"
    yield f"<h1>{title}</h1>"
    yield f'<p class="faint">since {report.since:%Y-%m-%d %H:%M} UTC · {_text(report.before)} → {_text(report.after)}</p>'
    yield from (f'<p class="note">{_text(note)}</p>' for note in report.notes)
    yield from ("<table>", *map(_row, report.counts), "</table>") if report.counts else ()
    yield '<input type="radio" name="only" id="all" checked>'
    yield from (f'<input type="radio" name="only" id="{_id(count.aspect)}">' for count in report.counts)
    if len(report.counts) > 1:
        yield f'<nav><label for="all">all {len(report.changed)}</label>'
        yield from (f'<label for="{_id(each.aspect)}">{each.aspect} {each.letters}</label>' for each in report.counts)
        yield "</nav>"
    yield "<main>"
    for one in report.changed:
        yield from _letter(one)
    yield "</main></body></html>"


def _filter(count: Count) -> str:
    """Return the rules that let a chosen aspect hide the letters in which it stays the same."""
    id_ = _id(count.aspect)
    chosen = f"#{id_}:checked ~ nav label[for={id_}], #all:checked ~ nav label[for=all]"
    return (
        f"#{id_}:checked ~ main article:not(.{id_}) {{ display: none; }}\n"
        f"{chosen} {{ border-color: var(--chosen); color: var(--chosen); }}\n"
        f"#{id_}:focus-visible ~ nav label[for={id_}] {{ outline: 2px solid var(--chosen); }}\n"
    )


def _row(count: Count) -> str:
    moves = [f"{_text(move)} ({n})" for move, n in count.moves[:MAX_MOVES]]
    more = [f"… and {len(count.moves) - MAX_MOVES} more"] if len(count.moves) > MAX_MOVES else []
    return f'<tr><td>{count.aspect}</td><td class="n">{count.letters}</td><td>{", ".join(moves + more)}</td></tr>'


def _letter(one: Compared) -> Iterator[str]:
    classes = " ".join(_id(change.aspect) for change in one.changes)
    place = " · ".join(
        filter(None, (f"letter {one.letter}", f"{one.received_at:%Y-%m-%d %H:%M} UTC", one.mailbox, one.ticket))
    )
    yield f'<article class="{classes}"><h2>{_text(one.subject) or "(no subject)"}</h2>'
    yield f'<p class="faint">{_text(one.author)}<br>{_text(place)}</p><dl>'
    for change in one.changes:
        yield from _change(change)
    yield "</dl></article>"


def _change(change: Change) -> Iterator[str]:
    moved = f": <del>{_text(change.before) or '—'}</del> → <ins>{_text(change.after) or '—'}</ins>"
    yield f"<dt><b>{change.aspect}</b>{moved if change.before or change.after else ''}</dt>"
    yield from (f'<dd class="faint">{_text(line)}</dd>' for line in change.why)
    if change.lines:
        yield f"<dd><pre>{chr(10).join(map(_line, change.lines))}</pre></dd>"


def _line(line: str) -> str:
    tag = {"-": "del", "+": "ins"}.get(line[:1])
    return f"<{tag}>{_text(line)}</{tag}>" if tag else _text(line)


def _id(aspect: str) -> str:
    return f"a-{aspect.replace(' ', '-')}"


def _text(words: str) -> str:
    return escape(visible(words))
