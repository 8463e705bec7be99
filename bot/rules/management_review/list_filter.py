"""What `/management-review list …` lists, read into the states that are wanted."""

from bot.rules.management_review.flow import MeetingState
from bot.rules.management_review.refusals import BadMeetingList
from bot.rules.record.list_filter import tokens


def read(typed: str) -> frozenset[MeetingState]:
    """All but what was cancelled, where nothing is said. Raises BadMeetingList."""
    found = set[MeetingState]()
    for token in tokens(typed):
        word = token.lower()
        if word == "all":
            found |= set(MeetingState)
        elif word in set(MeetingState):
            found.add(MeetingState(word))
        else:
            raise BadMeetingList(typed=token[:40])
    return frozenset(found or set(MeetingState) - {MeetingState.CANCELLED})
