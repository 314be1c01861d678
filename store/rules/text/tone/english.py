"""English that threatens, demands or labels, as kinds of phrase rather than words alone.

What a student stands to lose × the student; a demand × a deadline; an authority × being told. The
same nouns are harmless where help is offered or nothing follows, so each kind says what lets it
pass.
"""

from __future__ import annotations

import re

from store.rules.text.sentence_patterns import Fault, SentenceRule, any_of, compiled
from store.rules.text.tone import labels, threats

_YOU = compiled(
    r"you(?:'(?:re|ve|ll|d))?|your|yours|yourself|u|ur|students? (?:who|that)|people who|those who"
)

_STAKES = (
    r"visas?|sponsorship|sponsor|tier (?:4|four)|right to (?:stay|remain)|leave to remain"
    r"|home office"
    r"|ukvi|immigration|embassy|consulate|border (?:force|agency)|deport\w*"
    r"|(?:your|the|a) (?:place|spot|seat)|places|funding|funder|funding body|cas"
    r"|thousand pounds|bursary|bursaries|scholarships?|stipend"
    r"|loans?|student finance|grants?|allowances?|council tax|tuition|fees?|invoice|debts?"
    r"|degree|graduat\w+|career|prospects|(?:whole )?future|references?"
    r"|(?:permanent )?record|transcript"
    r"|registration|enrol(?:l)?ment|registered|enrolled|stud(?:y|ies)|credits|marks?|grades?"
    r"|a zero"
    r"|accommodation|halls?|tenancy|student (?:status|account|card)|access|parents|family"
    r"|mum|dad|mother"
    r"|father|employer|police|courts?|lawyers?|solicitors?|legal team|bailiffs|panel|hearing"
    r"|tribunal"
    r"|dean|head of (?:school|department|year)|registrar|registry|senate|vice-chancellor"
    r"|authorities"
    r"|placement|professional bod(?:y|ies)|fitness to (?:study|practise)|(?:the )?course"
    r"|programme"
)
_IMMIGRATION = compiled(
    r"visas?|sponsor(?:s|ed|ship)?|tier (?:4|four)|student route|leave to remain|home office|ukvi"
    r"|immigration"
)
_ATTENDING = compiled(
    r"attend\w*|absen\w*|engage\w*|miss(?:ed|ing)?|reply|replies|answer|report(?:s|ed|ing)?"
    r"|must|requires?|required|conditions?|duty|duties"
)
"""What never stands beside the permission to stay: Lantern says nothing about sponsorship (§6)."""
_ADVERSE = (
    r"los(?:e|es|ing|t)|loss of|forfeit\w*|stop(?:s|ped|ping)?|end(?:s|ed|ing)?"
    r"|come to an end|cancel\w*"
    r"|withdr[ae]w\w*|remov\w+|revok\w*|curtail\w*|terminat\w*|suspend\w*|suspension"
    r"|discontinu\w*"
    r"|clos(?:e|ed)|cut(?: off)?|affect(?:s|ed|ing)?|jeopardi[sz]\w*|in jeopardy|endanger\w*"
    r"|threat\w*"
    r"|at stake|on the line|in (?:doubt|question|danger)|under (?:review|threat)|reviewed"
    r"|reconsidered"
    r"|depend(?:s|ent)?|rests? on|conditional|hinges?|at risk|risk(?:s|ing)?|report(?:s|ed"
    r"|ing)? (?:you|this|it|that)"
    r"|inform(?:s|ed|ing)?|tell|told|notif\w+|escalat\w*|refer(?:red)?|contact(?:ed"
    r"|ing)? your|involv\w+"
    r"|hear(?:s)? about|go(?:es)?|gone|without accommodation|forget about|goodbye"
    r"|evict\w*|out of|bill(?:ed)?|owe|liable|re-?pay|linked to|conditional|involve"
    r"|get a copy|copied in|mention|as easily as|pay back|void|refus\w+|den(?:y|ied)"
    r"|withh\w+|block\w*"
    r"|lock\w*|freez\w*|froz\w+|strings|very carefully|trigger\w*|de-?regist\w+|struck off"
    r"|taken off"
    r"|take you off|won't pay|stops paying|skip(?:ped|ping)?|send (?:you|people"
    r"|students) (?:home|back)"
    r"|sent (?:home|back)|overstay\w*|obliged|duty to|no room|leaves? us no|nothing to show"
    r"|by friday"
    r"|may be|will be (?:issued|sent|passed|placed|noted|recorded)|placed on|expire\w*|unlawful"
)
_REASSURES = any_of(
    (
        r"the answer (?:is|was) no",
        r"(?:not|\w+n't|never|nothing|no|none|without|neither) … (?:affect\w*|effects?"
        r"|change[sd]?|report\w*"
        r"|tell|told|pass(?:ed)?|share[sd]?|sent|send|lose|lost|losing|inform\w*|involved"
        r"|go(?:es)?|at risk"
        r"|in danger|in doubt|stop\w*|end\w*|under review|depend\w*|bearing|part|trouble|cost\w*",
        r"removed)",
        r"in no way|safe|secure|stay(?:s|ed)? (?:exactly|yours?|as|open|the same)|unchanged",
        r"as (?:usual|normal|before)",
        r"advice|advis(?:e|ers?|ors?|ory)|help(?:s|ed|ful|ing)?|happy to|glad|welcome[sd]?"
        r"|for free|is free"
        r"|free (?:immigration|advice)|no worries|no problem|questions?|guide|explains? how"
        r"|can explain"
        r"|appointments?|entitled|can still|may still|open to|confidential|ready (?:to|for)",
        r"pick up|collect|your (?:own )?choice|up to you|entirely yours|one choice",
        r"if you(?:'d| would)? (?:like|want|wish|prefer|fancy)",
        r"you(?:'d| would) (?:like|rather|prefer)|whatever you (?:decide|choose)|paid in",
        r"apply for|the answer (?:is|was) no",
        r"canteen|card can|tour|walk|concert|exhibition|trip|tickets?|lecture on|rescheduled",
        r"choir|shoot-?out|feedback|good (?:mark|news)|congratulations|well done|proud of|won a"
        r"|prize|celebrat\w+|open day",
        r"(?:room|lecture|seminar|class|lab) (?:has )?(?:moved|changed)",
        r"is (?:due|set) (?:on|for|at)",
    )
)

