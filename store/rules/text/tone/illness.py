"""Sentences that attribute an illness to a person, which a school must not do (§25).

Naming a condition is no diagnosis: a service may help with anxiety, and a letter may say so.
"""

from __future__ import annotations

from store.rules.text.sentence_patterns import any_of

_CONDITION = (
    r"(?:depression|anxiety|adhd|add|autism|asperger'?s?|ptsd|ocd|anorexia|bulimia|psychosis"
    r"|schizophrenia|dyslexia|dyspraxia|alcoholism|burn-?out|insomnia|paranoia"
    r"|(?:an? )?(?:[\w-]+ ){0,2}(?:disorder|syndrome|breakdown|phobia|psychosis|addiction)"
    r"|(?:an? )?mental (?:illness|health (?:problems?|issues?|conditions?))"
    r"|panic attacks?|suicidal (?:thoughts?|ideation)|(?:an? )?(?:drink|drug|drugs) problem)"
)
_STATE = (
    r"(?:depressed|depressive|bipolar|autistic|anorexic|bulimic|psychotic|schizophrenic|suicidal"
    r"|dyslexic|dyspraxic|neurodivergent|alcoholic|addicted|paranoid|manic"
    r"|mentally (?:ill|unwell|unstable)|clinically (?:depressed|anxious)|burnt out|burned out)"
)
_KIND = (
    r"(?:an?|some|mild|severe|serious|clinical|chronic|social|possible|probable|likely|real"
    r"|undiagnosed|untreated)"
)
_HOW = r"(?:very|quite|a bit|rather|clearly|probably|possibly|really|so|also|still|an?)"

_ENGLISH = (
    rf"(?:suffer\w*|struggl\w+|ill|sick|unwell|diagnosed) (?:from|with) (?:{_KIND} ){{0,3}}"
    rf"{_CONDITION}",
    rf"(?:has|have|had|having|got|getting|develop\w*) (?:{_KIND} ){{0,3}}{_CONDITION}",
    rf"(?:signs?|symptoms?|case|history|diagnosis|episode|bout) of (?:{_KIND} ){{0,3}}{_CONDITION}",
    rf"(?:your|her|his|their|the student's) (?:{_KIND} ){{0,2}}{_CONDITION}",
    rf"(?:it|this|that)(?:'s| is| may be| might be| could be| sounds like| looks like"
    rf"| seems like) (?:{_KIND} ){{0,3}}{_CONDITION}",
    rf"(?:(?:you|they|we)(?:'re| are)|(?:she|he|student|who)(?:'s| is)|am|be|been|was|were|seems?"
    rf"|sounds?|looks?|appears?|feels?|feeling|become|becoming|got|getting) (?:{_HOW} ){{0,2}}"
    rf"{_STATE}",
)

_CYFLWR = (
    r"(?:iselder|gorbryder|anhwylder (?:bwyta|\w+)|awtistiaeth|anorecsia|bwlimia|seicosis"
    r"|sgitsoffrenia|dyslecsia|alcoholiaeth|salwch meddwl|adhd)"
)
_WELSH = (
    rf"(?:yn |'n )?(?:ddioddef|dioddef|diodde) (?:o|gan|gyda|gydag) {_CYFLWR}",
    rf"(?:mae|oes|bod|fod) {_CYFLWR} (?:arnoch|arnat|arni|arno|arnyn)",
    rf"(?:mae|oes) (?:gennych|gennyt|ganddi|ganddo|ganddyn)(?: chi| ti| hi| ef| nhw)? {_CYFLWR}",
    rf"(?:symptomau|arwyddion|diagnosis) (?:o )?{_CYFLWR}",
)

DIAGNOSES = any_of((*_ENGLISH, *_WELSH))
UNLESS = any_of(
    (
        r"if|whether|anyone|anybody|someone|somebody|people|students who|those who|helps? with"
        r"|support (?:for|with)|advice (?:on|about)|os|unrhyw un|pobl|myfyrwyr sydd",
    )
)
"""Said before it in the same sentence, it speaks of no one."""
