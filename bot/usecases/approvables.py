"""The nouns that are put to approval: one line each, and nothing else to register."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.rules.record.refs import Noun
from bot.usecases.approval.approvable import Approvable
from bot.usecases.change.approval import CHANGE
from bot.usecases.document.approval import DOCUMENT
from bot.usecases.policy_proposal.approval import POLICY
from bot.usecases.request.approval import REQUEST
from bot.usecases.review.approval import REVIEW

APPROVABLES: Mapping[Noun, Approvable] = MappingProxyType(
    {
        Noun.CHANGE: CHANGE,
        Noun.REQUEST: REQUEST,
        Noun.REVIEW: REVIEW,
        Noun.DOCUMENT: DOCUMENT,
        Noun.POLICY: POLICY,
    }
)
