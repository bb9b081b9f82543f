"""What reading a letter costs beside the standard library: parse, classify and reply against BytesParser and the bodies.

    make bench            or: python bench/reading.py --runs 7 [FOLDER …]

Both read the same octets in turn, and the best of all runs counts; the ratio carries over to other machines, the
milliseconds do not. The goal is a ratio of at most 2 over all of the corpora.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script is given its own folder only

from tests.corpora.reading import read  # noqa: E402
from tests.corpora.samples import CORPORA, MISSING, samples  # noqa: E402

GOAL = 2.0
TYPICAL = "a Russian letter of 17 KB"
WORDS = "Здравствуйте, программа не открывает отчёт за прошлый месяц и показывает ошибку номер 17"
QUOTE = "> Добрый день! Какую версию вы установили и что написано в журнале?"


def typical() -> bytes:
    """Return an answer as mail clients write it: plain text and HTML, a quote, 17 kilobytes."""
    message = EmailMessage()
    message["From"] = "Анна Клиентова <anna@example.com>"
    message["To"] = "Поддержка <support@acme.example>"
    message["Subject"] = "Re: Вопрос: не открывается отчёт за прошлый месяц"
    message["Message-ID"] = "<typical@example.com>"
    message["In-Reply-To"] = "<answer@acme.example>"
    message["Date"] = "Mon, 23 Nov 2026 12:00:00 +0300"
    new, quoted = [WORDS] * 20, [QUOTE] * 20
    attribution = "пн, 23 нояб. 2026 г. в 11:00, Поддержка <support@acme.example>:"
    message.set_content("\n".join([*new, "", attribution, *quoted, ""]), cte="base64")
    html = "".join(f"<div>{line}</div>" for line in new)
    html += f"<div>{attribution}<blockquote>{'<br>'.join(quoted)}</blockquote></div>"
    message.add_alternative(f"<html><body>{html}</body></html>", subtype="html", cte="base64")
    return message.as_bytes()


def stdlib(octets: bytes) -> None:
    """Do the same with the standard library: the structure, and the text of all parts that have some.

    It fails on some letters and some charsets; what it has done until then is what it costs.
    """
    message = BytesParser(policy=default).parsebytes(octets)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            with suppress(Exception):
                part.get_content()


def timed(work: Callable[[bytes], object], letters: Sequence[bytes]) -> float:
    """Return the seconds of processor time of one run over the letters."""
    gc.collect()
    began = time.process_time()
    for octets in letters:
        with suppress(Exception):
            work(octets)
    return time.process_time() - began


def compare(sources: Mapping[str, Sequence[bytes]], runs: int) -> dict[str, tuple[float, float]]:
    """Return the best seconds per source: ours, and the standard library's. They take turns, so that both see the same machine."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(runs):
        for source, letters in sources.items():
            ours, theirs = timed(read, letters), timed(stdlib, letters)
            of_us, of_them = best.get(source, (ours, theirs))
            best[source] = (min(of_us, ours), min(of_them, theirs))
    return best


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("folders", nargs="*", type=Path, default=[CORPORA])
    wanted = arguments.parse_args()
    sources: dict[str, list[bytes]] = {}
    for folder in wanted.folders:
        for sample in samples(folder):
            if sample.kind == "letter":
                sources.setdefault(sample.source, []).append(sample.octets)
    if not sources:
        print(MISSING)
    best = compare({**sources, TYPICAL: [typical()] * 50}, wanted.runs)
    print(f"{'':26} letters  ours, ms  stdlib, ms  ratio   (a letter, the best of {wanted.runs} runs)")
    rows = [(source, len(letters), *best[source]) for source, letters in sources.items()]
    if rows:
        rows.append(("all of the corpora", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))
    rows.append((TYPICAL, 50, *best[TYPICAL]))
    for name, letters, ours, theirs in rows:
        print(
            f"{name:26} {letters:7} {ours / letters * 1000:9.2f} {theirs / letters * 1000:11.2f} {ours / theirs:6.2f}"
        )
    print(f"goal: at most {GOAL:.2f} over all of the corpora")


if __name__ == "__main__":
    main()
