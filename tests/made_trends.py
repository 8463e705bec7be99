"""A made log of incidents with planted clusters in noise, and how well the rules of trends find them."""

import random
from datetime import UTC, datetime, timedelta

from bot.rules.policy.policy import parse
from bot.rules.problem.trends import Counts, Happened, replay

NOW = datetime(2026, 6, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
NOISE = 600
_SYLLABLES = ("pri", "lap", "net", "scr", "mon", "tab", "key", "mou", "dis", "ser")
WORDS = [f"{one}{other}er{last}" for one in _SYLLABLES for other in ("ta", "lo", "mi") for last in ("", "is", "on")]
OFTEN = [1 / (rank + 3) for rank in range(len(WORDS))]
"""90 words, a few of them much more often than others, as in what people write."""
PLANTED = (
    ("vpn", "The tunnel drops at night", ("tunnel", "drops", "night", "vpn"), 40),
    ("email", "Mails bounce with code 550", ("mails", "bounce", "code", "550"), 70),
    ("payroll", "Time sheet cannot be sent", ("time", "sheet", "sent", "payroll"), 100),
    ("website", "Form of the shop is blank", ("form", "shop", "blank", "page"), 120),
)


def made_log(seed):
    """150 days of noise on six services, with four clusters planted in a week each; which record is of which."""
    dice, found, truth = random.Random(seed), [], {}
    for _ in range(NOISE):
        service = dice.choice(["vpn", "email", "network", "laptops", "payroll", "website"])
        text = " ".join(dict.fromkeys(dice.choices(WORDS, OFTEN, k=5)))
        found.append((dice.uniform(0, 150), service, text))
    for service, _, words, day in PLANTED:
        for _ in range(7):
            kept = dice.sample(words, len(words) - 1)
            found.append((day + dice.uniform(0, 5), service, " ".join([*kept, dice.choice(WORDS)])))
            truth[len(found) - 1] = service
    happened = [
        Happened(counts, NOW - 150 * DAY + at * DAY, f"INC-{number}", service, text=text)
        for number, (at, service, text) in enumerate(found)
        for counts in (Counts.LIKENESS, Counts.SERVICE)
    ]
    return happened, {f"INC-{number}": service for number, service in truth.items()}


def judged(seeds):
    """Precision and recall of proposals by what was planted."""
    right = wrong = planted = hit = 0
    rules = [rule.named(name) for name, rule in parse("").trends.items()]
    for seed in seeds:
        happened, truth = made_log(seed)
        trends = list(replay(happened, rules, NOW - 120 * DAY, NOW))
        good = [one for one in trends if sum(record in truth for record in one.records) * 2 > one.count]
        right, wrong = right + len(good), wrong + len(trends) - len(good)
        planted += len(PLANTED)
        hit += len({truth[record] for one in good for record in one.records if record in truth})
    return right / max(right + wrong, 1), hit / planted
