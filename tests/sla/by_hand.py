"""Terms worked out by hand from the regulations' clauses and the official days off, never from our code.

The facts (regulations.md §5). Russia 2025: off 1–8 Jan, 23 Feb, 8 Mar, 1–2 May, 8–9 May, 12–13 Jun, 3–4 Nov, 31 Dec; Sat 1 Nov
works. Russia 2026: off 1–9 Jan, 23 Feb, 8–9 Mar, 1 May, 9 and 11 May, 12 Jun, 4 Nov, 31 Dec. Days before holidays, an hour
shorter where a desk says so: 7 Mar, 30 Apr, 11 Jun, 1 Nov 2025; 30 Apr, 8 May, 11 Jun, 3 Nov 2026. Ukraine under martial
law: no holidays, no moved days. Kyiv: 03:00 → 04:00 on 30 Mar 2025 and 29 Mar 2026, 04:00 → 03:00 on 26 Oct 2025 and
25 Oct 2026. Moscow (+03:00) and Yekaterinburg (+05:00) have no summer time.

What a regulation leaves open (hours of KR and NI, zone of IN, all of VC and DE; A3) is a sensible set-up of ours.
"""

from dataclasses import dataclass

from maild.sla.clock import Wait

CALENDARS = """
[organization.kr.calendar.office]  # with a lunch break
zone = "Europe/Moscow"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.kr.calendar.office.week]
mon-fri = ["09:00-13:00", "14:00-18:00"]

[organization.cb.calendar.office]  # CB-8, CB-9 under martial law (A10)
zone = "Europe/Kyiv"
holidays = "UA"
martial_law = true
confirmed_until = 2026-12-31
[organization.cb.calendar.office.week]
mon-fri = ["09:00-18:00"]

[organization.kl.calendar.office]  # KL-5
zone = "Europe/Moscow"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.kl.calendar.office.week]
mon-fri = ["10:00-18:00"]

[organization.in.calendar.office]  # IN-2, with days of its own
zone = "Asia/Yekaterinburg"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.in.calendar.office.week]
mon-fri = ["09:00-18:00"]
[organization.in.calendar.office.days]
2026-01-09 = "working"
2026-02-21 = ["10:00-14:00"]
2026-03-06 = "off"

[organization.ni.calendar.office]  # an hour less before holidays
zone = "Europe/Moscow"
holidays = "RU"
shorten_before_holidays = "1h"
confirmed_until = 2026-12-31
[organization.ni.calendar.office.week]
mon-fri = ["10:00-19:00"]

[organization.fn.calendar.office]
zone = "Europe/Moscow"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.fn.calendar.office.week]
mon-thu = ["09:00-18:00"]
fri = ["09:00-16:45"]

[organization.tk.calendar.office]  # TK-3
zone = "Europe/Moscow"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.tk.calendar.office.week]
mon-fri = ["04:00-18:00"]

[organization.vc.calendar.shifts]  # vehicles go on holidays, too
zone = "Europe/Moscow"
[organization.vc.calendar.shifts.week]
mon-sun = ["08:00-20:00"]

[organization.de.calendar.list]  # in Kyiv, closed on holidays all the same, and at work in the night when the clocks change
zone = "Europe/Kyiv"
holidays = "UA"
martial_law = false
confirmed_until = 2026-12-31
[organization.de.calendar.list.week]
mon-fri = ["09:00-18:00"]
sun = ["00:00-06:00"]
"""


