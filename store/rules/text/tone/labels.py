"""English patterns, in the notation of ``sentence_patterns``: labels and hurtful words.

``english`` has the words required beside them, and the exceptions.
"""

from __future__ import annotations

NAMES = (
    r"at[\s-]risk|poor(?:ly)?|unsatisfactory|unacceptable|inadequate|under-?perform\w*",
    r"disengag\w+|laz(?:y|iness)",
    r"absentees?|truan(?:t|ts|cy)|(?:low|under)[\s-]?achiev\w+",
    r"problem students?(?! (?:accounts?|ids?|cards?|emails?|log-?ins?|records?|services?))",
    r"vulnerable|weak(?:er|est)? students?|struggl\w+|non[\s-]?attend\w+|unengaged",
    r"unmotivated|risk (?:scores?|levels?)|high[\s-]risk",
    r"drop-?outs?|(?:low|poor|non)[\s-]?engagers?",
)
"""For a kind of person: what colleagues' notes are asked about too."""

LABELS = (
    r"disappoint(?:ed|ing|ment)(?: in you)?",
    r"let (?:us|me|everyone|your (?:whole )?\w+|yourself) down|let down by|only let down",
    r"ashamed|embarrass(?:ed|ing) yourself|rude|disrespect\w*|discourteous|ungrateful",
    r"selfish|childish|immature|irresponsible|idle|careless|feckless|work-?shy|time-?waster",
    r"unreliable|apathetic|thoughtless|inconsiderate",
    r"can(?:not|'t) be bothered|couldn't be bothered",
    r"bother(?:ed)? to (?:answer|reply|come|attend|turn|show|write|read)|courtesy (?:of|to)",
    r"wast(?:ed|ing|e) (?:of )?(?:enough |so much |everyone's |our |my |your "
    r"|public )*(?:time|money|place)",
    r"chasing you|sick of|fed up|had enough|tired of (?:chasing|asking|waiting|writing)",
    r"at the end of (?:our|my) (?:tether|patience)|lost patience",
    r"patient (?:enough|with you|but)|been (?:very |more than )?patient",
    r"least you (?:can|could|might) do",
    r"after (?:everything|all) (?:that )?(?:we|i|your|they) … (?:done|did)",
    r"grown (?:adults?|ups?)|grow up|act your age|behave like an adult",
    r"pull (?:yourself|your socks)|get a grip|sort yourself out|pull your weight",
    r"stop making excuses|make (?:an )?effort",
    r"every(?:one|body) else … (?:manages?|can|does|has|is|came|comes|hand\w*)",
    r"so why (?:can|do|did|have|are|is)(?:n't)? you",
    r"why (?:can't|don't|won't|didn't|haven't) you",
    r"other students (?:manage|can|do|would|want)",
    r"plenty of (?:people|others|students) (?:would|who)|waiting list for your",
    r"deserve (?:your|a|to be|this)",
    r"(?:isn't|is not|not|may not be|might not be|wasn't) (?:for you|suited"
    r"|right for (?:people|someone|students)|cut out|university material|the place for you)",
    r"cut out for|university material|belong here|people like you|students like you",
    r"do you even|are you even|have you even|if you even|what is the point of you",
    r"your own (?:making|fault|doing|choosing)|(?:only )?yourself to blame|your fault",
    r"what (?:exactly |on earth |the hell )?do you think you|playing at|who do you think",
    r"bother(?:ed)? to|evidently did not|obviously not (?:coping|interested|trying)",
    r"the way you've behaved|this behaviour|conduct yourself|expect sympathy|you hide",
    r"worse for (?:you|yourself)|making (?:this|it|things) worse|you chose (?:this|not|to)",
    r"your (?:attitude|behaviour|conduct|lack of|silence|laziness|refusal|unwillingness"
    r"|continued|persistent|poor|repeated|disregard|indifference)",
    r"lack of (?:effort|commitment|engagement|respect|interest|motivation|discipline)",
    r"bad attitude",
    r"you (?:were|have been|'ve been) (?:already |clearly |repeatedly |well )*(?:told|warned"
    r"|reminded|informed|asked|made aware|given)",
    r"made (?:perfectly |very |quite |it )*clear",
    r"as you (?:well |very well )?know(?=,? (?:attendance|absen\w+|the (?:rules|policy"
    r"|regulations)|you|we|your))",
    r"you know (?:full|very|perfectly) well|should know better|surely you",
    r"you (?:have )?(?:failed|neglected|refused|ignored|skipped|ducked|dodged|disappeared"
    r"|vanished|couldn't|chosen not|chose not|continue to|keep (?:on )?(?:ignoring|refusing"
    r"|missing|skipping)|persist)",
    r"keep (?:on )?(?:refusing|ignoring|missing|skipping|avoiding)",
    r"ignor(?:ed|ing) (?:me|us|my (?:email|message|letter|call)s?|our|every|all|this|these"
    r"|the)",
    r"refus(?:e|al|ing) to|hiding from|hide from|avoiding (?:me|us)|pretend(?:ing)?",
    r"(?:thank you|thanks)(?: so| very)?(?: much)? for (?:not|ignoring|nothing|gracing"
    r"|finally|wasting)(?! asking)",
    r"nice of you to|so good of you|good of you to|how kind of you to (?:finally|at last)",
    r"i suppose (?:you|lectures?|mornings?|seminars?|classes)|i take it you",
    r"too (?:early|busy|hard|much|important) for you",
    r"when you (?:can be bothered|feel like it|deign)|glad you could join|must be nice",
    r"bless you",
    r"persistent\w* absen\w*|absentees?",
    r"(?:list|group) of (?:persistent|problem|weak|failing|poor)",
    r"(?:class(?:ed|ified)|identified|flagged|marked|labelled|categori[sz]ed|rated|scored"
    r"|listed) (?:you )?as",
    r"(?:high|medium|low|at) risk|risk of (?:fail\w*|dropping|withdrawal)",
    r"likely to (?:fail|drop out)|predicted to fail|mental health (?:problems?|issues?) like",
    r"people with (?:mental|problems|depression)",
    r"(?:not|\w+n't) (?:good|clever|bright|strong|able) enough|weak students?|bottom of the",
    r"used up|up rather a lot of|my time is|our time is|better things to do",
    r"bending over backwards|special treatment|making allowances|hold your hand",
    r"hand-?holding|spoon-?feed\w*|baby ?sit\w*",
)

