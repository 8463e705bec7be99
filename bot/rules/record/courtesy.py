"""Words that only thank, greet or agree: they are no report and no information."""

import re
import unicodedata

_KIND = (
    "thanks|thank ?you|thankyou|thank u|thx|thnx|tnx|tx|ty|tysm|cheers|ta|much appreciated|appreciated|appreciate it|"
    "hi|hello|hey|hiya|good (?:morning|afternoon|evening|day|night)|morning|bye|bye bye|goodbye|see (?:you|ya)|cya|"
    "you(?:'?re| are) welcome|(?:you are |that is |that's )?(?:very )?kind(?: of you)?|have a (?:nice|good|great) "
    "(?:day|evening|weekend|one)|no worries|never ?mind|nvm|sorry|my bad|please|pls|"
    "danke(?: schön| schoen)?|vielen dank|merci(?: beaucoup)?|(?:muchas )?gracias|obrigad[oa]|grazie(?: mille)?|"
    "dank je(?: wel)?|bedankt|tack|takk|tak|kiitos|dziękuję|dzięki|děkuji|hallo|hola|bonjour|ciao|tschüss|adios|"
    "спасибо|ありがとう(?:ございます)?|谢谢|감사합니다|شكرا"
)
_AGREES = (
    "ok|okay|okey|okie|k|kk|yes|yep|yup|yeah|sure|no|nope|fine|great|perfect|super|cool|nice(?: one)?|"
    "good(?: job| work)?|well done|awesome|excellent|brilliant|lovely|wonderful|amazing|fantastic|all good|sounds good|"
    "looks good|lgtm|got it|understood|noted|roger|will do|no problem|np|right|alright|all right|done|wow|yay|lol|"
    "ha(?:ha)+|\\+ ?1"
)
_BESIDE = (
    "so|very|much|a lot|lots|a million|again|all|everyone|everybody|team|guys|folks|there|indeed|too|then|and|"
    "for (?:your|the|all your|all the)?(?: quick)? ?(?:help|support|update|info|information|answer|reply|fix)|"
    "for (?:that|this|it|letting me know|everything)|that was quick|now|that's|that is|it's|it is|deskbell|bot"
)
_EMOJI = re.compile(r":[a-z0-9_+'-]+:(?::skin-tone-\d:)?", re.IGNORECASE)
_KINDS = {"thanks": re.compile(_KIND), "agrees": re.compile(_AGREES), "beside": re.compile(_BESIDE)}
_PHRASE_MOST = 6
"""Words of the longest phrase above."""
LONGEST = 200
"""Characters: what is longer says something."""


def is_courtesy(text: str) -> bool:
    """Whether this thanks, greets, agrees or is an emoji, and says nothing else."""
    words = _words(text)
    return words == () or bool(words and _said(words) & {"thanks", "agrees"})


def is_thanks(text: str) -> bool:
    """Whether this thanks or greets: it answers no question, as “yes” or a thumb may."""
    return "thanks" in _said(_words(text) or ())


def _said(words: tuple[str, ...]) -> frozenset[str]:
    """What kinds of phrases these words are made of; none where a word is left over. One pass, so that nobody can write
    what takes long to read."""
    found: list[frozenset[str] | None] = [frozenset(), *(None for _ in words)]
    for start in range(len(words)):
        before = found[start]
        if before is None:
            continue
        for end in range(start + 1, min(start + _PHRASE_MOST, len(words)) + 1):
            phrase = " ".join(words[start:end])
            for kind, known in _KINDS.items():
                if known.fullmatch(phrase):
                    found[end] = (found[end] or frozenset()) | before | {kind}
    return found[-1] or frozenset()


def _words(text: str) -> tuple[str, ...] | None:
    """In small letters without emoji, marks and letters drawn out; None for what is too long."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    if len(text) > LONGEST:
        return None
    words = _EMOJI.sub(" ", text).casefold()
    kept = "".join(one if one.isalnum() or one in "'+" or unicodedata.combining(one) else " " for one in words)
    drawn_out = re.sub(r"(.)\1{2,}", r"\1", kept)
    return tuple(drawn_out.split())
