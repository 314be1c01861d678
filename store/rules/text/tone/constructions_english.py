"""English sentences that threaten or demand by how they are built, kind by kind.

None of their words is bad by itself, so the points of the scale weigh them too lightly. Each group
is one way of building such a sentence, narrow enough that nothing else in it makes it harmless.
"""

from __future__ import annotations

WATCHED = (
    r"your (?:card|pass|swipe) (?:was last|has not been|hasn't been|has not|hasn't) (?:used|seen"
    r"|swiped|opened|scanned|tapped)",
    r"your (?:card|pass) shows (?:that )?(?:you|where)",
    r"(?:door|gate|swipe|entry|card) (?:system|reader|log|record)s? (?:shows?|tells?|has|have"
    r"|says?) (?:that |us |me )*you",
    r"(?:not|\w+n't) set foot (?:in|on)|(?:know|hear|learn) where you(?:'ve| have) been since",
    r"(?:porters?|wardens?|security|guards?|cleaners?|caretaker|staff) (?:tells? (?:me|us)|says?"
    r"|saw|(?:has|have) confirmed|(?:has|have) told (?:me|us)) (?:that )?(?:you|your)",
    r"asked (?:the |our )?(?:porters?|wardens?|security|guards?|cleaners?|caretaker|reception"
    r"|desk|library|your \w+) to (?:let (?:me|us) know|note|tell (?:me|us)|watch|report)",
    r"(?:wardens?|porters?|security|staff) (?:has|have) been asked to (?:note|watch|check|report)",
    r"you were (?:seen|spotted) (?:in|at|on|leaving)|(?:taking|take) names|names will be (?:taken"
    r"|noted)",
    r"(?:saw|spotted) you (?:in|at|leaving) (?:the |a )?(?:pub|bar|club|gym|cinema|supermarket)",
    r"(?:system|software|log|register|screen|dashboard) (?:logs?|records?|notes?|counts?|flags?"
    r"|shows?) (?:each|every|when|which|whether|how (?:often|many)) … you",
)
"""That someone looked where the student was, or was asked to look."""

UNEXCUSED = (
    r"absent without (?:permission|leave|authori[sz]ation)|(?<!no\s)unauthori[sz]ed absences?",
    r"(?:evidence|proof) of (?:your whereabouts|where you (?:were|have been))|your whereabouts",
    r"account for (?:your|each|every|these|those|this) (?:time|absences?|whereabouts|days?)",
)
"""Absence as an offence, and proof of where the student was."""

BARGAINS = (
    r"so (?:that )?(?:i|we) (?:don't|do not|needn't|need not|won't|am not|'m not|are not|aren't) …"
    r" (?:escalate|report|involve|take (?:it|this)|tell|record|inform|go to)",
    r"say no more about (?:it|this)|but only if you (?:act|reply|answer|come|respond|attend|get)",
    r"(?:sooner|quicker|earlier|more) you … (?:less|shorter|fewer) … (?:report|file|explain"
    r"|write down|put in)",
    r"(?:tomorrow|today|tonight|\w+day|back|week) or (?:you can )?forget (?:about )?(?:the|your)",
    r"in your (?:own |best |own best )?interests? to (?:answer|reply|respond|attend|come|engage"
    r"|comply|contact|write|get)",
    r"(?:look|be|go|count) (?:far |much |a lot )?(?:better for you|in your favour) if you",
    r"(?:can't|cannot|can only) help (?:you|those who|people who|students who)"
    r"(?: if you (?:won't|will not|don't|do not)| (?:won't|will not|do not|don't))? … (?:yourself"
    r"|themselves)",
)
"""An answer as the price for being left alone: what follows is said by what is spared."""

CLOSING = (
    r"(?:door|offer) (?:is|stands|remains) (?:still )?open,? (?:for now|just|for the moment|for the"
    r" time being)",
    r"(?:quietly|informally|informal|between us) … (?:while (?:that|this|it) is still|while we"
    r" (?:still )?can|for now)",
    r"(?:i|we) (?:won't|will not|shan't|shall not|do not|don't) (?:need|have|wish|want) to (?:write"
    r"|ask|raise|remind|say|mention|chase) (?:to you |it |this |you )*again",
    r"(?:once|after|when|then|until) … out of my (?:control|hands)",
    r"(?:keep|go on|carry on) (?:calling|ringing|phoning|knocking|writing) (?:until|till) (?:you"
    r"|someone)",
    r"doors? (?:do|does|will|can|may|might) (?:close|shut)|(?:start|begin|trigger)s? by itself"
    r"|while we (?:still )?can$|before (?:\w+ )?decisions? (?:is|are|gets?|has to be|have to be) "
    r"(?:made|taken) (?:about|without) (?:you|them)",
    r"(?:wise|advisable|prudent|sensible|smart|better) (?:for you )?to (?:reply|answer|respond|get"
    r" back|get in touch|write back|come) … (?:soon(?:er)?|quickly|today|now|later|promptly)",
    r"(?:we|you|i) (?:both|all|well) know (?:how|where|what) (?:this|that|these|those|things?) … "
    r"(?:ends?|leads?|goes|go|happens?)",
    r"(?:doing nothing|saying nothing|silence|staying away|ignoring \w+) … (?:not|no longer) an"
    r" option",
)
"""Patience that is about to end."""