HURTS = (
    r"disgrace\w*",
    r"you(?:'re| are) (?:so |being |just |really )*(?:hopeless|useless|a (?:joke|waste"
    r"|burden|problem(?! solver)))",
    r"pathetic|typical of you|you lot|you people|shocking|dismal|dire|appalling|abysmal",
    r"woeful|terrible (?:attendance|record|example|attitude)",
    r"(?:attendance|record|engagement|performance|work|effort|progress|behaviour) (?:is"
    r"|has been|was|remains) (?:very |so |frankly |simply |really |well |far )*(?:bad|low"
    r"|poor|below|dreadful|shocking|disappointing|unimpressive|lacking|not|worrying"
    r"|a concern|a (?:serious )?problem|slipping)",
    r"serious concern|gravely concerned|letting (?:the side|yourself|us|everyone|your)",
    r"(?:bad|poor) (?:impression|example|attitude|attendance|record|show)",
    r"(?:think|thought) (?:of|about) (?:your (?:parents|family|mother|mum|dad)|what your"
    r"|how your|all the money|everyone who)",
    r"your (?:parents|family|mum|mother|dad|father) (?:must|would|are paying|paid|have paid"
    r"|have sacrificed|sacrificed|will be|are going to)",
    r"owe (?:it to|us|me|them|your|an explanation)|not fair on",
    r"unfair (?:to|on) (?:your|the|other|everyone)|someone else (?:could|would|wants)",
    r"others would (?:love|kill|give)|taking (?:up )?(?:a|the|someone's) (?:place|spot|seat)",
    r"counting on you|what(?:'s| is) your excuse|what excuse|excuse this time",
    r"heard it all before|not (?:falling|buying) (?:for )?(?:it|that)",
    r"(?:hope|trust) you(?:'re| are|'ve| have)? (?:enjoying|enjoyed|had a (?:nice|good"
    r"|lovely)) (?:your|the|a)? ?(?:lie-?in|holiday|break|rest|time off|sleep)",
    r"sorry to (?:interrupt|disturb|wake)|not too much trouble|don't trouble yourself",
    r"remember us|earth to|still alive|long time no see|what a surprise|surprise,? surprise",
    r"finally decided|decided to grace|too good for|too busy (?:to|partying)",
    r"party(?:ing)? too|i trust (?:that )?you will",
    r"(?:we|i) (?:will )?(?:expect|require) (?:you to|to see you|an? (?:answer"
    r"|reply|explanation|response)|your (?:answer|reply|presence))",
    r"hereby|summon\w*|order you|instruct\w* (?:you|to)",
)
