"""Real mail holds no coupons of ours: nothing in it may be taken for one."""

from maild.contracts.clues import MAX_KEYS, find_client_clues
from maild.contracts.keys import Evidence
from maild.ingest.parse import parse
from maild.model import Said
from tests.corpora.samples import samples
from tests.walk.stage import need_corpora

# An advertisement that calls its codes coupon codes, "Coupon code: 5multi": whoever sends that to support has guessed
ADVERTISEMENT = "php-mime-mail-parser/tests/mails/m0015"


def test_no_guess_in_real_mail() -> None:
    """Of some nine hundred letters and bodies only an advertisement presents coupons; none names an agreement; keys are few."""
    need_corpora()
    seen, presenting, agreements = 0, [], []
    for sample in samples():
        if sample.kind == "vector":
            continue
        message = parse(sample.octets)
        clues = find_client_clues(message, Said(subject=message.subject, text=message.text), message.author)
        seen += 1
        presenting += [str(sample)] * any(clue.claimed for clue in clues.of(Evidence.COUPON))
        agreements += [str(sample)] * any(clue.claimed for clue in clues.of(Evidence.AGREEMENT))
        assert len(clues.lookups) + len(clues.coupons) <= MAX_KEYS
    assert seen > 900
    assert presenting == [ADVERTISEMENT]
    assert agreements == []
