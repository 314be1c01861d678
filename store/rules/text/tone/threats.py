"""English patterns, in the notation of ``sentence_patterns``: threats and demands.

``english`` has the words required beside them, and the exceptions.
"""

from __future__ import annotations

PUNITIVE = (
    r"warn(?:s|ed|ings?)?|penal(?:ty|ties|i[sz]e[sd]?|i[sz]ing)|punish\w*|punitive",
    r"sanction\w*|disciplin(?:ary|ed|ing)|consequences?|final notice|expel(?:led)?|expulsion",
    r"terminat(?:e|ed|ion)|breach(?:ed|es)?|violat\w+|misconduct|threaten\w*",
)

THREATS = (
    r"(?:required|obliged|duty|have|need) to report (?:you|this|absences?|attendance|it|students)",
    r"ask(?:ed|ing)? you to leave|risk(?:s|ing)? (?:being|losing|your)|cut short|take action",
    r"given to (?:another|someone|somebody)|(?:your|the) place (?:will|may|could) (?:be given|go)",
    # what follows
    r"consequences?|repercussions?|ramifications?|face the music|what(?:'s| is) coming",
    r"(?:further|formal|legal|disciplinary|immediate|appropriate|serious) (?:action"
    r"|proceedings|measures|steps|process(?:es)?|procedures?|sanctions?)",
    r"proceedings|escalat(?:e|ed|ing|ion)|(?:academic )?misconduct|zero tolerance",
    r"without (?:further )?(?:notice|warning)",
    r"(?:will|may|might|could|shall|\w+'ll|to|must|going to) (?:have to |be forced to "
    r"|need to |now )?(?:take|taking) (?:this|it|that|the matter|things|matters) (?:further"
    r"|higher|up with)",
    r"(?:will|may|might|could|shall|\w+'ll|must|going to|have to|obliged to|forced to"
    r"|need to) (?:have to |be forced to |need to |also |now |then )?"
    r"(?:report (?:you|this|it|your|that|him|her|them)|inform (?:the|your|on)|tell (?:the"
    r"|your) (?:home office|registrar|registry|dean|head|parents|sponsor|visa|police|school"
    r"|panel|funder|employer|authorit\w+)"
    r"|notify (?:the|your|ukvi)|call (?:your parents|the police)",
    r"contact your (?:parents|family|sponsor|employer|funder))",
    r"(?:your|the) (?:parents|family|embassy|sponsor|employer|landlord|funder"
    r"|home office) (?:will|may|might|\w+'ll|would) (?:be|have to be|hear|know|need)",
    r"(?:will|may|might|could|\w+'ll|shall|would|to) (?:be|get|find yourself"
    r"|have you) (?:automatically |formally |then )?(?:withdrawn|removed|de-?registered"
    r"|excluded|expelled|suspended|terminated|thrown out|kicked out|chucked out|sent (?:home"
    r"|down)|struck off|taken off|cut off|evicted|deported|dismissed|marked (?:as|down)"
    r"|deemed|discontinued|reported|prosecuted|fined|charged|failed|without)",
    r"(?:been|get|are|be) (?:thrown|kicked|chucked) (?:out|off)|out on your ear",
    r"off the (?:course|books|register)|de-?registration|deported|deportation",
    r"reserve the right|no (?:other )?(?:choice|option|alternative) but",
    r"leaves? (?:us|me) (?:with )?no|(?:hands|arm) (?:are )?tied",
    r"(?:will|shall|'ll) (?:be (?:taken|treated|read|regarded|interpreted|considered"
    r"|seen) as|assume (?:that )?you|take it that you|treat (?:this|it|your))",
    r"(?:decisions?|arrangements) will be (?:taken|made) (?:without|about) you",
    r"lose your|los(?:e|ing) (?:out on )?your|throw(?:ing)? away your|forfeit\w*",
    r"(?:can|could) forget about|kiss goodbye|say goodbye to",
    r"or else",
    r"or you(?:'ll| will|'re| are|r) (?:be |lose|out|off|gone|face|risk|have|done)\w*",
    r"or your (?:place|visa|funding|account|bursary|registration) (?:is|will|goes|may|could|gets)",
    r"or (?:we|i)(?:'ll| will) (?:have to|be forced|need to|report|tell|take|cancel|close"
    r"|stop|remove)",
    r"or (?:it's|it is|face|risk) (?:a|the)\b",
    r"(?:stop|stops|end|ends) paying (?:people|students|those|you)",
    r"(?:fit(?:ness)? to (?:study|practise)) panel",
    r"(?:in front of|before|to) (?:a|the) (?:panel|hearing|tribunal|board|committee)",
    # ultimata
    r"(?:your|(?:this|that|here|it)(?:'s| is| really is| will be| was)(?: really)? (?:your"
    r"|the|a|my|our)) (?:very )?(?:last|final|only remaining) (?:chance|opportunity|time"
    r"|warning|reminder|notice|email|letter|request|attempt|call)(?! to (?:buy|see|visit"
    r"|book|sign|enter|vote|catch|hear|get tickets|join|order))",
    r"(?:one|a) (?:last|final) (?:chance|warning|reminder|notice)"
    r"(?! to (?:buy|see|visit|book|sign|enter|vote|catch|hear|get tickets|join|order))",
    r"(?:last|final) (?:written )?(?:warning|notice)",
    r"(?:first|second|third|written|formal|verbal) warning",
    r"(?:the|for the) (?:second|third|fourth|fifth|sixth|last|final|umpteenth"
    r"|n-?th) time(?: of asking)?(?= )(?!.{0,20}(?:prize|win|won|play|concert))",
    r"(?:two|three|four|five|six|several|many|countless|\d+) times (?:now|without|and"
    r"|already)",
    r"third email|fourth email",
    r"(?:will|shall|won't|shan't|not) be (?:writing|asking|emailing|reminding|so (?:friendly"
    r"|kind|nice|patient|gentle|polite))(?: you)?(?: again)?(?! about the)",
    r"there will be no more|no more (?:chances|extensions|reminders|warnings|excuses)",
    r"(?:next|following) (?:email|letter|message|one) (?:will|won't|may)",
    r"(?:time|clock|patience|options|chances) (?:is|are) (?:running out|ticking|up"
    r"|wearing thin|limited|exhausted|nearly)",
    r"running out of (?:time|patience|chances|options|road)|clock is ticking",
    r"days are numbered|borrowed time|thin ice|last legs|last straw",
    r"out of (?:patience|chances)",
    r"nothing (?:more|else|further) (?:that )?(?:we|i|anyone) can do",
    r"wash(?:ing)? (?:our|my) hands",
    r"can(?:not|'t) (?:protect|cover for|shield|save|help) you (?:for|any|much|forever|if)",
    r"can(?:not|'t) (?:go on|keep) (?:making|covering|giving|waiting|chasing)|has limits",
    r"only so (?:long|much|many)",
    r"but only if|three strikes|strikes? and|strike (?:one|two|three)",
    r"very different conversation|different tone|too late|much worse|get worse",
    r"bear (?:that|this|it) in mind|keep (?:that|this|it) in mind|put this right",
    r"(?:one|two|three|\d+) (?:week|day|hour|chance)s? (?:left|remaining)",
    r"hang(?:s|ing)? (?:by|in the)|by a thread|people above me|out of (?:my|our) hands",
    r"isn'?t an option|not an option|no longer an option|one more (?:opportunity|chance)",
    r"cannot continue|can't continue|keep quiet|vouch for|cover(?:ed|ing)? for you",
    r"withdrawal (?:form|process|letter)|is exclusion|being excluded|off the programme",
    r"just a promise|the board will|may soon (?:discover|find)|soon find out|capped",
    r"reply means|no bursary|recorded as|non-?(?:response|engagement)",
    r"days on (?:this|the) course|none of us wants?",
    r"what happen(?:s|ed) to (?:students|people|others)|last time this happened",
    r"without a degree|go(?:es)? to (?:somebody|someone) else|nothing bad will happen",
    r"take a dim view|let it go this time",
    r"(?:you(?:'ve| have)? (?:got )?|within )(?:[\w-]+) (?:hours|(?:working )?days"
    r"|weeks?) (?:to|in which)",
    r"act now|tick,? tock|(?:final|last) (?:reminder|deadline)",
    r"on the brink|skating on|no hesitation|won't hesitate|will not hesitate|not hesitate to",
    r"(?:reply|respond|answer|come|attend|call|ring|write|show up|turn up|explain|log in"
    r"|log on|get in touch|shape up|engage)(?: \w+){0,6},? or (?:you|we|i|i'll|we'll|you'll"
    r"|face|lose|risk|be|it's|it'll|leave|find|expect|else|your)",
    r"(?:legally|contractually|by law) (?:obliged|required|bound)|by law",
    r"required to withdraw|compulsory withdrawal|(?:academic )?probation|show cause",
    r"cause for concern|under caution|interruption of your|considering (?:your|whether)",
    r"consider(?:ing)? (?:your position|removing|withdrawing|ending|terminating|excluding)",
    r"(?:will|can|must) not be tolerated|tolerat\w+|unprofessional\w*|not acceptable",
    r"not good enough|won't end well|not end well",
    r"can(?:not|'t) (?:go on|continue|carry on) like this|enough is enough",
    r"don't make (?:me|us)|do not make (?:me|us)|don't expect|do not expect",
    r"last thing you want|for your own (?:good|sake)",
    r"if (?:you )?know(?: what's| what is)? good for you|ball is in your court",
    r"you leave (?:us|me)|forced to|force (?:my|our) hand",
    r"(?:security|the hall manager|the warden|your landlord|your flatmates?|your friends"
    r"|your housemates?) (?:will|\w+'ll|have|has|tell|told|say|said)",
    r"(?:we|i)(?:'ve| have) (?:checked|spoken to|asked) (?:your|with your)",
    r"don't think (?:we|i|that)|do not think (?:we|i) (?:have|are)|not gone unnoticed",
    r"gone unnoticed|has been noted|have noted|come to (?:our|my) (?:attention|notice)",
    r"(?:passed|handed|given|sent) (?:your (?:name|case|details|file)|(?:it )?to (?:the"
    r"|our) (?:legal|compliance|registry|dean|conduct))",
    r"your name (?:has|will|is|on)",
    r"you(?:'ll| will| won't| will not|'re going to| are going to|'re about to| are about to"
    r"| may| might| could| can) (?:never |not |soon |then |just |both )?(?:fail|lose|regret"
    r"|pay for|be out|be asked to leave|be sorry|flunk|drop out|be allowed|be able to (?:sit"
    r"|stay|continue|return|graduate|re-?enrol)|be (?:let|permitted)|end up|find yourself"
    r"|face)",
    r"you (?:won't|will not|will never|'ll never|can't|cannot) (?:graduate|pass|get (?:a"
    r"|your) degree|progress|be able)",
    # veiled
    r"(?:would|\w+'d) (?:prefer|hate|be (?:a )?(?:shame|pity|sad|sorry)|be sorry|rather not"
    r"|prefer not) (?:not )?(?:to |if |for )(?:see |have |be |it |this |you |anything |stop "
    r"|lose |your )+",
    r"(?:wouldn't|would not|don't) want (?:\w+ ){0,3}to (?:\w+ )?(?:happen|lose|end up"
    r"|have to)",
    r"wouldn't want … (?:happen|lose|end up|have to|would we)",
    r"(?:would|\w+'d) be (?:such )?a (?:shame|pity) (?:if|to see)",
    r"(?:would|\w+'d) be sorry to|rather not have to",
    r"(?:will|'ll) have to (?:mention|tell|involve|report|inform)",
    r"don't come to (?:me|us) for|conditional (?:up)?on your",
    r"(?:don't|do not|won't|wouldn't) want to (?:find out|know|test|see) what",
    r"what happens next|you know what happens|you (?:can|may) imagine what|make an example",
    r"easier for (?:everyone|all|you) if|you(?:'ll| will) regret|regret (?:this|it)",
    r"think (?:very |really |long and |twice |again |hard )+(?:carefully|hard|about|before)",
    r"mark my words|mind your|be careful|watch your step|tread carefully",
    r"(?:people|students|others) have (?:been|lost|had) (?:thrown|sent|their|removed"
    r"|withdrawn)",
    r"for (?:missing )?(?:less|fewer) (?:than|classes)",
    r"we know (?:where|that you|you(?:'re|'ve|r)?(?! (?:are|might|may|have) (?:busy|a lot)))",
    r"(?:we|i) (?:can|could) see (?:that )?you(?:'ve| have|'re| are)? (?:been|were|opened"
    r"|read|online|logged)",
    r"(?:been |are |is )?(?:monitoring|watching|tracking|keeping (?:an eye|tabs) on"
    r"|logging) (?:you|your)",
    r"watching you|is watching|under (?:review|observation|surveillance|scrutiny)",
    r"on (?:our|the|my) (?:list|radar)(?: of)?",
    r"(?:a )?(?:note|mark|flag|entry) (?:has been|will be|is|was) (?:placed|put|made"
    r"|recorded|left|added)",
    r"goes? on (?:your|the) (?:permanent )?(?:record|file)",
    r"(?:on|in) your (?:permanent )?(?:record|file)|bad reference|good reference",
    r"(?:welfare|police|door) (?:check|visit)s? by|officers? (?:will|can|may|could)",
    r"(?:come|turn up|knock(?:ing)?) (?:to|at|on) your door",
    r"send (?:someone|somebody|security) (?:round|to)",
    r"(?:your )?(?:whole )?future (?:does |really )?(?:depend|at stake|is|hangs)",
    r"nothing to show for|with nothing to show|waste of (?:money|fees)",
    r"compliance team|regulations? \d+|under (?:the )?(?:regulations?|terms)|in breach",
    r"(?:broken|breaking) (?:it|the (?:rules|contract|agreement)|your (?:contract|word"
    r"|promise))",
    r"student contract|signed (?:the|a|up) … (?:contract|agreement|code)",
)

