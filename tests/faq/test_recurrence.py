"""What is asked again and again: clusters that a reader would make, the same whatever the order, at any size."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.faq.recurrence import Asked, Cluster, find_recurring

START = datetime(2026, 11, 2, 9, tzinfo=UTC)

# topic → how people ask for it; each is one request or several
PLANTED = {
    "visa": "нужна справка для визы|справка на визу сотруднику|пришлите пожалуйста справку для визы|как получить справку в визовый центр, виза",
    "scanner": "сканер штрихкодов не пищит|сканер не считывает штрихкоды|штрихкод не читается сканером на складе|новый сканер штрихкодов",
    "sound": "нет звука в колонках|пропал звук, колонки молчат|звук не идёт из колонок|колонки без звука после грозы",
    "badge": "потеряла пропуск в здание|закажите пропуск в здание|не работает пропуск в здание|забыл пропуск, не пускают в здание",
    "kettle": "the kettle in the kitchen is broken|kitchen kettle leaks|broken kettle, kitchen on floor 3|kettle leaks again in the kitchen",
}
NOISE = "ромашка берёза трактор молоко океан скрипка лампа камень облако вишня рельсы пианино якорь фонтан зебра космос".split()


def planted(copies: int, noise: int, seed: int = 1) -> tuple[list[Asked], dict[str, str]]:
    """Return requests in order, and the topic of each number; noise has none and never repeats two words."""
    rng = random.Random(seed)
    texts = [(topic, text) for topic, ways in PLANTED.items() for text in ways.split("|") * copies]
    pairs = [(one, other) for i, one in enumerate(NOISE) for other in NOISE[i + 1 :]]
    texts += [("", f"{one} {other} {n}я") for n, (one, other) in enumerate(rng.sample(pairs, noise))]
    rng.shuffle(texts)
    asked = [
        Asked(number=f"A-{n}", subject="", text=text, at=START + timedelta(hours=n))
        for n, (_, text) in enumerate(texts)
    ]
    return asked, {f"A-{n}": topic for n, (topic, _) in enumerate(texts)}


@pytest.mark.parametrize("copies", [1, 5, 60])
def test_planted_topics_are_found(copies: int) -> None:
    """Each topic is one cluster without strangers and with nearly all of its requests."""
    asked, topics = planted(copies, noise=40)
    found = find_recurring(asked)
    seen = set()
    for cluster in found[: len(PLANTED)]:
        members = [topics[number] for number in cluster.numbers]
        topic = max(set(members), key=members.count)
        assert members.count(topic) >= 0.9 * len(members)
        assert members.count(topic) >= 0.75 * 4 * copies
        seen.add(topic)
    assert seen == set(PLANTED)


def test_what_a_cluster_tells() -> None:
    """Size, examples, the words they share, first and last day, numbers in order of time."""
    texts = [
        "сканер штрихкодов сломался",
        "не работает сканер штрихкодов",
        "Сканер. Штрихкоды не читает",
        "погода хорошая",
    ]
    asked = [
        Asked(number=f"A-{n}", subject=f"Тема {n}", text=text, at=START + timedelta(days=n))
        for n, text in enumerate(texts)
    ]
    [cluster] = find_recurring(asked[::-1])
    assert (cluster.size, cluster.numbers) == (3, ("A-0", "A-1", "A-2"))
    assert {"сканер"} < set(cluster.words)
    assert (cluster.first, cluster.last) == (START, START + timedelta(days=2))
    assert set(cluster.subjects) == {"Тема 0", "Тема 1", "Тема 2"}


def test_answered_ones_are_left_out() -> None:
    """Whatever was shown an entry needs none."""
    asked = [
        Asked(number=f"A-{n}", subject="", text="сканер штрихкодов", at=START, suggested=n % 2 == 0) for n in range(6)
    ]
    [cluster] = find_recurring(asked)
    assert cluster.numbers == ("A-1", "A-3", "A-5")
    assert find_recurring(asked[:5]) == ()
    assert find_recurring(asked[:5], least=2)[0].size == 2


def test_the_largest_first_and_no_more_than_wanted() -> None:
    """As many as asked for, by size."""
    asked, _ = planted(5, noise=40)
    found = find_recurring(asked)
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    assert find_recurring(asked, most=2) == found[:2]


def test_two_ways_to_ask_are_one_matter() -> None:
    """Groups that each repeat their own words are one cluster where what they share weighs more."""
    ways = ("сканер штрихкодов пищит на складе", "сканер штрихкодов погас на складе")
    texts = [*(way for way in ways for _ in range(8)), *(f"{one} {one}я" for one in NOISE)]
    asked = [Asked(number=f"A-{n}", subject="", text=text, at=START) for n, text in enumerate(texts)]
    [cluster] = find_recurring(asked)
    assert cluster.size == 16


def test_courtesy_recurs_but_asks_nothing() -> None:
    """Thanks and greetings make no cluster."""
    asked = [Asked(number=f"A-{n}", subject="Re: привет", text="Спасибо большое!", at=START) for n in range(9)]
    assert find_recurring(asked) == ()


@pytest.mark.parametrize("seed", range(5))
def test_order_does_not_matter(seed: int) -> None:
    """The same requests give the same clusters."""
    asked, _ = planted(3, noise=30)
    mixed = list(asked)
    random.Random(seed).shuffle(mixed)
    assert find_recurring(mixed) == find_recurring(asked)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=30))
def test_any_requests_can_be_read(texts: list[tuple[str, str]]) -> None:
    """No text breaks it; a request is in one cluster at most; the figures of a cluster are those of its requests."""
    asked = [
        Asked(number=f"A-{n}", subject=subject, text=text, at=START + timedelta(minutes=n))
        for n, (subject, text) in enumerate(texts)
    ]
    found = find_recurring(asked, least=2, most=99)
    numbers = [number for cluster in found for number in cluster.numbers]
    assert len(numbers) == len(set(numbers))
    by_number = {one.number: one for one in asked}
    for cluster in found:
        check(cluster, [by_number[number] for number in cluster.numbers])


def check(cluster: Cluster, members: list[Asked]) -> None:
    assert cluster.size == len(members) >= 2
    assert (cluster.first, cluster.last) == (min(one.at for one in members), max(one.at for one in members))
    assert members == sorted(members, key=lambda one: one.at)
    shown = {one.subject.strip() or one.text.strip()[:80] for one in members}
    assert set(cluster.subjects) <= shown


def test_members_are_nearer_to_each_other_than_to_strangers() -> None:
    """Counted otherwise than the search counts: by the beginnings of the words that two requests share."""
    asked, _ = planted(2, noise=40)
    beginnings = {one.number: {word[:5].casefold() for word in one.text.split() if len(word) > 4} for one in asked}

    def like(one: str, other: str) -> float:
        both = beginnings[one] | beginnings[other]
        return len(beginnings[one] & beginnings[other]) / len(both) if both else 0.0

    for cluster in find_recurring(asked):
        inside = [like(one, other) for one in cluster.numbers for other in cluster.numbers if one < other]
        strangers = set(beginnings) - set(cluster.numbers)
        outside = [like(one, other) for one in cluster.numbers for other in strangers]
        assert sum(inside) / len(inside) > 10 * sum(outside) / len(outside)