_DEADLINE = (
    r"(?:by|before|until|till) (?:the )?(?:end of|close of|noon|midnight|midday|\d|(?:next "
    r"|this )?(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|lunchtime|return of|(?:next"
    r"|this) week|week)"
    r"|within (?:the )?(?:next )?[\w-]+ (?:hours?|(?:working )?days?|weeks?)"
    r"|no(?:t)? later than|this week"
    r"|today|right now|immediately|at once|asap|straight ?away|without (?:further )?delay"
    r"|urgently|right away"
    r"|forthwith|with immediate effect|on (?:mon|tues|wednes|thurs|fri)day at"
)
_ANSWERING = (
    r"reply|respond|answer|contact|get in touch|make contact|write (?:back|to)|attend"
    r"|explain|account for"
    r"|present yourself|report to|come (?:and see|and meet|to see|to meet|in|to (?:class"
    r"|campus|my|every|all))"
    r"|show up|turn up|meet (?:me|us|with|your)|engage|improve|justify|apologi[sz]e|comply"
    r"|co-?operate|prove"
    r"|act now|try harder|buck up|see (?:me|us)|be in touch|account|take (?:this|it"
    r"|responsibility)"
    r"|fill in|get back to|speak to (?:me|us)|let (?:me|us) know|do better|start (?:coming"
    r"|attending)"
)
_OBLIGED = (
    r"(?:you|u|students?) (?:really |now |absolutely |still |will |'ll |do |simply |just )?"
    r"(?:have|need|are|ought|had better|had best|will have|will need)"
    r"(?: got)?(?: (?:required|expected|obliged|supposed|instructed|ordered|bound|asked"
    r"|urged))? to"
    r"|you(?:'d| had) better|you(?:'ve| have) (?:got to|until)|you(?:'re| are) (?:to"
    r"|required to|expected to"
    r"|obliged to|supposed to|instructed to|ordered to)|you (?:shall|will please)|you need"
)

_FIRST_WORDS = re.compile(
    r"^\W*(?:and |so |please |kindly |just |now )*(?:reply|respond|answer (?:me|this|us|my)"
    r"|contact (?:me|us)"
    r"|get in touch|make contact|report to|explain|attend|present yourself|come (?:and see"
    r"|to see|to my|to the office)"
    r"|see me|ring me|call me|write back|email me back|log in to|submit|account for)\b",
    re.IGNORECASE,
)
_GIVES_LEAVE = any_of(
    (
        r"(?:that|it)(?:'s| is| would be)(?: absolutely| perfectly| completely| quite| also"
        r"| all)* (?:fine|ok|okay"
        r"|all right|alright|no problem)",
        r"no (?:worries|rush|need|pressure|hurry|harm)(?! but)|(?:do not|don't) worry"
        r"|nothing (?:bad )?(?:happens|follows|changes)"
        r"|i(?:'ll| will) understand|we(?:'ll| will) understand",
        r"leave (?:you|it) (?:be|alone|there|at that)"
        r"|(?:we|you|i) can (?:look at|ask for|arrange|agree)|more time|extension|not required",
        r"no (?:action|reply|answer|response|explanation) is|nothing will happen",
        r"if you(?:'d| would)? (?:like|want|wish|prefer|fancy)|if you can",
        r"when(?:ever)? (?:you|it) (?:like|can|suits?)",
        r"would you like|nothing is required|not? (?:expected|obliged)|no one expects",
        r"nobody expects",
    )
)


_FOLLOWS = any_of(
    (
        r"will|shall|won't|\w+'ll|may|might|could|have to|has to|going to|(?:we|i|they"
        r"|you)(?:'ll|'d)|would|must|need to|has? no|goes|be|are|is|keep|stops?|trigger\w*"
        r"|report|keep their",
    )
)