SILENCE = (
    r"unless (?:you|we) … (?:reply|respond|answer|contact|hear|attend|come|engage|improve"
    r"|get in touch|explain|turn up|show|act|receive|change|start|meet|return|see)",
    r"(?<!even\s)(?:if|should) you (?:do not|don't|dont|fail|choose not|keep|carry on"
    r"|continue|still|refuse|ignore|insist|drop out|can't|cannot"
    r"|won't|will not|haven't|have not|persist|miss|decide not|stay away|skip)",
    r"if you(?:'re not| are not| aren't|'ve not)(?! (?:happy|sure|well|able|satisfied))",
    r"(?:if|should) (?:we|i) (?:hear nothing|do not|don't|dont|get no|receive no|have not"
    r"|haven't|still|see no|can't|cannot)",
    r"(?:if|should) (?:things|this|there be|your|nothing|that) (?:do|does|don't|doesn't"
    r"|be no|is not|isn't|continues?|no |changes?|attendance|absence|engagement|carries)",
    r"miss(?:ing)? (?:another|one more|any more)",
    r"by not (?:replying|answering|responding|coming|attending)",
    r"no (?:reply|answer|response) means|to (?:keep|retain|save|hold on to) your",
    r"(?:without|in the absence of|failing) (?:a|an|any|your) (?:reply|answer|response"
    r"|explanation|contact)",
    r"your (?:continued )?silence",
    r"(?:continued|further|any further|any more|repeated|more) (?:absences?|silence|missed"
    r"|non)",
    r"one more (?:missed|absence|skipped|no-show|strike)",
    r"in order to (?:remain|stay|keep|avoid)",
    r"to (?:avoid|prevent) (?:this|that|further|any|being|a|losing|penalt\w+)",
    r"only (?:students|those|people) who|as long as you (?:attend|engage|reply|come|turn)",
    r"provided (?:that )?you (?:attend|engage|reply|come)",
)

