"""What agents are told of a new ticket."""

import pytest

from maild.desk.case import MAX_COUNTED, Load
from maild.desk.notifications import place_in_queue

FULL = Load(open=MAX_COUNTED, by_rank=(2, 30, MAX_COUNTED - 32))


@pytest.mark.parametrize(
    ("load", "rank", "place"),
    [
        pytest.param(Load(), 2, (1, "1"), id="an empty queue"),
        pytest.param(Load(open=11, by_rank=(2, 3, 6)), 0, (3, "12"), id="out of queue: behind its like"),
        pytest.param(Load(open=11, by_rank=(2, 3, 6)), 1, (6, "12"), id="a coupon: behind those, too"),
        pytest.param(Load(open=11, by_rank=(2, 3, 4)), 2, (10, "12"), id="everybody else: before those who can wait"),
        pytest.param(Load(open=11, by_rank=(2, 3, 4)), 3, (12, "12"), id="who can wait: behind all"),
        pytest.param(
            Load(open=MAX_COUNTED - 1, by_rank=(0, 0, MAX_COUNTED - 1)),
            2,
            (MAX_COUNTED, f"{MAX_COUNTED}"),
            id="the last that is counted",
        ),
        pytest.param(FULL, 0, (3, f"{MAX_COUNTED}+"), id="a long queue: its front is known"),
        pytest.param(FULL, 1, (33, f"{MAX_COUNTED}+"), id="a long queue: coupons"),
        pytest.param(FULL, 2, None, id="a long queue: its end is not"),
        pytest.param(Load(open=MAX_COUNTED, by_rank=(MAX_COUNTED, 0, 0)), 0, None, id="all of it out of queue"),
    ],
)
def test_the_place_in_the_queue(load: Load, rank: int, place: tuple[int, str] | None) -> None:
    """Behind everything of its rank and above; what lies too far back to be counted is not told."""
    assert place_in_queue(load, rank) == place
