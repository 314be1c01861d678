"""Find remarks that do not belong in a case: on origin, money, faith, family or looks (§17).

A colleague is asked about such words, never refused, so the lists are generous: any mention of a
visa or a faith is worth a question, since neither is evidence of engagement. Mere circumstances,
such as a family that called, pass. All patterns are bounded, so that the time grows only with the
length of a text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from store.rules.text import remarks_welsh
from store.rules.text.sentence_patterns import any_of, lowered

_WHO = (
    r"(?:students?|girls?|boys?|lads?|lass(?:es)?|kids?|guys?|wom[ae]n|m[ae]n|lad(?:y|ies)|blokes?"
    r"|ones?|people|person|chaps?|candidates?|families|family|types?)"
)
_PRONOUN = r"(?:her|him|them)"

_PEOPLES = (
    r"(?:chinese|indians?|pakistanis?|bangladeshis?|nigerians?|ghanaians?|somalis?|africans?"
    r"|asians?|arabs?|iranians?|iraqis?|syrians?|turks?|turkish|poles|polish|romanians?"
    r"|bulgarians?|russians?|ukrainians?|albanians?|greeks?|italians?|spanish|spaniards?|french"
    r"|germans?|americans?|koreans?|japanese|vietnamese|thai|malaysians?|brazilians?|mexicans?"
    r"|saudis?|egyptians?|moroccans?|jamaicans?|kenyans?|sri lankans?|nepalese|nepalis?|afghans?"
    r"|kurds?|kurdish|irish|scottish|scots|welsh|english|europeans?|eastern europeans?)"
)
"""Peoples, as in "typical Italian": after a word that sorts by them, or before a person."""


class RemarkKind(StrEnum):
    """The subject of a remark, in the order in which they are looked for."""

    ORIGIN = "origin"
    MONEY = "money"
    FAITH = "faith"
    FAMILY = "family"
    LOOKS = "looks"
    SELF = "self"
    """Age, body, sex and orientation."""
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Remark:
    """Words that were found, as they stand in the text. Lines count from 1."""

    kind: RemarkKind
    line: int
    word: str


_IS = r"(?:is|are|was|were|looks?|looked|seems?|seemed|sounds?|(?:she|he|it|that|who)'s|they're)"
_HOW = r"(?:(?:a|an|so|too|very|really|rather|pretty|quite|just|such|a bit|always|clearly) ){0,3}"

_ENGLISH: Mapping[RemarkKind, tuple[str, ...]] = {
    RemarkKind.ORIGIN: (
        r"visas?|home office|ukvi|immigra\w+|deport\w*|asylum(?:[ -]seekers?)?|refugees?"
        r"|tier 4|right to remain|leave to remain|residence permit|passports?",
        r"foreign(?:ers?)?(?! (?:languages?|words?|exchange|literature|policy|affairs?|films?))",
        rf"(?:overseas|international) {_WHO}",
        rf"{_IS} {_HOW}(?:from )?(?:overseas|foreign|international)"
        r"(?! (?:until|till|for|this|next|on|in|at|with|and back|and will|office|week|day|fair))",
        r"overseas,|from overseas|(?:comes?|came|here) from (?:abroad|overseas|another country)",
        rf"(?:typical|typically|these|those|another|most|all|usual|like all|like most) (?:of )?"
        rf"(?:the )?{_PEOPLES}s?",
        rf"{_PEOPLES} {_WHO}|{_IS} {_HOW}{_PEOPLES}(?! (?:class|seminar|lecture|module|course"
        r"|office|department|group|session|essay|exam|work|tutor|teacher|lesson))",
        r"where (?:she|he|they) (?:comes?|came)(?: originally)? from|(?:her|his|their) (?:own )?"
        r"(?:country|kind|people|culture|nationality|race|ethnicity|accent|skin|background)",
        r"(?:go|went|send|sent|goes) (?:back )?(?:home|back) to (?:her|his|their) (?:own )?country",
        r"(?:broken|bad|poor|terrible|hardly any|no|little) english|(?:her|his|their) english "
        r"(?:is|isn't|was)|(?:can't|cannot|doesn't|does not|barely"
        r"|hardly) speaks? (?:any )?english",
        r"(?:black|white|brown|asian|african|arab|mixed[ -]race|ethnic|eu|non-eu|coloured) "
        rf"{_WHO}",
        r"ethnic(?:ity)?|skin colou?r|gyps(?:y|ies)|travellers?' (?:site|family)|racial(?:ly)?"
        r"|native speakers?|not british|isn't british|not from (?:here|this country)",
    ),
    RemarkKind.MONEY: (
        r"(?:rich|wealthy|poor|posh|loaded|skint|well-off|badly off|privileged|spoil(?:t|ed)) "
        rf"(?:{_WHO}|famil(?:y|ies)|parents?|kids?|daddy|father|mother|dad|mum|backgrounds?)",
        rf"{_IS} {_HOW}(?:rich|wealthy|posh|skint|penniless|broke|well[ -]off|hard up"
        r"|badly off|spoil(?:t|ed)|privileged|in debt|on benefits|working[ -]class|middle[ -]class"
        r"|upper[ -]class)",
        r"(?:daddy|mummy|daddy's|mummy's|parents') (?:pays?|money|will pay)"
        r"|bank of mum(?: and dad)?",
        r"(?:has|have|had|got|with) (?:no|little|hardly any|plenty of|lots of|too much) money|in it"
        r" for the money|comes? from (?:money|nothing|a council estate)|council (?:estate|house)",
        r"(?:can't|cannot|can not|couldn't|could not) (?:even )?afford|money (?:problems?"
        r"|troubles?)|(?:her|his|their) (?:debts?|overdraft|finances|benefits)|scroung\w+"
        r"|free ?loader|(?:owes?|not paid|hasn't paid|unpaid) (?:us |the |her |his |their )?"
        r"(?:fees?|rent|money)|only (?:here|came|cares?|interested) (?:for|about|in) (?:the )?"
        r"(?:money|loan|grant|bursary|maintenance loan)",
    ),
    RemarkKind.FAITH: (
        r"muslims?|islamic|hijabs?|niqabs?|burk[ah]s?|burqas?|headscar(?:f|ves)|turbans?|jew(?:s"
        r"|ish)?"
        r"|christians|christianity|catholics?|evangelicals?|hindus?|sikhs?|buddhists?|atheists?"
        r"|mormons?|jehovah's witness(?:es)?|ramadan|eid|sabbath|shabbat",
        rf"christian {_WHO}|(?:a|an|very|devout|strict|is|born[ -]again) christian(?! [a-z]+son)",
        r"religio(?:n|us|usly)|(?:her|his|their) (?:faith|god|beliefs?|church|mosque|temple)",
        r"(?:goes|go|going|went|gone|back|always|been) (?:back )?(?:to|at|in|off to) "
        r"(?:the |a )?(?:church|mosque|temple|synagogue)|pray(?:s|ing|ers?)?|god[ -]?botherer"
        r"|bible[ -]?basher|devout|sect|cult",
    ),
    RemarkKind.FAMILY: (
        r"single (?:mum|mother|parent|dad|father)s?|pregnan(?:t|cy)|unwed|illegitimate|arranged"
        r" marriage|broken home|no father|(?:got|getting|is|was|her|his|their) divorced?|divorcee",
        r"(?:her|his|their) (?:boyfriend|girlfriend|ex|marriage|divorce"
        r"|toy ?boy)|(?:pushy|useless|awful|hopeless|dreadful|absent|drunk\w*|overbearing|strict"
        r"|helicopter) (?:mum|mother|dad|father|parents?|famil(?:y|ies))",
        r"(?:bad|difficult|awful|chaotic|dysfunctional|broken|weird|strange|rough|problem|large"
        r"|troubled|that sort of|that kind of) (?:famil(?:y|ies)|home life|background|upbringing)",
        rf"(?:famil(?:y|ies)|parents?|mother|mum|father|dad)(?: {_IS}) {_HOW}(?:mess|weird|odd"
        r"|strange|awful|difficult|useless|hopeless|mad|pushy|dysfunctional|drunks?|alcoholics?"
        r"|criminals?|in prison|chaotic|rough|problem)",
        r"mummy's boy|mother's boy|daddy's girl|tied to (?:her|his) mother's apron|kids by",
    ),
    RemarkKind.LOOKS: (
        rf"{_IS} {_HOW}(?:fat|obese|overweight|skinny|ugly|gorgeous|attractive|unattractive"
        r"|scruffy|smelly|dirty|unwashed|unkempt|dishevelled|filthy|hung ?over|stoned"
        r"|like a (?:mess"
        r"|tramp|slob)|a (?:mess|slob|tramp)|rough|thin|sexy|handsome|beautiful|cute)"
        r"(?! (?:to|for|enough|with|in with|on paper|ice))",
        rf"(?:fat|obese|overweight|skinny|ugly|pretty|gorgeous|attractive|scruffy|smelly) {_WHO}",
        rf"(?:{_IS}) (?:so |very |really |rather )?pretty(?=[ ]?(?:[.,;!]|$|and|but))",
        r"smells|stinks|stank|smelt of|body odour|hygiene|tattoo\w*|piercings?|(?:short|tight|tiny)"
        r" (?:skirts?|dress(?:es)?|tops?|shorts)|dyed hair|greasy|acne|(?:her|his|their) (?:weight"
        r"|looks|appearance|clothes|figure|legs|make-?up|hair|teeth)",
        r"dress(?:es|ed)? (?:like|in rags|badly|scruffily|provocatively)|looks (?:a mess|terrible"
        r"|dreadful|awful|like (?:death|she|he|they))",
    ),
    RemarkKind.SELF: (
        r"gays?|lesbians?|homosexuals?|bisexuals?|queers?|transgender|transsexuals?|trann(?:y|ies)"
        rf"|trans {_WHO}|{_IS} trans|(?:sexual|gender) (?:orientation|identity)",
        r"retard(?:ed|s)?|cripples?|crippled|spastics?|handicapped|special needs"
        r"|wheelchair[ -]bound",
        r"(?:too|very) old (?:to|for)|at (?:her|his|their) age|(?:old|older|middle-aged|mature) "
        r"(?:lady|woman|man|bloke|guy)|bimbo|slut\w*|slags?|tart|typical (?:girl|boy|woman|man"
        r"|bloke"
        r"|male|female)|hormon\w+|that time of the month|manly|effeminate|girly",
    ),
    RemarkKind.CHARACTER: (
        r"stupid\w*|thick(?= (?:as|student|girl|boy|lad))|dimwit|idiots?|idiotic|moron\w*|dumb"
        r"|clueless"
        r"|brainless|not (?:very |too |that |the )?(?:bright|clever|brightest|sharpest)|half-?wit",
        rf"{_IS} {_HOW}(?:thick|dim|useless|hopeless|pathetic|a liar|lying|a nightmare|a pain"
        r"|a waste|weird|strange|odd|creepy|mad|mental|nuts|bonkers|unstable|a mess|a joke|rude"
        r"|arrogant|a snob|a drama queen|drunk|on drugs|a lost cause|not university material)"
        r"(?! (?:that|how|about|when|with|to|for|busy|and low|up|on))",
        r"liars?|(?:is|was|'s) lying|making (?:it|this|that|things) up|attention[ -]seek\w*"
        r"|drama queens?|snowflakes?|trouble-?makers?|waste of (?:space|time)|lost cause|head ?case"
        r"|nutters?|psychos?|weirdos?|creeps?|drunks?|drunkards?|druggies?|junkies?|stoners?"
        r"|pot ?heads?|alkies?|crackpot|crybaby|cry-?baby|moaners?|whing(?:e|es|er|ing)"
        r"|playing the (?:victim|system|race card)|pulling a fast one|crocodile tears"
        r"|can't be bothered|couldn't care less|doesn't care|does not care|party animal",
        rf"no (?:hope|chance) (?:for|with) (?:{_PRONOUN}|this one)|hopeless case|not worth (?:it"
        r"|the (?:effort|time|trouble))|(?:good|glad|better) (?:riddance|to be rid)",
    ),
}

_PATTERNS = {
    kind: any_of((*_ENGLISH[kind], *remarks_welsh.WELSH.get(kind.value, ()))) for kind in RemarkKind
}
_NOT_ABOUT_A_PERSON = re.compile(
    r"[\w.+-]{1,64}@[\w.-]{1,190}|https?://\S{1,300}|visa (?:and immigration )?(?:team|office"
    r"|advice"
    r"|advis[eo]rs?|service|support)"
)
"""Addresses, and where a student is sent for help: these name no one's visa."""


def remarks_in(text: str) -> list[Remark]:
    """Find remarks about a person, in the order of the text."""
    plain = _NOT_ABOUT_A_PERSON.sub(lambda each: " " * len(each.group()), lowered(text))
    found = [
        (each.start(), each.end(), kind)
        for kind, pattern in _PATTERNS.items()
        for each in pattern.finditer(plain)
    ]
    kept: list[Remark] = []
    line, counted, until = 1, 0, 0
    for start, end, kind in sorted(found, key=lambda each: each[0]):
        if start >= until:
            line += text.count("\n", counted, start)
            counted = start
            kept.append(Remark(kind, line, " ".join(text[start:end].split())))
            until = end
    return kept
