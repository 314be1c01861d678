"""Decide whether a student's words may be about danger to life, their own or another's.

This is no diagnosis and no label: where it says yes, people are asked to read at once, and the
reason is not stored. So the list is generous. Its kinds are the signs that the NHS (help for
suicidal thoughts; self-harm) and Samaritans (signs that a person may not be coping) tell the public
to take seriously: wanting to die or not to be here, plans and means, goodbyes and giving things
away, being a burden, no way out, self-harm, fear of oneself, harm by others, worry about a friend.
The phrases, in English and Welsh, with common spellings, are our own. What a student writes in
another language is read at once as well: Lantern cannot tell that it is harmless.
"""

from __future__ import annotations

from collections.abc import Iterator

from store.rules.students import urgent_english, urgent_welsh
from store.rules.students.urgent_scale import has_cue, weigh_urgency
from store.rules.text.languages import unread
from store.rules.text.sentence_patterns import any_of, lowered, sentences

_IDIOMS = any_of(
    (
        r"(?:deadlines?|module|essay|heat|feet|back|shoes|mum|mam|dad|boss) (?:\w+ )?(?:is"
        r"|are|will|'ll) (?:\w+ )?kill(?:ing)? me",
        r"kill for|a killer|nearly died of|died laughing|dead as|im dead lol|battery",
        r"cell death|death of the author|over the moon|jumped at|rates in",
        r"for my (?:\w+ )?essay|my (?:essay|dissertation|paper|project) (?:is )?(?:on|about)",
        r"meme|rip my",
    )
)

_WITH_CUE, _WITHOUT = -0.25, 0.05
"""How heavy words are that are read at once: with a cue the less, since missing one is worse."""

_FEW = 4
"""Words: fewer than so many, without a cue, are too little to weigh, such as "help"."""

_SHORT = 160
"""Signs: two sentences that are longer say enough alone."""

_SPEAKS = any_of((*urgent_english.PHRASES, *urgent_welsh.PHRASES))


def may_speak_of_danger(words: str, quoting: str = "") -> bool:
    """Return whether a person should read these words at once.

    ``quoting`` is the email that they answer: quoted lines of it are ignored. Idioms and topics of
    study pass if nothing else in their sentence speaks of danger.
    """
    sent = {" ".join(line.split()) for line in quoting.splitlines()}
    own = "\n".join(
        line for line in words.splitlines() if " ".join(line.lstrip("> \t").split()) not in sent
    )
    return any(map(_is_urgent, _with_neighbours(lowered(own)))) or bool(unread(own))


def _is_urgent(words: str) -> bool:
    named = has_cue(words) or _SPEAKS.search(_IDIOMS.sub(" ", words)) is not None
    if not named and len(words.split()) < _FEW:
        return False
    return weigh_urgency(words) > (_WITH_CUE if named else _WITHOUT)


def _with_neighbours(text: str) -> Iterator[str]:
    """Each sentence, and each with the next: "Look after my cat. Goodbye." is one thing."""
    before = ""
    for _, sentence in sentences(text):
        if sentence.strip():
            yield sentence
            if before and len(before) + len(sentence) < _SHORT:
                yield f"{before} {sentence}"
            before = sentence
