"""DE-1, DE-2: requests are analysed for what recurs; what recurs without a note, and which notes have saved work, `maild faq stats` says."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.config.load import load_config
from maild.rehearsal import Rehearsal
from tests.cli.call import call
from tests.walk.stage import letter, reply, to

HERE = Path(__file__).parent
VADIM, SCHOOL = "orlov@globus.example", "school@skripka.example"

ASKED = (
    (VADIM, "Место", "Закончилось место в ящике, как его увеличить?"),
    (SCHOOL, "Ящик полон", "Место в ящике опять закончилось. Увеличьте, пожалуйста."),
    (VADIM, "нет места", "у бухгалтера кончилось место в ящике увеличьте"),
    (SCHOOL, "Спам", "Почему наши письма попадают в спам?"),
    (VADIM, "Праздники", "Вы работаете 8 марта?"),
)


def test_what_recurs_without_a_note_is_shown(tmp_path: Path) -> None:
    """Three ask for room in the box, in their own words, and no note answers them; one note has closed a request."""
    shutil.copytree(HERE, tmp_path / "de")
    config = tmp_path / "de" / "config.toml"
    with Rehearsal(load_config(config), start=datetime.now(UTC) - timedelta(days=3)) as desk:
        for author, subject, text in ASKED:
            sent = desk.deliver(letter(text, author=author, subject=subject), "de/help")
            if subject == "Спам":
                desk.deliver(reply(to(sent, SCHOOL), "Спасибо, помогло!", author=SCHOOL), "de/help")
        text = config.read_text("utf-8")
        config.write_text(text.replace('data_dir = "data"', f'data_dir = "{desk.folder}"'), "utf-8")
        report = call("faq", "stats", "--json", "-c", str(config)).json
    assert (report["requests"], report["answered"], report["solved"]) == (5, 1, 1.0)
    assert [one["entry"] for one in report["entries"] if one["helped"]] == ["spam"]
    [cluster] = report["recurring"]
    assert cluster["numbers"] == ["DE-1", "DE-2", "DE-3"]