_IS_DENIED = (
    r"(?:nobody|no one|no-one)(?: here)?(?: will| would|'s going to|'ll)?(?: ever)? (?:write"
    r"|say|send|threaten|blame|judge)\w*"
    r"|isn't (?:one|something|a phrase) we|isn't so|is not so|nothing (?:will )?happens?|drill"
    r"|(?:not|isn't|no|never|without) (?:a |an |any |the |meant as a |about |such )*(?:warn"
    r"|penal|punish|sanction|disciplin|consequence)\w*"
    r"|(?:don't|do not) (?:read|take|see) (?:this|it) as"
)
_MUST = compiled(
    r"must(?! (?:have (?:had|felt|found|been|a lot)|try|admit|confess|say|not worry"
    r"|be (?:tired|joking|hard|busy|exhausted|lovely|nice)"
    r"|have been|feel|see the))|required to|obliged to|non[\s-]?complian(?:ce"
    r"|t(?! (?:chargers?|devices?|plugs?|bins?)))"
)
_YOU_MUST = compiled(
    r"you must (?:(?:also|now|please) )?(?:reply|respond|answer|attend|contact|email|ring|call"
    r"|explain|come (?:to|in\b|and)|meet (?:me|us)|see (?:me|us)|let (?:me|us)"
    r"|write to|report to|hand)"
)
_FAILING = compiled(r"fail(?:s|ed|ing|ures?)?")
_FAILED_TO = compiled(r"fail(?:s|ed|ing|ures?)? to|(?:is|are|was|were) failing")
_NO_ONE_FAILED = any_of(
    (
        r"nobody|no one|many (?:people|students)|(?:not|never) fail\w*|our old",
        r"\w+n't fail\w*|we (?:have )?fail(?:ed)?",
    )
)

_IS_ELSEWHERE = (
    r"poem|poet|novel|play|film|story|speaker|character|chapter|witches|opera|song|shoot-?out"
    r"|(?:weather|yellow|amber|red|storm|flood|fire) warnings?|met office|myth|not true|untrue"
    r"|(?:has|have|'ve|was|were) (?:been )?(?:dropped|abolished|scrapped)|(?:dropped"
    r"|abolished) that|lecture on|seminar on|topic|fiction|\w+'s talk|reform act"
    r"|old (?:email )?system|phrase|tickets?|the act of|(?:visa|immigration) act"
)
_OF_ART = compiled(_IS_ELSEWHERE)
"""What a sentence is about, where its words are for no one to fear."""
_HARMLESS = any_of((_IS_ELSEWHERE, _IS_DENIED))

NAMES = labels.NAMES

_TOO_LONG = compiled(
    r"you(?:'ve| have) (?:been (?:away|absent|gone|missing|silent|quiet)|missed|stayed away)"
    r"(?: for)? (?:far |much |way )?too (?:long|much|many|often)"
)
_PROMISES = compiled(
    r"(?:promise|guarantee[ds]?|assure)(?: you)?(?: that)? … (?:pass|place|marks?|grades?|degree"
    r"|extension|fail|visa|funding|bursary|take your|let you)"
)

RULES = (
    SentenceRule(Fault.LABEL, _TOO_LONG, firm=True),
    SentenceRule(Fault.DEMAND, _YOU_MUST, unless=_OF_ART, firm=True),
    SentenceRule(Fault.PROMISE, _PROMISES, firm=True),
    SentenceRule(Fault.THREAT, any_of(threats.PUNITIVE), unless=_HARMLESS),
    SentenceRule(Fault.DEMAND, _MUST, unless=_OF_ART),
    SentenceRule(Fault.LABEL, _FAILED_TO, unless=_NO_ONE_FAILED),
    SentenceRule(Fault.LABEL, _FAILING, needs=(_YOU,), unless=_NO_ONE_FAILED),
    SentenceRule(Fault.LABEL, any_of(labels.NAMES), unless=_OF_ART),
    SentenceRule(Fault.THREAT, any_of(threats.THREATS), unless=_HARMLESS),
    SentenceRule(Fault.DEMAND, any_of(threats.DEMANDS), unless=_GIVES_LEAVE),
    SentenceRule(Fault.LABEL, any_of((*labels.LABELS, *labels.HURTS)), unless=_OF_ART),
    SentenceRule(Fault.DEMAND, compiled(f"(?:{_OBLIGED}) (?:{_ANSWERING})"), unless=_GIVES_LEAVE),
    SentenceRule(
        Fault.DEMAND,
        compiled(_OBLIGED),
        needs=(compiled(_DEADLINE),),
        unless=_GIVES_LEAVE,
    ),
    SentenceRule(
        Fault.DEMAND,
        _FIRST_WORDS,
        needs=(compiled(_DEADLINE),),
        unless=_GIVES_LEAVE,
    ),
    SentenceRule(Fault.THREAT, _IMMIGRATION, needs=(_ATTENDING,), unless=_REASSURES),
    SentenceRule(
        Fault.THREAT, compiled(_STAKES), needs=(_YOU, compiled(_ADVERSE)), unless=_REASSURES
    ),
    SentenceRule(Fault.THREAT, any_of(threats.SILENCE), needs=(_FOLLOWS,), unless=_GIVES_LEAVE),
)
