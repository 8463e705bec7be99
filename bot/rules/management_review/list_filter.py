"""What `/management-review list …` lists, read into the states that are wanted."""

from bot.rules.management_review.flow import LIVE, MeetingState
from bot.rules.management_review.refusals import BadMeetingList
from bot.rules.record.list_filter import states_by_word, tokens, word_of

_STATES = states_by_word(MeetingState, LIVE)


def read(typed: str) -> frozenset[MeetingState]:
    """All but what was cancelled, where nothing is said. Raises BadMeetingList."""
    found = set[MeetingState]()
    for token in tokens(typed):
        if (word := word_of(token)) in _STATES:
            found |= _STATES[word]
        else:
            raise BadMeetingList(typed=token[:40])
    return frozenset(found or set(MeetingState) - {MeetingState.CANCELLED})
