"""How well the shipped rules of trends find what was planted in a made log, and how long a day's look takes.

make bench    (or: PYTHONPATH=tests python tests/bench/bench_trends.py)
"""

import time

import made_trends

from bot.rules.policy.policy import parse
from bot.rules.problem.trends import settle

SEEDS = range(4)


def main() -> None:
    precision, recall = made_trends.judged(SEEDS)
    print(f"{len(SEEDS)} made logs of {made_trends.NOISE} incidents: precision {precision:.2f}, recall {recall:.2f}")
    rules = [rule.named(name) for name, rule in parse("").trends.items()]
    happened, _ = made_trends.made_log(0)
    began = time.process_time()
    settle(happened, rules, [], made_trends.NOW)
    print(f"a day's look over {len(happened) // 2} incidents: {time.process_time() - began:.2f} s of processor")


if __name__ == "__main__":
    main()
