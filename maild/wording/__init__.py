"""Instants, durations and numbers as people say them in Russian, Ukrainian and English. The only room that imports babel."""

from maild.wording.durations import say_days, say_duration
from maild.wording.instants import say_date, say_instant, say_moment, say_month
from maild.wording.labels import say_label
from maild.wording.numbers import say_count, say_number
from maild.wording.prices import say_price
from maild.wording.sizes import say_size
from maild.wording.zones import say_zone

__all__ = [
    "say_count",
    "say_date",
    "say_days",
    "say_duration",
    "say_instant",
    "say_label",
    "say_moment",
    "say_month",
    "say_number",
    "say_price",
    "say_size",
    "say_zone",
]
