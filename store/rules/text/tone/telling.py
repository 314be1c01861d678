"""English patterns for telling a student's family, funder or landlord without consent."""

from __future__ import annotations

from store.rules.text.sentence_patterns import Fault, SentenceRule, any_of, compiled

_OTHERS = (
    r"your (?:parents?|mother|father|mum|mam|dad|family|guardians?|carers?|partner|sponsors?"
    r"|funders?|landlord|employer|boss|coach|school)"
    r"|the (?:funding|fees?|finance|bursary|scholarships?|loans?|immigration|visa)"
    r"(?: (?:office|team|company|board))?|student finance"
    r"|the (?:home office|embassy|funder|sponsor)"
)
_TELLING = (
    r"(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|contact(?:ing)?"
    r"|let(?:ting)?|writ(?:e|ing) to|speak(?:ing)? (?:to|with)|in touch with|ring(?:ing)?"
    r"|report(?:ing)? (?:this|it|you) to)"
)
_TOLD_TO_OTHERS = compiled(
    f"(?:i|we)(?:'ll|'m|'re| will| shall| am| are| have| need| must| may| might) … {_TELLING} "
    f"(?:{_OTHERS})"
)
_OTHERS_HEAR = compiled(
    f"(?:{_OTHERS})(?:'ll| will| shall| must| may| might| has to| have to| (?:is|are) going to)"
    r"(?: (?:also|then|now|soon|have to))? (?:hear|be (?:told|informed|notified|contacted|asked"
    r"|hearing)|find out|learn of|get (?:a|the|our) (?:call|copy|email|letter|list|report))"
)
_WITH_LEAVE = any_of(
    (
        r"if you(?:'d| would)? (?:\w+ )?(?:like|want|wish|prefer|ask|agree)|unless you"
        r"|with your (?:permission|agreement|consent|say)|not|never|\w+n't"
        r"|without (?:you|your|asking)"
        r"|happy to|for you|on your behalf|would you like|you asked|as you asked",
    )
)

RULES = (
    SentenceRule(Fault.THREAT, _TOLD_TO_OTHERS, unless=_WITH_LEAVE, firm=True),
    SentenceRule(Fault.THREAT, _OTHERS_HEAR, unless=_WITH_LEAVE, firm=True),
)
