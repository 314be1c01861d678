"""What a student may write when life is in danger, in English: patterns for ``urgent_words``."""

from __future__ import annotations

PHRASES = (
    r"(?:got|have|had|made|making) a plan(?! for| to (?:visit|study|revise|finish))",
    r"know when",
    r"(?:looking|staring|stare|look) at (?:the )?(?:trains?|tracks|pills|tablets|knives"
    r"|bridge|water|traffic)",
    r"(?:thought|think|thinking|dream\w*) (?:of|about) (?:jumping|dying|death|killing"
    r"|hurting|ending|doing it)",
    r"(?:had )?enough of (?:being alive|life|living|this life|everything|it all)",
    r"(?:see|have|find) (?:a|any|no) (?:reason|point) (?:to|in) (?:live|living|go on)",
    r"free of me|rid of me|without me|(?:get|got|getting|be) killed",
    r"by the time (?:you|anyone|they) (?:read|get|see|find)|carry on with life|checking out",
    r"permanently|(?:a )?voices? (?:is |are |keeps? )?(?:tell|say)\w*",
    r"(?:won't|not|don't) exist",
    r"(?:hurt|harm|kill|attack) (?:someone|somebody|people|them|him|her|anyone)|dead inside",
    r"over soon|nearly did it|almost did it|tried it (?:again|last|on)|going to do it",
    r"about to do it|(?:not|haven't|hasn't|havent) eaten",
    # dying, by name
    r"su[ie]?[sc]+[io]?d\w*|suisid\w*|suacid\w*|sewercid\w*|end (?:it all|it|my life|things"
    r"|everything|this life)"
    r"|(?:end|ending|ended|take|taking|took) (?:my|his|her|their) (?:own )?li(?:fe|ves)|kms"
    r"|ctb|unalive\w*"
    r"|kill(?:s|ed|ing)? (?:my|him|her|them|your)sel(?:f|ves)|kill myself",
    r"hang(?:ing|ed)? myself|off(?:ing)? myself|top(?:ping)? myself",
    r"(?:want|wants|wanted|wanna|going|gonna|ready|plan(?:ning)?|like|rather|wish|hope"
    r"|decided|need|trying|tried|deserve|better) (?:i (?:was|were|could) |to (?:just )?"
    r"|be )*(?:die|be dead|dead|not (?:be|wake|exist)|disappear|vanish|stop existing|be gone"
    r"|sleep for ?ever|go to sleep (?:for ?ever|and not)|never wake)",
    r"(?:not|\w+n't|dont|never) (?:want|wanna|going|gonna) (?:to )?(?:be (?:here|alive"
    r"|around)|live|wake up|exist|go on|carry on)",
    r"(?:wish|wished) (?:that )?i(?:'d| had| was| were)? (?:never been born(?! with)"
    r"|not (?:been )?(?:born|alive|here)|dead|gone|never (?:existed|woken))",
    r"wish i (?:was|were|wasn't|weren't) (?:dead|here|alive|born|never)",
    r"(?:be|i'll be|ill be|am|already) dead (?:by|before|soon|then|anyway|inside)",
    r"better off (?:dead|without me|if i)|rather be dead",
    r"tired of (?:living|life|being alive|existing)(?! with)",
    r"sick of (?:living|life|being alive)",
    r"no (?:reason|point|will) (?:to|in|for) (?:live|living|life|go(?:ing)? on"
    r"|carry(?:ing)? on|being|any of (?:it|this)|anything)",
    r"nothing (?:left )?to live for|not worth living",
    r"life (?:is|isn't|has) (?:not |no )?(?:worth|pointless|meaning\w*|over)",
    r"what(?:'s| is) the point (?:of (?:living|life|going on|anything|being)|any ?more|in)",
    # not going on
    r"(?:can't|cannot|cant|can not|couldn't|won't) (?:go on(?! (?:the|a|my|that|this"
    r"|holiday|trips?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b)|carry on|cope|do (?:this|it"
    r"|life) any ?more(?! by)|take (?:it|this|any ?more|much more)|live (?:like|with|any)"
    r"|face (?:another|it|tomorrow|life|the (?:day|world))|see a (?:way|future)"
    r"|keep (?:going|doing this|living)|hold on|bear it|stand it)",
    r"(?:end|breaking) (?:of|point) (?:my|the) (?:rope|tether)",
    r"end of (?:my|the) (?:rope|tether|road|line)|give up on (?:life|living|everything)",
    r"given up (?:on life|hope)|giving up on (?:life|everything)",
    r"no (?:way|other way) out|only (?:one )?way out",
    r"only way (?:to|i can) (?:stop|end|escape)|no (?:hope|future)(?: left| for me)?",
    r"hopeless|nothing (?:matters|helps) any ?more",
    r"(?:want|need|make) (?:it|everything|the pain|this"
    r"|all of it) (?:all )?(?:to )?stop(?! rain)",
    r"just (?:want|need) (?:it|this|everything) to (?:be over|end|stop)|want out",
    r"(?:won't|will not|not|\w+n't) (?:be )?(?:here|around|alive|see (?:christmas|tomorrow"
    r"|next|the)|make it to|live (?:to|long)|last (?:the|much)|wake)(?: (?:much longer"
    r"|tomorrow|next|any ?more|for (?:the|long)|to see|to|christmas))?(?! on (?:mon|tues"
    r"|wednes|thurs|fri)| in (?:class|the lab))",
    r"(?:last|final) (?:time )?(?:you'll|you will|anyone will|they'll|you) (?:hear|see)",
    r"(?:won't|will not) have to (?:worry|bother|put up|deal)|much longer|for much longer",
    r"make it to (?:christmas|the weekend|tomorrow|next|the end|my)",
    # burden, goodbyes, giving away
    r"burden|better off without",
    r"no ?(?:one|body) (?:would|will|'d) (?:even )?(?:notice|miss|care|mind)",
    r"(?:would|will|'d) (?:even )?(?:notice|miss me|care) if i",
    r"world (?:doesn't|does not|would|is better|'d)|everyone (?:would|will|hates me)",
    r"disappear(?:ed)? for good|hate myself|worthless|don't deserve (?:to|life)",
    r"goodbye(?: (?:everyone|to|for|all|forever))?|this is (?:it|goodbye|the end|the last)",
    r"tell (?:my|them|him|her|everyone) (?:\w+ )?(?:i'm sorry|i love|im sorry|i am sorry"
    r"|goodbye)(?! (?:for being|i'm|to be) (?:late|ill|absent)| (?:for|about) (?:the|my"
    r"|missing|being|not))",
    r"(?:written|wrote|writing|left|leaving|leave) (?:a |my )?(?:letters? (?:to"
    r"|for) (?:every\w*|my|them|mum|dad|all|people|you all)|note(?:s)? (?:for|to) (?:every"
    r"|my|them|mum)|suicide note|goodbye)",
    r"giv(?:en|ing|e) (?:all )?(?:away )?my (?:things|stuff|guitar|belongings|possessions"
    r"|cat|dog|clothes)",
    r"given away my (?!old)|won't be needing (?:it|them)",
    r"look after my (?:cat|dog|mum|sister|brother)|forgive me|sorted my (?:will|affairs)",
    r"made my (?:will|peace)(?! with my lab)",
    # plans and means
    r"overdos\w*|od'?(?:d|ed|ing)? on",
    r"(?:took|take|taken|taking|swallow\w*|saving|saved|collect\w*|stockpil\w*|hoard\w*"
    r"|counted|bought|have) … (?:tablets|pills|paracetamol|meds|medication"
    r"|antidepressants)(?! and (?:i'm |am )?(?:going|went|feel))",
    r"too many (?:tablets|pills)|(?:whole|entire|all the) (?:bottle|packet|box|pack)",
    r"bottle of (?:pills|tablets)",
    r"(?:stood|standing|stand|been|sat|sitting|walk\w*|went|going|go|am|i'm) (?:\w+ )?(?:on"
    r"|to|at|by|near|up on|in front of) (?:the |a )?(?:\w+ )?(?:bridge|roof|rooftop|ledge"
    r"|edge|cliff|cliffs|railway|tracks?|train line|platform edge|multi-?storey"
    r"|car park roof|balcony)",
    r"jump(?:ing|ed)? (?:off|in front|from|out|under)|step(?:ping)? in front",
    r"(?:bought|got|have|found|tied|made) (?:a |the |some )?(?:rope|noose|knife|razor"
    r"|blades?|gun)",
    r"noose|ligature|drown(?:ing)? myself|slit\w*|my wrists|gas(?:sing)? myself",
    r"have (?:got )?a plan to|i have a plan\b(?! for)",
    r"know how i(?:'ll| will|'d| would) do it|when and how|the means to",
    # self-harm
    r"self[- ]?harm\w*|self[- ]?injur\w*",
    r"(?:harm|hurt|hurting|harming|harmed|cut|cutting|burn|burning|burned|burnt|starv\w*"
    r"|punish\w*|scratch\w*|hit|hitting) (?:my|him|her|them)sel(?:f|ves)",
    r"(?:started|been|back to|keep|kept|stop|stopped|i'm|im) (?:\w+ )?cutting(?! (?:down"
    r"|back|out|costs|my hair|class))",
    r"cut(?:ting)? (?:again|my (?:arms?|wrists?|legs?|thighs?|skin)|deep)|burn myself",
    r"see blood|not (?:eaten|eating) (?:for|in) (?:days|a week)|relapsed",
    # fear of oneself and of others
    r"(?:scared|afraid|frightened|worried|terrified) (?:of|about) (?:what (?:i|he|she"
    r"|they) (?:might|may|could|will|'ll)|myself|hurting|being alone tonight)",
    r"(?:not|\w+n't) (?:feel )?safe(?: (?:with|from|around|by|on my own|alone|at home|in my"
    r"|tonight|here))",
    r"unsafe",
    r"(?:do|did|doing) (?:something|anything) (?:stupid|silly|bad|terrible|drastic|to (?:him"
    r"|her|my|them)sel(?:f|ves))",
    r"lose control and|voices (?:tell|telling|say|are)|told me to (?:kill|jump|hurt|die)",
    r"(?:he|she|they|dad|father|mum|mother|partner|boyfriend|girlfriend|husband|wife|uncle"
    r"|brother|ex|flatmate|housemate|someone|somebody|man|family)(?:'s| is| has|'ll| will"
    r"| have| are| says he(?:'ll| will)?| said he(?:'d| would)?| keeps?| might| would"
    r"|'s going to)? (?:\w+ )?(?:kill(?:ed|ing)? (?:me|us)|hit(?:s|ting)? me|beat(?:s|ing"
    r"|en)? (?:me|us)|hurt(?:s|ing)? (?:me|us)|strangl\w+|chok\w+|rap(?:ed|ing|es)"
    r"|assault\w*|attack\w*|threaten\w*|stab\w*|lock(?:s|ed|ing)? me|burn(?:s|ed)? me"
    r"|find(?:s)? me)",
    r"(?:kill|stab|murder|shoot) (?:me|him|her|them|someone|somebody|everyone"
    r"|people)(?! (?:if (?:she|he|they) see|when (?:she|he) (?:sees|finds)|if i'm late))",
    r"forced? (?:to marry|marriage|me to)",
    r"been (?:raped|assaulted|attacked|stabbed|strangled|abused)",
    r"being (?:abused|beaten|threatened|followed|stalked)|domestic (?:abuse|violence)",
    r"afraid for my life|scared for my life|honou?r (?:killing|based)|raped?",
    r"sexual(?:ly)? (?:assault\w*|abus\w*)",
    r"(?:friend|flatmate|housemate|roommate|brother|sister|girlfriend|boyfriend|partner|mum"
    r"|dad)(?:'s| is| has| keeps| said| says| wants| might)? … (?:suicid\w*"
    r"|kill(?:ing)? (?:him|her|them)sel(?:f|ves)|overdos\w*|want(?:s|ed)? to die|not (?:be"
    r"|want) (?:here|alive)|self-?harm\w*|something stupid|end (?:it|his|her|their))",
    r"(?:killed|hanged) (?:him|her|them)sel(?:f|ves)",
    r"be with (?:him|her|them|my (?:brother|mum|dad|nan|gran|sister))(?: again)?",
    r"join (?:him|her|them) (?:soon|in)",
    r"(?:i'm|i am|im|feel|feeling|am) (?:in )?(?:danger|crisis|desperate|suicidal)",
    r"life in danger|in (?:serious |real )?danger|help me please|please help me",
    r"need help now|emergency|too late (?:for me|to (?:save|help) me)|can't be saved",
    r"i'm (?:done|finished)(?! with| the| my| it)|im done|i am done",
    r"so done with (?:life|everything)|nobody can help|no one can help|dark place|darkest",
    r"thoughts of (?:death|dying|harming|ending)",
    r"think(?:ing)? (?:about|of) (?:dying|death|ending|killing|jumping|not being)",
    r"thought about (?:dying|ending|killing|it every)|want the pain",
    r"the pain (?:to )?(?:stop|end)|sleep and (?:not|never) wake|not wake up|never wake up",
    r"don't (?:want to|wanna) wake",
)