# id | calendar | mode | --from | --for | due | --pause (since/until why, …) | the reckoning
TABLE = """

# Крыжик: 30 min to the start (KR-6), 4/2/1 h to the solution (KR-8). Eight hours a day with lunch at 13–14.
kr-inside                                  | kr.office | working       | 2025-03-04T10:00+03:00        | 30m | 2025-03-04T10:30+03:00        | - | Tue 10:00 + 30 min
kr-on-the-second-of-opening                | kr.office | working       | 2025-03-04T09:00:00+03:00     | 30m | 2025-03-04T09:30+03:00        | - | open from 09:00:00 on: + 30 min
kr-a-second-before-opening                 | kr.office | working       | 2025-03-04T08:59:59+03:00     | 30m | 2025-03-04T09:30+03:00        | - | closed; starts at 09:00 (D2)
kr-on-the-second-of-closing                | kr.office | working       | 2025-03-04T18:00:00+03:00     | 30m | 2025-03-05T09:30+03:00        | - | 18:00:00 is closed (D2): Wed 09:00 + 30 min
kr-a-second-before-closing                 | kr.office | working       | 2025-03-04T17:59:59+03:00     | 30m | 2025-03-05T09:29:59+03:00     | - | 1 s on Tue, 29 min 59 s on Wed from 09:00
kr-at-night                                | kr.office | working       | 2025-03-05T02:14+03:00        | 30m | 2025-03-05T09:30+03:00        | - | closed until Wed 09:00
kr-during-lunch                            | kr.office | working       | 2025-03-04T13:30+03:00        | 30m | 2025-03-04T14:30+03:00        | - | lunch until 14:00
kr-as-lunch-begins                         | kr.office | working       | 2025-03-04T13:00+03:00        | 30m | 2025-03-04T14:30+03:00        | - | 13:00 is lunch (D2)
kr-used-up-as-lunch-begins                 | kr.office | working       | 2025-03-04T12:30+03:00        | 30m | 2025-03-04T13:00+03:00        | - | 12:30–13:00 is 30 min: due at 13:00 (D3)
kr-over-lunch                              | kr.office | working       | 2025-03-04T11:00+03:00        | 4h  | 2025-03-04T16:00+03:00        | - | 11–13 is 2 h, 14–16 is 2 h
kr-used-up-at-closing                      | kr.office | working       | 2025-03-04T14:00+03:00        | 4h  | 2025-03-04T18:00+03:00        | - | 14–18 is 4 h: due at closing, not on Wed (D3)
kr-week-end-with-8-march-on-saturday       | kr.office | working       | 2025-03-07T16:00+03:00        | 4h  | 2025-03-10T11:00+03:00        | - | Fri 16–18 2 h; Sat holiday, Sun; Mon works (its rest was moved to 13 Jun): 09–11 2 h
kr-new-year-2025                           | kr.office | working       | 2024-12-28T16:00+03:00        | 4h  | 2025-01-09T11:00+03:00        | - | Sat 28 Dec 2024 works: 16–18 2 h; 29–31 Dec and 1–8 Jan off; Thu 9 Jan 09–11 2 h
kr-new-year-2026                           | kr.office | working       | 2025-12-30T17:00+03:00        | 4h  | 2026-01-12T12:00+03:00        | - | Tue 17–18 1 h; 31 Dec moved off, 1–9 Jan off, 10–11 week-end; Mon 09–12 3 h
kr-1-and-2-may-2025                        | kr.office | working       | 2025-04-30T17:00+03:00        | 2h  | 2025-05-05T10:00+03:00        | - | Wed 17–18 1 h; Thu 1, Fri 2 (moved) off, week-end; Mon 5 09–10 1 h
kr-8-and-9-may-2025                        | kr.office | working       | 2025-05-07T17:30+03:00        | 1h  | 2025-05-12T09:30+03:00        | - | Wed 30 min; Thu 8 (moved), Fri 9 off, week-end; Mon 12 30 min
kr-into-the-working-saturday               | kr.office | working       | 2025-10-31T17:30+03:00        | 1h  | 2025-11-01T09:30+03:00        | - | Fri 30 min; Sat 1 Nov works: 30 min from 09:00
kr-out-of-the-working-saturday             | kr.office | working       | 2025-11-01T17:00+03:00        | 2h  | 2025-11-05T10:00+03:00        | - | Sat 17–18 1 h; Sun, Mon 3 (moved), Tue 4 off; Wed 5 09–10 1 h
kr-lunch-on-the-working-saturday           | kr.office | working       | 2025-11-01T12:30+03:00        | 1h  | 2025-11-01T14:30+03:00        | - | Saturday has a Monday's hours: 12:30–13, 14–14:30
kr-waits-for-the-customer                  | kr.office | working       | 2025-03-04T10:00+03:00        | 4h  | 2025-03-04T18:00+03:00        | 2025-03-04T11:00+03:00/2025-03-04T15:00+03:00 customer | 10–11 1 h; waits 11–15; 15–18 3 h: at closing (D3)
kr-pauses-overlap                          | kr.office | working       | 2025-03-04T10:00+03:00        | 2h  | 2025-03-04T14:30+03:00        | 2025-03-04T10:30+03:00/2025-03-04T11:30+03:00 customer, 2025-03-04T11:00+03:00/2025-03-04T12:00+03:00 approval | 10–10:30 30 min; 10:30–11:30 and 11–12 are one rest 10:30–12 (D7); 12–13 1 h; 14–14:30 30 min
kr-pause-inside-a-pause                    | kr.office | working       | 2025-03-04T09:00+03:00        | 2h  | 2025-03-04T12:00+03:00        | 2025-03-04T09:30+03:00/2025-03-04T10:30+03:00 customer, 2025-03-04T09:45+03:00/2025-03-04T10:00+03:00 third_party | 9–9:30 30 min; rest 9:30–10:30 with 9:45–10:00 inside is one hour; 10:30–12:00 1 h 30 min
kr-two-pauses-apart                        | kr.office | working       | 2025-03-04T09:00+03:00        | 2h  | 2025-03-04T12:00+03:00        | 2025-03-04T09:30+03:00/2025-03-04T10:00+03:00 customer, 2025-03-04T11:00+03:00/2025-03-04T11:30+03:00 approval | 9–9:30 30 min; 10–11 1 h; 11:30–12 30 min: time between rests counts
kr-pause-over-night                        | kr.office | working       | 2025-03-04T17:00+03:00        | 1h  | 2025-03-05T10:00+03:00        | 2025-03-04T17:30+03:00/2025-03-05T09:30+03:00 customer | 17–17:30 30 min; rests until Wed 09:30; 30 min
kr-pause-during-lunch                      | kr.office | working       | 2025-03-04T12:30+03:00        | 1h  | 2025-03-04T14:30+03:00        | 2025-03-04T13:00+03:00/2025-03-04T14:00+03:00 customer | 12:30–13 30 min; the rest lies on lunch, which does not count anyway: nothing back (D7); 14–14:30
kr-price-agreed-before-paid-work           | kr.office | working       | 2025-03-06T17:00+03:00        | 1h  | 2025-03-11T11:00+03:00        | 2025-03-06T17:30+03:00/2025-03-11T10:30+03:00 approval | KR-12. Thu 17–17:30 30 min; rests until Tue 11 Mar 10:30; 30 min

# CleverBox: nine hours a day in Kyiv, reaction in 24 or 3, solution in 24 to 72 (CB-7, 19, 21); coupons round the clock (CB-24).
cb-standard                                | cb.office | working       | 2026-02-02T10:00+02:00        | 24h | 2026-02-04T16:00+02:00        | - | Mon 10–18 8 h, Tue 9 h = 17, Wed 09–16 7 h
cb-standard-over-a-week-end                | cb.office | working       | 2026-01-30T17:00+02:00        | 24h | 2026-02-04T14:00+02:00        | - | Fri 1 h, Mon 9 = 10, Tue 9 = 19, Wed 09–14 5 h
cb-extended-to-72-hours                    | cb.office | working       | 2026-02-02T09:00+02:00        | 72h | 2026-02-11T18:00+02:00        | - | eight days of 9 h: Mon 2–Fri 6, Mon 9–Wed 11; at closing (A5, D3)
cb-emergency-over-a-week-end               | cb.office | working       | 2026-02-06T16:30+02:00        | 3h  | 2026-02-09T10:30+02:00        | - | Fri 16:30–18 1 h 30; Mon 09–10:30 1 h 30
cb-on-the-second-of-opening                | cb.office | working       | 2026-02-02T09:00:00+02:00     | 3h  | 2026-02-02T12:00+02:00        | - | open from 09:00:00 on
cb-on-the-second-of-closing                | cb.office | working       | 2026-02-02T18:00:00+02:00     | 3h  | 2026-02-03T12:00+02:00        | - | closed (D2): Tue 09:00 + 3 h
cb-at-night                                | cb.office | working       | 2026-02-03T02:14+02:00        | 3h  | 2026-02-03T12:00+02:00        | - | closed until 09:00
cb-exactly-a-day                           | cb.office | working       | 2026-02-02T09:00+02:00        | 9h  | 2026-02-02T18:00+02:00        | - | 09–18 is 9 h: at closing (D3)
cb-christmas-is-worked                     | cb.office | working       | 2025-12-24T17:00+02:00        | 3h  | 2025-12-25T11:00+02:00        | - | Wed 1 h; Thu 25 Dec works under martial law: 09–11 2 h
cb-new-year-is-worked                      | cb.office | working       | 2025-12-31T17:00+02:00        | 3h  | 2026-01-01T11:00+02:00        | - | Wed 1 h; Thu 1 Jan works: 09–11 2 h
cb-no-monday-for-8-march                   | cb.office | working       | 2026-03-06T17:00+02:00        | 3h  | 2026-03-09T11:00+02:00        | - | Fri 1 h; Sun 8 Mar is moved nowhere; Mon 09–11 2 h
cb-independence-day-is-worked              | cb.office | working       | 2026-08-21T16:00+03:00        | 3h  | 2026-08-24T10:00+03:00        | - | Fri 2 h; Mon 24 Aug works: 1 h
cb-clocks-forward-over-the-week-end        | cb.office | working       | 2026-03-27T17:00+02:00        | 3h  | 2026-03-30T11:00+03:00        | - | Fri 1 h; Mon 09–11 summer time 2 h: the change moves nothing (D4)
cb-clocks-back-over-the-week-end           | cb.office | working       | 2026-10-23T17:00+03:00        | 3h  | 2026-10-26T11:00+02:00        | - | Fri 1 h; Mon 09–11 winter time 2 h
cb-coupon-as-clocks-go-forward             | cb.office | continuous    | 2026-03-29T01:30+02:00        | 3h  | 2026-03-29T05:30+03:00        | - | 01:30–03:00 is 1 h 30; 03:00 is 04:00; 04:00–05:30 1 h 30
cb-coupon-as-clocks-went-forward-in-2025   | cb.office | continuous    | 2025-03-30T02:59:59+02:00     | 3h  | 2025-03-30T06:59:59+03:00     | - | 1 s to 04:00 summer time, 2 h 59 min 59 s more
cb-coupon-as-clocks-go-back                | cb.office | continuous    | 2026-10-25T01:30+03:00        | 3h  | 2026-10-25T03:30+02:00        | - | 01:30–04:00 is 2 h 30; 04:00 is 03:00; 30 min to 03:30 winter time
cb-coupon-within-the-doubled-hour          | cb.office | continuous    | 2026-10-25T03:30+03:00        | 1h  | 2026-10-25T03:30+02:00        | - | from the first 03:30 to the second
cb-coupon-on-a-week-end                    | cb.office | continuous    | 2026-02-07T23:00+02:00        | 3h  | 2026-02-08T02:00+02:00        | - | Sat 1 h, Sun 2 h
cb-coupon-waits                            | cb.office | continuous    | 2026-02-07T23:00+02:00        | 3h  | 2026-02-08T03:00+02:00        | 2026-02-07T23:30+02:00/2026-02-08T00:30+02:00 customer | 23–23:30 30 min; rest to 00:30; 2 h 30
cb-coupon-with-pauses-that-overlap         | cb.office | continuous    | 2026-02-02T10:00+02:00        | 3h  | 2026-02-02T15:30+02:00        | 2026-02-02T10:30+02:00/2026-02-02T11:30+02:00 customer, 2026-02-02T11:00+02:00/2026-02-02T13:00+02:00 third_party | 30 min; one rest 10:30–13:00; 2 h 30
cb-waits-over-a-week-end                   | cb.office | working       | 2026-02-06T15:00+02:00        | 24h | 2026-02-11T15:00+02:00        | 2026-02-06T16:00+02:00/2026-02-09T10:00+02:00 customer | Fri 15–16 1 h; rest to Mon 10:00; Mon 8 h = 9, Tue 9 = 18, Wed 09–15 6 h

# КлиК: 48 or 24 hours of working days, days off left out hour by hour (KL-8, KL-13; A12, D5).
kl-midweek                                 | kl.office | skip_days_off | 2025-03-03T15:00+03:00        | 48h | 2025-03-05T15:00+03:00        | - | Mon 9 h, Tue 24 h, Wed 15 h
kl-over-8-march                            | kl.office | skip_days_off | 2025-03-06T15:00+03:00        | 48h | 2025-03-10T15:00+03:00        | - | Thu 9, Fri 24 = 33; Sat, Sun off; Mon 15 h
kl-over-a-week-end                         | kl.office | skip_days_off | 2025-03-14T15:00+03:00        | 24h | 2025-03-17T15:00+03:00        | - | Fri 9 h; Mon 15 h
kl-received-on-saturday                    | kl.office | skip_days_off | 2025-03-15T12:00+03:00        | 24h | 2025-03-18T00:00+03:00        | - | starts Mon 00:00 (D2), used up at Mon 24:00
kl-used-up-at-friday-midnight              | kl.office | skip_days_off | 2025-03-13T00:00+03:00        | 48h | 2025-03-15T00:00+03:00        | - | Thu 24, Fri 24: due at that midnight, not on Mon (D3)
kl-a-second-before-monday                  | kl.office | skip_days_off | 2025-03-16T23:59:59+03:00     | 24h | 2025-03-18T00:00+03:00        | - | Sun is off to its last second; Mon 24 h
kl-a-night-stays-a-night                   | kl.office | skip_days_off | 2025-03-04T03:20+03:00        | 24h | 2025-03-05T03:20+03:00        | - | opening hours do not matter (A12)
kl-new-year-2026                           | kl.office | skip_days_off | 2025-12-29T15:00+03:00        | 48h | 2026-01-12T15:00+03:00        | - | Mon 9, Tue 30 Dec 24 = 33; 31 Dec–11 Jan off; Mon 12 15 h
kl-the-working-saturday                    | kl.office | skip_days_off | 2025-10-31T20:00+03:00        | 24h | 2025-11-01T20:00+03:00        | - | Fri 4 h; Sat 1 Nov works: 20 h
kl-over-the-working-saturday               | kl.office | skip_days_off | 2025-10-31T20:00+03:00        | 48h | 2025-11-05T20:00+03:00        | - | Fri 4, Sat 24 = 28; 2–4 Nov off; Wed 20 h
kl-used-up-with-the-working-saturday       | kl.office | skip_days_off | 2025-10-31T00:00+03:00        | 48h | 2025-11-02T00:00+03:00        | - | Fri 24, Sat 24: due at Sat 24:00
kl-1-may-2026                              | kl.office | skip_days_off | 2026-04-30T18:30+03:00        | 24h | 2026-05-04T18:30+03:00        | - | Thu 5 h 30; Fri 1 May, week-end; Mon 18 h 30
kl-9-and-11-may-2026                       | kl.office | skip_days_off | 2026-05-08T12:00+03:00        | 24h | 2026-05-12T12:00+03:00        | - | Fri 12; Sat 9, Sun, Mon 11 off; Tue 12 h
kl-9-march-2026                            | kl.office | skip_days_off | 2026-03-06T12:00+03:00        | 48h | 2026-03-11T12:00+03:00        | - | Fri 12; 7–9 Mar off; Tue 24 = 36; Wed 12 h
kl-12-and-13-june-2025                     | kl.office | skip_days_off | 2025-06-11T12:00+03:00        | 24h | 2025-06-16T12:00+03:00        | - | Wed 12; Thu 12, Fri 13 (moved), week-end; Mon 12 h
kl-waits-for-the-customer                  | kl.office | skip_days_off | 2025-03-04T10:00+03:00        | 24h | 2025-03-07T10:00+03:00        | 2025-03-04T12:00+03:00/2025-03-06T12:00+03:00 customer | Tue 2 h; rests to Thu 12:00; Thu 12 = 14; Fri 10 h
kl-waits-over-a-week-end                   | kl.office | skip_days_off | 2025-03-14T12:00+03:00        | 24h | 2025-03-18T00:00+03:00        | 2025-03-14T18:00+03:00/2025-03-17T06:00+03:00 customer | Fri 12–18 6 h; rests to Mon 06:00; 18 h to Mon 24:00 (D3)
kl-waits-within-a-week-end                 | kl.office | skip_days_off | 2025-03-14T12:00+03:00        | 24h | 2025-03-17T12:00+03:00        | 2025-03-15T09:00+03:00/2025-03-16T20:00+03:00 customer | Fri 12; the rest lies on days off: nothing back (D7); Mon 12 h
kl-pauses-overlap                          | kl.office | skip_days_off | 2025-03-04T10:00+03:00        | 24h | 2025-03-06T10:00+03:00        | 2025-03-04T12:00+03:00/2025-03-05T00:00+03:00 customer, 2025-03-04T20:00+03:00/2025-03-05T12:00+03:00 release | Tue 10–12 2 h; 12–24 and Tue 20–Wed 12 are one rest; Wed 12–24 12 h = 14; Thu 10 h

# Инициатива: answers in 30 and 60 min (IN-7, 8), placement in 3 min (IN-5), papers in 5 working days (IN-10). Days of its own.
in-reference                               | in.office | working       | 2026-02-05T11:10+05:00        | 30m | 2026-02-05T11:40+05:00        | - | Thu 11:10 + 30 min
in-no-break                                | in.office | working       | 2026-02-05T12:45+05:00        | 30m | 2026-02-05T13:15+05:00        | - | no lunch (IN-2)
in-outage-over-night                       | in.office | working       | 2026-02-05T17:30+05:00        | 1h  | 2026-02-06T09:30+05:00        | - | Thu 30 min, Fri 30 min
in-used-up-at-closing                      | in.office | working       | 2026-02-05T17:00+05:00        | 1h  | 2026-02-05T18:00+05:00        | - | due at closing (D3)
in-placement-over-midnight                 | in.office | continuous    | 2026-02-07T23:58:30+05:00     | 3m  | 2026-02-08T00:01:30+05:00     | - | round the clock, on Saturday too
in-papers                                  | in.office | working_days  | 2026-01-31T18:00+05:00        | 5d  | 2026-02-07T00:00+05:00        | - | day 0 Sat 31 Jan; Mon 2–Fri 6 Feb are five; end of Fri
in-papers-over-march                       | in.office | working_days  | 2026-02-27T12:00+05:00        | 5d  | 2026-03-11T00:00+05:00        | - | Mon 2–Thu 5 are four; Fri 6 own day off, 7–9 off; Tue 10 the fifth; its end
in-papers-while-waiting                    | in.office | working_days  | 2026-02-02T10:00+05:00        | 5d  | 2026-02-12T00:00+05:00        | 2026-02-03T12:00+05:00/2026-02-05T12:00+05:00 customer | day 0 Mon; ends of Tue, Wed lie in the rest; Thu 1, Fri 2, Mon 3, Tue 4, Wed 11 the fifth
in-papers-while-waiting-over-a-week-end    | in.office | working_days  | 2026-02-05T10:00+05:00        | 2d  | 2026-02-11T00:00+05:00        | 2026-02-06T12:00+05:00/2026-02-09T12:00+05:00 customer | day 0 Thu; Fri is given back, Sat and Sun count nothing anyway; Mon ends outside: 1, Tue 2
in-own-working-day                         | in.office | working       | 2026-01-08T12:00+05:00        | 30m | 2026-01-09T09:30+05:00        | - | Thu holiday; Fri 9 Jan is off in Russia and worked here
in-own-saturday                            | in.office | working       | 2026-02-20T17:30+05:00        | 1h  | 2026-02-21T10:30+05:00        | - | Fri 30 min; Sat 21 Feb open 10–14: 30 min
in-out-of-the-own-saturday                 | in.office | working       | 2026-02-21T13:30+05:00        | 1h  | 2026-02-24T09:30+05:00        | - | Sat 30 min; Sun, Mon 23 Feb off; Tue 30 min
in-own-day-off                             | in.office | working       | 2026-03-05T17:45+05:00        | 1h  | 2026-03-10T09:45+05:00        | - | Thu 15 min; Fri own day off, 7–9 Mar off; Tue 45 min
in-eve-of-1-may-is-not-shortened           | in.office | working       | 2026-04-30T17:15+05:00        | 1h  | 2026-05-04T09:15+05:00        | - | Thu to 18:00 45 min; 1–3 May off; Mon 15 min

# NIRIS: 15–30 min, 3 h, 6 h, or at once (NI-6, 8, 9, 10). Nine hours a day, eight before holidays.
ni-at-once                                 | ni.office | working       | 2025-03-04T11:00+03:00        | 0s  | 2025-03-04T11:00+03:00        | - | open: now
ni-at-once-at-night                        | ni.office | working       | 2025-03-04T22:00+03:00        | 0s  | 2025-03-05T10:00+03:00        | - | closed: the next opening (D2)
ni-at-once-on-saturday                     | ni.office | working       | 2025-03-15T12:00+03:00        | 0s  | 2025-03-17T10:00+03:00        | - | Mon 10:00
ni-at-once-at-closing                      | ni.office | working       | 2025-03-04T19:00:00+03:00     | 0s  | 2025-03-05T10:00+03:00        | - | 19:00:00 is closed (D2)
ni-reaction-over-night                     | ni.office | working       | 2025-03-04T18:50+03:00        | 15m | 2025-03-05T10:05+03:00        | - | Tue 10 min, Wed 5 min
ni-called-back                             | ni.office | working       | 2025-03-04T13:00+03:00        | 30m | 2025-03-04T13:30+03:00        | - | NI-14
ni-some-urgency-over-a-week-end            | ni.office | working       | 2025-03-14T17:30+03:00        | 3h  | 2025-03-17T11:30+03:00        | - | Fri 1 h 30, Mon 1 h 30
ni-eve-of-8-march-2025                     | ni.office | working       | 2025-03-07T15:00+03:00        | 6h  | 2025-03-10T13:00+03:00        | - | Fri to 18:00 3 h; Sat, Sun; Mon 10–13 3 h
ni-at-closing-of-a-shortened-day           | ni.office | working       | 2025-03-07T18:00:00+03:00     | 15m | 2025-03-10T10:15+03:00        | - | closed since 18:00:00
ni-used-up-at-closing-of-a-shortened-day   | ni.office | working       | 2025-03-07T15:00+03:00        | 3h  | 2025-03-07T18:00+03:00        | - | 15–18 3 h (D3)
ni-friday-before-23-february-on-sunday     | ni.office | working       | 2025-02-21T18:00+03:00        | 3h  | 2025-02-24T12:00+03:00        | - | Sat stands between: Fri is whole, 1 h; Mon works (moved to 8 May): 2 h
ni-eve-of-1-may-2025                       | ni.office | working       | 2025-04-30T17:00+03:00        | 3h  | 2025-05-05T12:00+03:00        | - | Wed to 18:00 1 h; 1–4 May off; Mon 2 h
ni-before-a-moved-day-off                  | ni.office | working       | 2025-05-07T18:00+03:00        | 3h  | 2025-05-12T12:00+03:00        | - | 8 May is a moved day off, no holiday: Wed to 19:00 1 h; Mon 2 h
ni-eve-of-12-june-2025                     | ni.office | working       | 2025-06-11T17:30+03:00        | 3h  | 2025-06-16T12:30+03:00        | - | Wed to 18:00 30 min; 12–15 Jun off; Mon 2 h 30
ni-before-the-working-saturday             | ni.office | working       | 2025-10-31T17:00+03:00        | 3h  | 2025-11-01T11:00+03:00        | - | Fri to 19:00 2 h; Sat 10–11 1 h
ni-working-saturday-before-a-holiday       | ni.office | working       | 2025-11-01T17:00+03:00        | 3h  | 2025-11-05T12:00+03:00        | - | Sat stands in for Mon 3 Nov, the eve of the 4th: to 18:00 1 h; Wed 2 h
ni-before-31-december-moved-off            | ni.office | working       | 2025-12-30T18:00+03:00        | 3h  | 2026-01-12T12:00+03:00        | - | 31 Dec is a moved day off: Tue to 19:00 1 h; Mon 12 Jan 2 h
ni-eve-of-9-may-2026                       | ni.office | working       | 2026-05-08T17:00+03:00        | 3h  | 2026-05-12T12:00+03:00        | - | Fri to 18:00 1 h; 9–11 May off; Tue 2 h
ni-eve-of-4-november-2026                  | ni.office | working       | 2026-11-03T17:00+03:00        | 6h  | 2026-11-05T15:00+03:00        | - | Tue to 18:00 1 h; Wed off; Thu 10–15 5 h
ni-waits-on-a-shortened-day                | ni.office | working       | 2026-04-30T15:00+03:00        | 3h  | 2026-05-04T11:30+03:00        | 2026-04-30T16:00+03:00/2026-04-30T17:30+03:00 approval | Thu 15–16 1 h; rest to 17:30; 17:30–18:00 30 min; Mon 1 h 30

# ФНС: an appeal is registered on its day (FN-18), answered in 30 days (FN-19), 60 with notice (FN-20).
fn-appeal                                  | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-02T00:00+03:00        | - | day 0 is 2 Mar; day 30 is 1 Apr; its end
fn-appeal-extended                         | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 60d | 2026-05-02T00:00+03:00        | - | day 60 is 1 May, a holiday, not moved (D9)
fn-registered-the-same-day                 | fn.office | calendar_days | 2026-03-07T23:59:59+03:00     | 0d  | 2026-03-08T00:00+03:00        | - | end of Sat 7 Mar, a day off like any (A18)
fn-at-midnight                             | fn.office | calendar_days | 2026-03-07T00:00+03:00        | 30d | 2026-04-07T00:00+03:00        | - | day 0 is 7 Mar, just begun; day 30 is 6 Apr
fn-a-second-before-midnight                | fn.office | calendar_days | 2026-03-06T23:59:59+03:00     | 30d | 2026-04-06T00:00+03:00        | - | day 0 is 6 Mar; day 30 is 5 Apr, a Sunday
fn-over-new-year                           | fn.office | calendar_days | 2025-12-20T12:00+03:00        | 30d | 2026-01-20T00:00+03:00        | - | day 11 is 31 Dec, day 30 is 19 Jan: days off count
fn-over-29-february                        | fn.office | calendar_days | 2028-01-31T10:00+03:00        | 30d | 2028-03-02T00:00+03:00        | - | day 29 is 29 Feb 2028, day 30 is 1 Mar
fn-three-days-to-a-sunday                  | fn.office | calendar_days | 2026-04-30T15:00+03:00        | 3d  | 2026-05-04T00:00+03:00        | - | day 3 is Sun 3 May, not moved
fn-waits-three-nights                      | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-05T00:00+03:00        | 2026-03-10T12:00+03:00/2026-03-13T12:00+03:00 customer | 10, 11, 12 Mar end while it waits: three days back; day 30 is 4 Apr
fn-pauses-overlap                          | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-05T00:00+03:00        | 2026-03-10T12:00+03:00/2026-03-12T12:00+03:00 customer, 2026-03-11T09:00+03:00/2026-03-13T12:00+03:00 approval | together 10 Mar 12:00–13 Mar 12:00: three days back, not four (D7)
fn-waits-within-a-day                      | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-02T00:00+03:00        | 2026-03-10T09:00+03:00/2026-03-10T18:00+03:00 customer | no day ends while it waits: nothing back
fn-waits-from-midnight-to-midnight         | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-04T00:00+03:00        | 2026-03-10T00:00+03:00/2026-03-12T00:00+03:00 customer | 9 Mar has ended as the rest begins; 10 and 11 Mar end in it or with it: two days back; day 30 is 3 Apr
fn-waits-from-the-first-day                | fn.office | calendar_days | 2026-03-02T10:00+03:00        | 30d | 2026-04-05T00:00+03:00        | 2026-03-02T12:00+03:00/2026-03-05T12:00+03:00 customer | 2, 3, 4 Mar end while it waits; day 0 is 5 Mar, day 30 is 4 Apr
fn-five-working-days-over-may              | fn.office | working_days  | 2026-04-29T16:00+03:00        | 5d  | 2026-05-08T00:00+03:00        | - | Thu 30 Apr 1; 1–3 May off; Mon 4, Tue 5, Wed 6, Thu 7: five; its end
fn-same-working-day                        | fn.office | working_days  | 2026-04-29T16:00+03:00        | 0d  | 2026-04-30T00:00+03:00        | - | end of Wed itself
fn-same-working-day-on-a-day-off           | fn.office | working_days  | 2026-05-02T16:00+03:00        | 0d  | 2026-05-05T00:00+03:00        | - | Sat: the first working day is Mon 4 May; its end (D2)
fn-short-friday                            | fn.office | working       | 2026-03-13T16:00+03:00        | 2h  | 2026-03-16T10:15+03:00        | - | Fri to 16:45 45 min; Mon 1 h 15

# ТехноКад: 04–18 Moscow on days of the production calendar (TK-3), reaction in working time (TK-5).
tk-on-the-second-of-opening                | tk.office | working       | 2025-03-04T04:00:00+03:00     | 2h  | 2025-03-04T06:00+03:00        | - | open from 04:00:00 on
tk-a-second-before-opening                 | tk.office | working       | 2025-03-04T03:59:59+03:00     | 2h  | 2025-03-04T06:00+03:00        | - | starts at 04:00
tk-on-the-second-of-closing                | tk.office | working       | 2025-03-04T18:00:00+03:00     | 2h  | 2025-03-05T06:00+03:00        | - | closed (D2)
tk-half-a-second-before-closing            | tk.office | working       | 2025-03-04T17:59:59.500+03:00 | 2h  | 2025-03-05T05:59:59.500+03:00 | - | 0.5 s on Tue, the rest on Wed
tk-exactly-a-day                           | tk.office | working       | 2025-03-04T04:00+03:00        | 14h | 2025-03-04T18:00+03:00        | - | 14 h: at closing (D3)
tk-exactly-friday-and-the-working-saturday | tk.office | working       | 2025-10-31T04:00+03:00        | 28h | 2025-11-01T18:00+03:00        | - | Fri 14, Sat 14: at Saturday's closing
tk-at-night-before-the-working-saturday    | tk.office | working       | 2025-10-31T21:00+03:00        | 2h  | 2025-11-01T06:00+03:00        | - | Sat from 04:00
tk-out-of-the-working-saturday             | tk.office | working       | 2025-11-01T17:00+03:00        | 2h  | 2025-11-05T05:00+03:00        | - | Sat 1 h; 2–4 Nov off; Wed 1 h
tk-new-year-2026                           | tk.office | working       | 2025-12-30T17:30+03:00        | 2h  | 2026-01-12T05:30+03:00        | - | Tue 30 min; 31 Dec–11 Jan off; Mon 1 h 30
tk-new-year-2027                           | tk.office | working       | 2026-12-30T17:00+03:00        | 2h  | 2027-01-11T05:00+03:00        | - | Wed 1 h; Thu 31 Dec off, 1–8 Jan off, 9–10 week-end; Mon 1 h. Past the confirmed days: doubted
tk-fixed-in-a-release                      | tk.office | working       | 2025-03-04T09:00+03:00        | 2h  | 2025-03-10T04:30+03:00        | 2025-03-04T10:00+03:00/2025-03-07T17:30+03:00 release | TK-7. Tue 1 h; rest to Fri 17:30; Fri 30 min; Sat 8 Mar, Sun; Mon 30 min
tk-two-working-days-with-the-saturday      | tk.office | working_days  | 2025-10-31T12:00+03:00        | 2d  | 2025-11-06T00:00+03:00        | - | Sat 1 Nov 1; 2–4 off; Wed 5 Nov 2; its end

# ВСПЦентр names no hours: 08–20 on every day of the year.
vc-new-year                                | vc.shifts | working       | 2025-12-31T19:00+03:00        | 4h  | 2026-01-01T11:00+03:00        | - | Wed 1 h; Thu 1 Jan 08–11 3 h
vc-sunday-evening                          | vc.shifts | working       | 2026-03-08T21:00+03:00        | 2h  | 2026-03-09T10:00+03:00        | - | Mon 08–10
vc-exactly-a-day                           | vc.shifts | working       | 2026-03-07T08:00+03:00        | 12h | 2026-03-07T20:00+03:00        | - | at closing (D3)

# Deskun, in Kyiv: closed on the holidays of the list, open Sundays 00–06, over both changes of the clocks.
de-christmas                               | de.list   | working       | 2025-12-24T17:00+02:00        | 2h  | 2025-12-26T10:00+02:00        | - | Wed 1 h; Thu 25 Dec off; Fri 1 h
de-1-may                                   | de.list   | working       | 2026-04-30T17:00+03:00        | 2h  | 2026-05-03T01:00+03:00        | - | Thu 1 h; Fri off, Sat off; Sun 00–01
de-independence-day                        | de.list   | working       | 2026-08-23T05:30+03:00        | 2h  | 2026-08-25T10:30+03:00        | - | Sun 30 min; Mon 24 Aug off; Tue 1 h 30
de-night-as-clocks-go-forward              | de.list   | working       | 2026-03-29T00:00+02:00        | 6h  | 2026-03-30T10:00+03:00        | - | Sun 00–06 is 5 real hours; Mon 09–10 1 h
de-used-up-at-closing-of-the-short-night   | de.list   | working       | 2026-03-29T00:00+02:00        | 5h  | 2026-03-29T06:00+03:00        | - | all of its 5 h: at closing (D3)
de-over-the-skipped-hour                   | de.list   | working       | 2026-03-29T02:30+02:00        | 1h  | 2026-03-29T04:30+03:00        | - | 02:30–03:00 30 min, 04:00–04:30 30 min
de-night-as-clocks-go-back                 | de.list   | working       | 2026-10-25T00:00+03:00        | 6h  | 2026-10-25T05:00+02:00        | - | 00–04 4 h, 03–05 winter time 2 h
de-used-up-at-closing-of-the-long-night    | de.list   | working       | 2026-10-25T00:00+03:00        | 7h  | 2026-10-25T06:00+02:00        | - | 00–04 4 h, 03–06 winter time 3 h: at closing
de-within-the-doubled-hour                 | de.list   | working       | 2026-10-25T03:30+03:00        | 1h  | 2026-10-25T03:30+02:00        | - | from the first 03:30 to the second
de-days-of-25-hours                        | de.list   | skip_days_off | 2026-10-23T12:00+03:00        | 24h | 2026-10-25T11:00+02:00        | - | Fri 12 h; Sat off; Sun 12 real hours: 00–04 4 h, 03–11 8 h
de-days-of-23-hours                        | de.list   | skip_days_off | 2026-03-27T12:00+02:00        | 24h | 2026-03-29T13:00+03:00        | - | Fri 12 h; Sat off; Sun 12 real hours: 00–03 3 h, 04–13 9 h
de-all-of-the-long-sunday                  | de.list   | skip_days_off | 2026-10-24T12:00+03:00        | 25h | 2026-10-26T00:00+02:00        | - | Sun from 00:00 has 25 h: at its midnight (D3)
de-all-of-the-short-sunday                 | de.list   | skip_days_off | 2026-03-28T12:00+02:00        | 23h | 2026-03-30T00:00+03:00        | - | Sun from 00:00 has 23 h: at its midnight
de-a-day-that-is-25-hours-long             | de.list   | calendar_days | 2026-10-24T12:00+03:00        | 1d  | 2026-10-26T00:00+02:00        | - | day 1 is Sun 25 Oct; its end is winter time
"""


@dataclass(frozen=True)
class Case:
    """One term. Instants are ISO 8601 with an offset, durations as in the configuration."""

    id: str
    organisation: str
    calendar: str
    mode: str
    start: str  # --from
    within: str  # --for
    due: str
    pauses: tuple[tuple[str, str, Wait], ...]  # from, until, why
    working: str  # the reckoning, step by step


def _case(row: str) -> Case:
    id_, calendar, mode, start, within, due, pauses, working = (cell.strip() for cell in row.split(" | "))
    organisation, _, name = calendar.partition(".")
    return Case(id_, organisation, name, mode, start, within, due, _pauses(pauses), working)


def _pauses(cell: str) -> tuple[tuple[str, str, Wait], ...]:
    pauses = []
    for text in [] if cell == "-" else cell.split(", "):
        times, _, why = text.partition(" ")
        since, _, until = times.partition("/")
        pauses.append((since, until, Wait(why)))
    return tuple(pauses)


CASES = tuple(_case(row) for row in TABLE.splitlines() if row and not row.startswith("#"))
