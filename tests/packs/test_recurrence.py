"""DE-1, DE-2: requests are analysed for what recurs; what recurs without a note, and which notes have saved work, says `maild faq stats`."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.config.load import load_rehearsal
from maild.packs.shelf import shipped_packs, write_packs
from maild.rehearsal import Rehearsal
from tests.cli.call import call
from tests.packs.answering import answer_all
from tests.walk.stage import letter, reply, to

VADIM, SCHOOL = "orlov@globus.example", "school@skripka.example"
BOX = "deskun/help"

ASKED = (
    (VADIM, "Место", "Закончилось место в ящике, как его увеличить?"),
    (SCHOOL, "Ящик полон", "Место в ящике опять закончилось. Увеличьте, пожалуйста."),
    (VADIM, "нет места", "у бухгалтера кончилось место в ящике увеличьте"),
    (SCHOOL, "Спам", "Почему ваши письма попадают в спам?"),
    (VADIM, "Праздники", "Вы работаете 8 марта?"),
)


def test_what_recurs_without_a_note_is_shown(tmp_path: Path) -> None:
    """Three ask for room in the box, in their own words, and no note answers them; one note has closed a request."""
    config = tmp_path / "desk" / "config.toml"
    write_packs([shipped_packs()["deskun"]], config.parent)
    answer_all(config)
    with Rehearsal(load_rehearsal(config), start=datetime.now(UTC) - timedelta(days=3)) as desk:
        for author, subject, text in ASKED:
            sent = desk.deliver(letter(text, author=author, subject=subject), BOX)
            if subject == "Спам":
                desk.deliver(reply(to(sent, SCHOOL), "Спасибо, помогло!", author=SCHOOL), BOX)
        text = config.read_text("utf-8")
        config.write_text(re.sub(r"(?m)^data_dir = .*$", f'data_dir = "{desk.folder}"', text), "utf-8")
        report = call("faq", "stats", "--json", "-c", str(config)).json
    assert (report["requests"], report["answered"], report["solved"]) == (5, 1, 1.0)
    assert [one["entry"] for one in report["entries"] if one["helped"]] == ["spam"]
    [cluster] = report["recurring"]
    assert cluster["numbers"] == ["DE-1", "DE-2", "DE-3"]