DEMANDS = (
    r"make sure (?:that )?you (?:reply|respond|answer|contact|attend|come)",
    r"(?:need|have) to hear (?:back )?from you|must hear from you|answer (?:me|us)",
    r"(?:essential|vital|crucial|critical|imperative|necessary|important) (?:that|for) you",
    r"you (?:really )?should (?:have )?(?:reply|replied|respond\w*|answer\w*|contact\w*|attend\w*"
    r"|come to|been in touch|explain\w*)",
    r"(?:do not|don't|dont) ignore|(?:this|it) is (?:very |extremely |now |getting )?serious",
    r"requires? you to|condition of your|conditions? (?:that|of) (?:you|your)",
    r"explain yourself|account for yourself|no excuses?|i expect",
    r"we expect (?:you|an|a|your|students)|i demand|we demand|we insist|i insist",
    r"insist(?:s|ed)? (?:that|on)|by return(?: of)?|imperative|compulsory|mandatory",
    r"obligatory|non-?negotiable|not optional|not negotiable|without exception|without fail",
    r"(?:action|response|reply|answer|explanation|attendance|contact) (?:is"
    r"|will be) (?:now )?(?:required|needed|necessary|expected|essential|demanded|overdue)",
    r"(?:is|are|it's|it is) (?:now )?(?:your|a) (?:responsibility|duty|obligation) to",
    r"your (?:responsibility|duty|obligation)|do as you are told|kindly note that",
    r"please (?:be aware|note) that your|be advised|take notice|you are hereby",
    r"(?:immediately(?! (?:after|before|next|behind|beside|opposite))|forthwith"
    r"|with immediate effect|asap|a\.s\.a\.p|without (?:further )?delay|at your earliest"
    r")",
)
