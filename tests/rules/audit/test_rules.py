"""Who may audit, which clauses the programme leaves out, verdicts, reminders and lists."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.audit import independence, list_filter
from bot.rules.audit.checks import Verdict, reminders, verdict_named
from bot.rules.audit.flow import FINDING_FLOW, FindingKind, FindingState, FindingStep, Role
from bot.rules.audit.independence import Stake
from bot.rules.audit.policy import Audits
from bot.rules.audit.programme import Planned, left_out, programme
from bot.rules.audit.refusals import BadAuditList, NoSuchVerdict
from bot.rules.iso.clauses import CLAUSES

YEAR = timedelta(days=365)
TODAY = date(2026, 6, 1)


def test_somebodys_own_work_stands_between_them_and_an_audit():
    stakes = [*independence.owned("U1", "DOC-3"), *independence.owned(None, "DOC-4"),
              *independence.acted(["U1", "U2"], "INC-7")]  # fmt: skip
    assert independence.of("U1", [*stakes, *stakes]) == ["own DOC-3", "acted in INC-7"]
    assert independence.of("U2", stakes) == ["acted in INC-7"]
    assert independence.of("U3", stakes) == []
    assert Stake("U2", "acted in INC-7") in stakes


def test_the_programme_covers_every_clause_or_says_which_not():
    audits = [
        Planned("AUD-1", ("8.6.1", "8.6.2"), date(2026, 3, 1), reported=True),
        Planned("AUD-2", ("8.6.1",), date(2024, 3, 1), reported=True),
        Planned("AUD-3", ("9.1",), date(2024, 3, 1), reported=True),
        Planned("AUD-4", ("4.1",), date(2026, 9, 1), reported=False),
        Planned("AUD-5", ("4.2",), date(2026, 5, 1), reported=False),
    ]
    found = programme(audits, YEAR)
    assert list(found) == list(CLAUSES)
    assert (found["8.6.1"].last.ref, found["8.6.1"].due) == ("AUD-1", date(2027, 3, 1))
    missing = left_out(found, TODAY, YEAR)
    assert not {"8.6.1", "8.6.2", "4.1"} & set(missing)
    assert {"9.1", "4.2", "10.1"} <= set(missing), "too old, late, never"
    assert left_out(found, date(2027, 3, 1), YEAR).count("8.6.1") == 0
    assert "8.6.1" in left_out(found, date(2027, 3, 2), YEAR)


def test_verdicts_are_typed_as_people_say_them():
    assert verdict_named("Good practice") is Verdict.GOOD_PRACTICE
    assert verdict_named("not-looked-at").finding is None
    assert {one.finding for one in Verdict} - {None} == set(FindingKind)
    with pytest.raises(NoSuchVerdict, match="“fine” is no verdict"):
        verdict_named("fine")


def test_only_what_is_no_nonconformity_is_taken_note_of():
    for kind in FindingKind:
        legal = FINDING_FLOW.legal(FindingState.OPEN, {Role.OWNER}, kind)
        assert (FindingStep.NOTE in legal) is (kind not in (FindingKind.MAJOR, FindingKind.MINOR))
    assert FINDING_FLOW.legal(FindingState.ANSWERED, {Role.OWNER}, "minor") == []


def test_reminders_come_before_the_day_on_it_and_while_it_is_late():
    early = reminders(Audits(), date(2026, 6, 30), datetime(2026, 6, 1, tzinfo=UTC))
    assert list(early) == ["2026-06-30-7", "2026-06-30-1", "2026-06-30-due"]
    assert list(reminders(Audits(), date(2026, 6, 30), datetime(2026, 7, 8, tzinfo=UTC))) == ["2026-06-30+2026-07-14"]


def test_lists_are_read_from_words():
    found = list_filter.findings('mine late 8.6.1 answered "vpn"')
    assert (found.mine, found.late, found.clause, found.states, found.words) == (
        True, True, "8.6.1", {FindingState.ANSWERED}, ("vpn",),
    )  # fmt: skip
    assert FindingState.CLOSED not in list_filter.findings("").states
    assert len(list_filter.audits("all").states) == 4
    with pytest.raises(BadAuditList, match="under-way"):
        list_filter.audits("soon")
