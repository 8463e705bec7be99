"""What figures cost: all of a week, a month and a quarter beside those of the time before, and a row of an export.

    PYTHONPATH=tests:tests/bench python tests/bench/bench_figures.py [--on sqlite|postgresql] [--keep FOLDER] [SIZE …]

Sizes are closed incidents, and `--keep` is as in `bench_growth.py`. Figures are counted three times: from the records;
by samples of days; and as a person does it who types `/report`, with samples, in a bot that serves: from the command
until the figures stand in the conversation, the process in which a large desk counts them included. Seconds of
processor are this machine's without PostgreSQL's; those by the wall hold what PostgreSQL takes, and all other work.
"""

if __name__ == "__main__":
    # Here alone: a process in which a bot counts imports what its main file imports, which is little of Deskbell's own.
    from support.figures import main

    main()