COMPARED = (
    r"(?:classmates?|peers|group|team|students|lecturers?|tutors?|colleagues|others|people) … "
    r"(?:complained|complaining|fed up) (?:about|with|of|that) (?:you|your|carrying|having to carry"
    r"|doing your)",
    r"(?:started|begun|begin|start|keep) (?:to ask|asking) (?:me |us )?what(?:'s| is) (?:wrong"
    r"|the matter) with you",
    r"(?:become|becoming|become a bit of|a bit of|running|standing) a? ?joke",
    r"(?:while|whereas|and|but) you (?:haven't|have not|have yet|have barely) (?:even )?(?:picked"
    r"|started|opened|chosen|read|written|to (?:start|begin|choose|write))",
    r"(?:rather|sooner|prefer to) (?:fund|support|pay for|sponsor|back|help) (?:someone|somebody"
    r"|a student|students|people) (?:who|that)",
    r"without any of this (?:fuss|trouble|bother|drama|nonsense)",
    r"word (?:gets|will get|soon gets|travels|spreads)|(?:can|cannot|can't) be relied (?:up)?on"
    r"|relied on to|trust (?:can|may|could|will) (?:be|soon be) (?:lost|withdrawn|broken)",
    r"(?:pity|shame|sad|waste) … (?:come to nothing|go to waste|thrown? away|over a few|for the"
    r" sake of (?:a|one|an) (?:e?mail|reply|call|message))",
    r"(?:nobody|no one) is (?:indispensable|irreplaceable)|likes? a quitter|quitters",
    r"(?:nobody|no one) (?:ever )?(?:gets?|got|passe[sd]|makes?|made|learns?|learned|became"
    r"|becomes) … by (?:lying|staying|sleeping|hiding|being absent|not)",
)
"""The student beside others who do better, suffer or talk."""

KEEPING = (
    r"(?:why|reason) (?:that |why |for (?:me|us) )*(?:i |we )?(?:should|ought to|would|to) "
    r"(?:i |we )?(?:keep|hold|continue|go on|let|sign)(?: on| holding| keeping)? (?:you|your)",
    r"if (?:the|your) … (?:isn't|is not|aren't|hasn't|has not|doesn't|does not|is blank) … (?:i|we"
    r"|there)(?:'ll| shall| will) (?:stop|cease|withdraw|drop|cancel|report|be (?:trouble"
    r"|consequences|repercussions))",
    r"(?<!no\s)(?:repercussions|consequences (?:for you|if you))",
    r"(?:telephon|phon|ring|call|contact|notify|inform)\w* your (?:next of kin|emergency contact)",
    r"(?:may|might|will|could|would|have to|to) (?:have to )?(?:ask|be asked|be required|require)"
    r" (?:you )?to (?:re-?pay|pay back)",
    r"(?:requirements?|rules?|standards?|regulations?|minimum) … (?:must|have to|has to|need to) be"
    r" (?:met|kept|followed|obeyed|complied)",
    r"apply to you (?:as much as|just as|like|the same)",
    r"(?:note|record|report) of (?:this|today's|your|the|each|every) (?:missed|absence|failure) … "
    r"(?:gone|sent|go|goes|went|passed|placed|put) (?:to|on)",
    r"^\W*do the (?:right|decent|honourable|sensible) thing",
    r"(?:we|i) (?:shall |will )?expect to hear from you",
)
"""What the student has to show, or the place, the money or the quiet at home is gone."""

LIKE_OTHERS = (
    r"(?:(?:most|many|plenty of|lots of|a lot of|nearly all|almost all) (?:people|students|of us"
    r"|of the (?:class|group|year))|(?:nearly |almost )?(?:everyone|everybody))"
    r" (?:(?:do|does|have|has)(?: too| as well| so)?|(?:have |has )?miss(?:es|ed)? (?:a few"
    r"|a couple|one or two|some|something|a (?:class|session|week|lecture|seminar)(?: or two)?))"
    r",? (?:(?:at|by) (?:this|some|one) (?:time|point|stage)|now and (?:then|again)|sometimes"
    r"|once in a while)(?![^.!?;]* (?:you|yours?|but|unlike|except|only)(?!\w))",
)
"""That others have done the same, and nothing of what they do better."""

REASSURING = (
    *LIKE_OTHERS,
    r"you (?:won't|will not|'ll never|will never|needn't|need not|don't|do not) (?:have to |need to"
    r" |be )?(?:asked to )?(?:explain|justify|say|tell|catch up|apologi[sz]e|be in trouble"
    r"|decide)",
    r"(?:i|we) (?:won't|will not|shan't|shall not|would never|will never) (?:be )?(?:take (?:it"
    r"|this)|mind|offended|hurt|pass\w*|tell\w*|shar\w+|chas\w+|ask\w* (?:you )?(?:any|why"
    r"|where)) … (?:if|to|with|on|questions|why|where|about)",
    r"(?:has|have) (?:not gone|gone no) (?:any )?further|(?:hasn't|haven't) gone any further",
    r"let(?:s|ting)? you (?:sleep|rest)|(?:takes|took) (?:courage|strength|guts|nerve) to",
    r"(?:you must be|you're probably|you are probably) (?:sick|tired|fed up|exhausted|weary)",
    r"sorry (?:that |for )?(?:my|the|about|our) (?:last|length|automatic|earlier|two|emails?|long)",
    r"easy on yourself|there is no wrong|(?:there's|there is) no need|be kind to yourself",
)
"""What no one writes who threatens: it lets a sentence pass that weighs little."""

THREATS = (*BARGAINS, *CLOSING, *KEEPING)
LABELS = (*WATCHED, *UNEXCUSED, *COMPARED)
