"""What maild writes of its own accord: to the admin about itself, to agents about what did not leave."""

from dataclasses import replace
from datetime import timedelta

from maild.desk.notifications import write_to_team
from maild.model import OutcomeKind, Place, Purpose, RawMessage, Status
from maild.notices import Notice
from maild.outbox.samples import AT_REST, sample_words
from maild.outbox.shelves import Shelves
from maild.outbox.templates import Templates
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.stage import CONFIG, IVAN, SUPPORT, ended, events, letter, open_desk, reply, ticket, to

SILENCE = Notice(kind="silence", key="x", summary="acme/support:INBOX", lines=["x"], command="maild status")


def tell(desk: Rehearsal, notice: Notice, *, again_after: timedelta = timedelta(days=1)) -> list[SentLetter]:
    desk._runner.run(desk._office.tell_admin(notice, again_after=again_after))
    return desk.advance(timedelta(minutes=2))


def cut(desk: Rehearsal, octets: bytes) -> None:
    """Deliver a letter of which only the beginning was taken."""
    place = Place(mailbox=SUPPORT, folder="INBOX", uidvalidity=7, uid=str(len(desk.settled) + 1))
    raw = RawMessage(octets=octets, place=place, received_at=desk.now, size=len(octets) + 50_000_000)
    desk._runner.run(desk._take(raw))


def test_the_admin_is_told_once_in_their_own_language() -> None:
    """Whatever language the organisation speaks; again only after a while; of another fault at once."""
    config = CONFIG.replace('address = "admin@staff.example"', 'address = "admin@staff.example"\nlanguage = "en"')
    with open_desk(config) as desk:
        (told,) = tell(desk, SILENCE)
        assert "mailbox is silent" in told.message.subject
        assert tell(desk, SILENCE) == []
        assert len(tell(desk, replace(SILENCE, key="y"))) == 1
        desk.advance(timedelta(days=1))
        assert len(tell(desk, SILENCE)) == 1


def test_the_admin_hears_by_a_way_that_is_not_in_trouble() -> None:
    """News of the first mailbox leaves through another one."""
    with open_desk() as desk:
        (told,) = tell(desk, replace(SILENCE, about=SUPPORT))
        assert told.message.author is not None
        assert told.message.author.addr != "support@acme.example"


def test_a_notice_that_cannot_be_worded_undoes_nothing() -> None:
    """An answer that failed stays failed, the agents' letter is missing, and the outbox goes on."""
    with open_desk() as desk:
        opened = desk.deliver(letter(), SUPPORT)
        desk.deliver(reply(to(opened, "ivan@staff.example"), "Перезагрузите.", author=IVAN), SUPPORT)
        broken = Templates(shelves=Shelves(language="ru", files={}))
        box = desk._office.policy.mailboxes[SUPPORT]
        heads = {SUPPORT: replace(box, letterhead=replace(box.letterhead, templates=broken))}
        good = desk._office.policy
        desk._office.policy = replace(good, mailboxes={**good.mailboxes, **heads})
        with desk._office.database.write() as connection:
            connection.exec_driver_sql("update outbox set state = 'queued' where purpose = 'answer'")
            row_id = connection.exec_driver_sql("select id from outbox where purpose = 'answer'").scalar_one()
        desk._runner.run(desk._office.failed(row_id, desk.now, "550 no such user"))
        assert ticket(desk).status is Status.OPEN
        assert "not sent" in [event.kind for event in events(desk)]


def test_every_word_of_the_template_is_there_whoever_asks() -> None:
    """An admin's override may use any variable that the documents name, in every notice."""
    with open_desk() as desk:
        desk.deliver(letter(), SUPPORT)
        (draft, _) = write_to_team(
            ticket(desk), desk._policy.mailboxes[SUPPORT].desk, notice="undelivered", detail="550 no"
        )
    standing = {"organization", "address", "number", "subject", "customer", "token"}
    for words in sample_words(Purpose.NOTIFICATION):
        assert {*draft.words, *AT_REST[Purpose.NOTIFICATION]} == set(words) - standing


def test_agents_are_told_that_a_letter_was_cut() -> None:
    """And a file that may be damaged does not travel."""
    with open_desk() as desk:
        cut(desk, letter(attachments={"отчёт.zip": b"PK" * 1000}))
        assert (ended(desk), "too large" in [e.kind for e in events(desk)]) == (OutcomeKind.OPENED, True)
        notification = next(s for s in desk._stage.sent if s.recipient == "ivan@staff.example")
        assert "слишком велико: взято только его начало" in notification.message.text
        assert "отчёт.zip" in notification.message.text
        assert notification.message.attachments == ()


def test_a_cut_answer_is_not_sent() -> None:
    """The agent hears of it; the customer gets no damaged file, and still waits for an answer."""
    with open_desk() as desk:
        opened = desk.deliver(letter(), SUPPORT)
        before = len(desk._stage.sent)
        cut(
            desk,
            reply(to(opened, "ivan@staff.example"), "Вот файл.", author=IVAN, attachments={"big.zip": b"PK" * 1000}),
        )
        (told,) = desk._stage.sent[before:]
        assert (told.recipient, ended(desk), ticket(desk).status) == (
            "ivan@staff.example", OutcomeKind.IGNORED, Status.NEW,
        )  # fmt: skip
        assert "Ваш ответ слишком велик" in told.message.text


def test_a_machines_letter_wakes_nobody_up() -> None:
    """An automatic letter joins its ticket, and the ticket goes on waiting for the customer."""
    with open_desk() as desk:
        opened = desk.deliver(letter(), SUPPORT)
        desk.deliver(reply(to(opened, "ivan@staff.example"), "Перезагрузите.", author=IVAN), SUPPORT)
        number = ticket(desk).number
        desk.deliver(letter(subject=f"[{number}] x", headers=[("Auto-Submitted", "auto-generated")]), SUPPORT)
        assert (ended(desk), ticket(desk).status) == (OutcomeKind.APPENDED, Status.WAITING)


def test_dates_are_the_organisations() -> None:
    """Many mail clients show the Date header as it is written."""
    with open_desk() as desk:
        (sent, *_) = desk.deliver(letter(), SUPPORT)
        assert (sent.message.header("date") or "").endswith("+0300")
