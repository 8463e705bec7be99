"""Thanks, greetings and emoji are no report, however they are written; words that say something are none of them."""

import pytest

from bot.rules.record.courtesy import is_courtesy, is_thanks

THANKS = (
    "thanks", "Thanks!", "thanks!!!", "THANKS", "thank you", "Thank you so much!", "thankyou", "thx", "ty", "tysm",
    "Thanks a lot :)", "thanks :pray:", "thaaaanks", "Ok thanks", "ok, thanks a lot!", "great, thank you", "cheers",
    "Thanks for your help", "thanks for the quick fix!", "Thank you all", "thanks team", "Perfect – thank you.",
    "bye", "Bye bye", "bye!", "goodbye", "see you", "hi", "Hello", "hey there", "Good morning", "Good morning, team",
    "you're welcome", "You’re welcome", "no worries", "never mind", "nvm", "sorry",
    "danke", "Merci beaucoup!", "gracias",
    "Vielen Dank!", "ありがとうございます", "谢谢", "спасибо", "have a nice day", "thanks deskbell",
    "ｔｈａｎｋｓ", "*thanks*",
)  # fmt: skip
AGREES = (
    "ok", "OK!", "okay", "k", "okkkk", "yes", "no", "cool", "nice one", "perfect", "got it", "will do", "sounds good",
    "all good now", "all good",
    "👍", "👍🏽", ":thumbsup:", ":+1::skin-tone-3:", "+1", "🎉🎉", ":tada: :tada:", ":)", "...", "?", "haha", "lol",
)  # fmt: skip
REPORTS = (
    "thanks to the update VPN is down", "ok but the printer still smokes", "no mail", "no network", "not ok",
    "no good reason for this error", "good printer is gone", "hi, my laptop is broken", "hello world service fails",
    "help", "VPN", "nothing works", "please help", "please reset my password", "thanks for nothing, VPN is down again",
    "bye bye disk space", "the bot is down", "nice server is down", "it is slow",
    "done is not done", "team drive is full",
    "that is broken", "404", "ok 500", "all red now", "morning sync failed", "thanks " * 60, "no thanks needed, fix it",
)  # fmt: skip


@pytest.mark.parametrize("said", [*THANKS, *AGREES])
def test_courtesies_are_no_report(said: str) -> None:
    assert is_courtesy(said)


@pytest.mark.parametrize("said", REPORTS)
def test_words_that_say_something_are_no_courtesy(said: str) -> None:
    assert not is_courtesy(said)
    assert not is_thanks(said)


@pytest.mark.parametrize("said", THANKS)
def test_thanks_answer_no_question(said: str) -> None:
    assert is_thanks(said)


@pytest.mark.parametrize("said", AGREES)
def test_yes_and_a_thumb_may_answer_a_question(said: str) -> None:
    assert not is_thanks(said)


def test_no_words_take_long_to_read() -> None:
    assert not is_courtesy("bye bye " * 24 + "disk")
    assert not is_courtesy("so thanks and " * 14 + "x")
