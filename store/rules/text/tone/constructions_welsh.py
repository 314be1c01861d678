"""Welsh sentences that threaten or demand by how they are built, as ``constructions_english``."""

from __future__ import annotations

WATCHED = (
    r"fe'?ch gwelwyd|(?:cawsoch|cest|gest) (?:ti )?(?:eich|dy) (?:gweld|weld) (?:yn|ar)",
    r"g?welodd (?:rhywun|un o'r \w+|y porthor|cydweithiwr) (?:ti|di|chi)(?:'n| yn)?",
    r"(?:c|g|ch|ngh)erdyn … (?:nad ydych|nad wyt|yn y neuadd|neithiwr|ers y|ers pythefnos)",
    r"(?:system|log) ddrws|rhoi troed yn|i weld a (?:wyt|ydych) (?:ti|chi) yno",
    r"(?:wardeni?aid|porthorion|glanhawyr|staff (?:diogelwch|y neuadd)) … (?:cadw (?:golwg|cofnod)"
    r"|wedi cadarnhau|yn dweud (?:dy|eich|nad))",
)
"""That someone looked where the student was, or was asked to look."""

UNEXCUSED = (
    r"(?:absennol|absenoldeb\w*|habsenoldeb\w*) (?:yn )?(?:heb|anawdurdodedig|ddi-?ganiat[aâ]d)"
    r"(?: (?:ganiat[aâ]d|eu hawdurdodi|awdurdod))?",
    r"pwy (?:roddodd|ddywedodd|ddwedodd) … (?:hawl|g?caniat[aâ]d|ganiat[aâ]d|y gallech|y gallet)",
    r"(?:t|d|th)ystiolaeth o ble (?:roedd|r?oe)\w+",
    r"(?:nid oes|does) (?:gen\w*)(?: ti| chi)? (?:ddim )?hawl i golli",
)
"""Absence as an offence, and proof of where the student was."""

BARGAINS = (
    r"fel (?:na|nad) (?:oes|fydd) (?:rhaid|angen) i (?:mi|fi|ni) … (?:fynd â|adrodd|riportio"
    r"|fynd at|godi)",
    r"ond dim ond os (?:gweithred|ateb|dew|doi|byddi|byddwch)\w*|neu anghofi\w+",
    r"er eich lles eich hun|er dy les dy hun|(?:dim ond|ond) am y tro$",
    r"^\W*gwn(?:a|ewch)'?r? peth (?:iawn|call)",
    r"os oes gen\w*(?: ti| chi)? unrhyw barch",
    r"os (?:wyt ti|ydych chi|ydych)(?: yn|'n)? (?:am|eisiau|isio) (?:gadw|aros|pasio|raddio) … "
    r"(?:byddi|byddwch|rhaid)",
)
"""An answer as the price for being left alone."""

CLOSING = (
    r"drws yn cau(?!'n| am| yn| ar \w+ ei hun)",
    r"nid (?:cais|awgrym|gofyn) (?:yw|ydy|ydi|ydw)|cyn gweithredu",
    r"heddiw, (?:nid|dim) (?:yn )?(?:yfory|fory)|un cyfle (?:arall )?(?:sydd|sy)",
    r"allan o (?:'nwylo|fy nwylo|'m dwylo|fy rheolaeth|'m rheolaeth)|o'm (?:dwylo|rheolaeth)",
)
"""Patience that is about to end."""

COMPARED = (
    r"(?:cyd-?fyfyrwyr|grŵp|tiwtoriaid|darlithwyr) … wedi cwyno (?:amdan|eu bod|am (?:dy|eich))\w*",
    r"[dl]?le … ei g?wastraffu|waeth i (?:ti|chi) (?:roi|bacio|adael|fynd)",
    r"(?:well gan|gwell gan) … (?:gefnogi|ariannu|noddi) (?:rhywun|myfyriwr|pobl) s\w*",
    r"(?:does neb|nid oes neb|neb) yn (?:pasio|graddio|dysgu|llwyddo) … (?:drwy|trwy|wrth)"
    r" (?:orwedd|gysgu|aros|guddio)",
    r"(?:does neb|nid oes neb) yn anhepgor",
)
"""The student beside others who do better, suffer or talk."""

KEEPING = (
    r"pam (?:y )?(?:dylwn|dylen|dylem|ddylwn|ddylen|ddylem)(?: i| ni)? … (?:c?g?adw|dal) (?:eich|dy"
    r"|ti|chi)?",
    r"(?:peth bach|hawdd|hawdd iawn|peth bach iawn) fyddai … (?:gair|llenwi|rhoi)",
    r"y gwir (?:plaen )?amdan\w+|enw (?:di'n|di yn|chi'n|chi yn|'n|yn|di mewn|chi mewn|mewn) "
    r"[cg]och",
    r"(?:gellid|gellir|gallwn|byddwn yn) tynnu(?:'ch| eich| dy) nawdd",
    r"marc\w* … (?:ryddhau|rhyddhau) i neb|ni ryddheir marc\w*",
    r"(?:cyswllt brys|perthynas agosaf) … (?:os na|oni)",
    r"rhaid (?:bodloni|cyrraedd|cadw at)'?r? (?:y )?(?:gofynion|rheolau|safonau)",
)
"""What the student has to show, or the place, the money or the quiet at home is gone."""

LIKE_OTHERS = (
    r"(?:rhan fwyaf o (?:bobl|fyfyrwyr|'?r dosbarth|honom)|(?:llawer|nifer) o (?:bobl|fyfyrwyr)"
    r"|(?:bron )?(?:pawb|bawb)) yn (?:gwneud(?: hynny| yr un peth)?|colli (?:ambell (?:un|sesiwn"
    r"|ddosbarth)|un neu ddau|rhai|rhywbeth)),? (?:weithiau|o bryd i'w gilydd|nawr ac yn y man"
    r"|(?:ar |erbyn )?(?:yr|ryw) (?:adeg|bryd))"
    r"(?![^.!?;]* (?:ond|heblaw|ti|di|chi|wahanol|dy|eich)(?!\w))",
)
"""That others have done the same, and nothing of what they do better."""

REASSURING = (
    *LIKE_OTHERS,
    r"(?:ni|fydd|nid|does)(?: \w+){0,2} (?:rhaid|angen) (?:i (?:chi|ti|neb) )?(?:egluro|esbonio"
    r"|dweud|roi rheswm|wybod|ymddiheuro|nodyn)",
    r"gobeithio (?:bod|i|fod) … (?:well|gwella|cysgu|iawn|adref|gartref)",
    r"(?:mae'n|rwyt ti'n|ti'n|chi'n) siŵr … (?:blino|flino|gwaith|gofalu)|pob (?:bendith"
    r"|cydymdeimlad)|fy nghydymdeimlad",
    r"ymddiheuraf (?:am|fod) |(?:sori|mae'n ddrwg gen\w*)(?: i)? (?:am|bod|fod|os)",
    r"cofia? (?:fwyta|yfed|gysgu|gadw'n gynnes|orffwys)|cofiwch (?:fwyta|yfed|gysgu|orffwys)",
    r"(?:yn )?hen ddigon$|ti sydd i benderfynu|chi sy'n penderfynu",
)
"""What no one writes who threatens: it lets a sentence pass that weighs little."""

THREATS = (*BARGAINS, *CLOSING, *KEEPING)
LABELS = (*WATCHED, *UNEXCUSED, *COMPARED)
