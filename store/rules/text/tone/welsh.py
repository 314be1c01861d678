"""Welsh that threatens, demands or labels, by the same kinds as ``english``.

Welsh changes the first letter of a word by what stands before it (cosb, gosb, chosb, nghosb), and
says "you" in the middle of words (i'ch, o'th), so the patterns name every form.
"""

from __future__ import annotations

import re

from store.rules.text.sentence_patterns import Fault, SentenceRule, any_of, compiled

_YOU = re.compile(
    r"\b(?:ti|chi|di|chdi|dy|eich|thi|gennych|gennyt|arnoch|arnat|atoch|atat|ichi|iti|byddwch"
    r"|byddi|f(?:yddi|yddwch)|ydych|wyt|a?llwch|e?lli|alli|gall(?:wch|et|ech)|wnei|wnewch"
    r"|amdanoch"
    r"|amdanat|hebddoch|pobl sy|myfyrwyr)\b|'(?:ch|th)\b",
    re.IGNORECASE,
)
_STAKES = (
    r"(?:y |eich |dy |[âoi]'ch )?f?fisa|nawdd|noddwr|statws|hawl i (?:aros|fod)|swyddfa gartref"
    r"|ukvi|(?:m|f)ewnfudo|llysgenhadaeth|allgludo|(?:eich |dy )l?le|l?le ar y cwrs"
    r"|[cg]h?yllid\w*"
    r"|ariannu|[bf]wrsar\w+|ysgoloriaeth|[bf]enthyciad\w*|grant|lwfans|treth gyngor|ff[iï]oedd"
    r"|dd?yled\w*|(?:g?radd|g?raddio)|g?yrfa|dd?yfodol|g?eirda|[cg]h?ofnod\w*|[cg]h?ofrestriad"
    r"|astudiaethau|credydau|llety|neuadd(?: breswyl)?|mynediad|rh?ieni|[td]h?eulu|[cg]h?yflogwr"
    r"|heddlu|llys|cyfreithw\w+|[pb]anel|g?wrandawiad|[pb]h?ennaeth|[cg]h?ofrestrydd|lleoliad"
    r"|addasrwydd i (?:astudio|ymarfer)|(?:y|eich|dy|'r) [cg]h?wrs|(?:g?yrr|yrru)"
)
_ADVERSE = (
    r"[cg]h?oll\w*|dd?od i ben|daw i ben|h?atal|[cg]h?anslo|[td]h?ynnu|[td]h?erfynu\w*|dd?ileu"
    r"|h?effeithi\w+|dd?ibynn\w+|yn y fantol|mewn perygl|rh?oi gwybod|d?dweud wrth"
    r"|adrodd(?: wrth)?"
    r"|h?ysbysu|[cg]h?ysylltu â|dd?yledus|allan o|h?anfon (?:adref|yn ôl)|[cg]h?yfeirio"
    r"|[pb]h?eryglu"
    r"|ddim yn talu|talu ceiniog|anghofio am|adolyg\w+|[cg]h?ael (?:gwybod|clywed)|ad-?dalu"
    r"|dd?iarddel|[cg]h?rybwyll|g?wrthod|stopio|dod at eich|ar y rât|aberthu|[cg]h?au"
    r"|heb (?:le|lety)"
)
_REASSURES = any_of(
    (
        r"(?:nid|ni|ddim|does dim|dim|na) … (?:effeithio|newid|anfon\w*|rhannu|colli|dweud)",
        r"dd?iogel|saff|[cg]h?yngor|am ddim|[dn]h?ewis(?:iadau)?|help\w*|[cg]h?ymorth|croeso"
        r"|caledi"
        r"|yn ôl yr arfer|os hoff\w+|hoffech|hoffet|ffreutur|cherdyn|cerdyn|cwestiynau?"
        r"|hapus|falch"
        r"|gyda'n gilydd|canolfan y myfyrwyr|llongyfarchiadau|taith|cyngerdd|arddangosfa",
        r"tocyn\w*",
    )
)
_GIVES_LEAVE = any_of(
    (
        r"dim byd yn digwydd|fydd dim yn newid",
        r"(?:does|nid oes|nid) … (?:dim |)?(?:angen|rhaid|brys)|dim (?:angen|brys|pwysau|rhaid)"
        r"|popeth yn iawn|mae hynny'n iawn|os (?:hoff\w+|dymun\w+|gall\w+|yw'n well"
        r"|oes gwell)|hoffech|hoffet"
        r"|pryd bynnag|peidiwch â phoeni|paid â phoeni",
    )
)
_ELSEWHERE = any_of(
    (
        r"larwm|prawf|ymarfer|nid rhybudd|nid oes (?:cosb|rhybudd)|(?:ni )?fyddai neb",
        r"fydd neb|dim byd yn digwydd|am yr ystafell",
        r"gerdd|bardd|nofel|drama|ffilm|ddeddf\w*|deddf\w*|(?:rhybudd\w*) (?:melyn|oren|coch"
        r"|tywydd)|am (?:wynt|eira|law)"
        r"|nid yw hynny'n wir|ddim yn wir|arholiad\w*|pleidlais|etholiad|pêl-?droed|gêm",
        r"tocyn\w*|arddangosfa",
    )
)
_DEADLINE = (
    r"erbyn (?:\d|dydd|diwedd|fory|yfory|heno|heddiw|hanner|canol|yr?|bore|nos)|cyn (?:dydd"
    r"|diwedd|y|\d|hanner)"
    r"|heddiw|ar unwaith|yn ddi-?oed|heb oedi|o fewn|ar fyrder|yr wythnos hon|am (?:naw|ddeg"
    r"|wyth)"
)
_THREATS = (
    r"rhy hwyr|dim ond os (?:ydych|wyt|byddi|byddwch)|gofyn eto|yn prinhau",
    r"yn cael (?:eich|dy) (?:cyfrif|ystyried|gyfrif|gloi|cloi)|problemus|beth sy'n digwydd i",
    r"estyniad arall|beth fyddai (?:dy|eich)|penderfyni\w+ (?:am|ynghylch)|dweud wrth y \w+",
    r"nid dewis yw|cydymffurfio",
    r"[cg]h?anlyniadau (?:i hyn|difrifol|i chi|i ti|os)|wynebu'?r? … [cg]h?anlyniadau",
    r"(?:bydd|fydd) (?:yna )?[cg]h?anlyniadau|rh?ybudd\w*",
    r"(?:c|g|ch|ngh)osb\w*|dd?isgybl(?:u|aeth\w*)|dd?iarddel\w*|[bf]ygwth\w*|[bf]ygythi\w+",
    r"[cg]h?amau (?:pellach|ffurfiol|disgyblu|cyfreithiol|pellach)",
    r"(?:mynd â|cymryd) (?:hyn|y mater) (?:ymhellach|yn uwch)|uwchgyfeirio",
    r"(?:proses|gweithdrefn|broses) (?:ffurfiol|ddisgyblu)",
    r"(?:bydd|fydd|byddai) (?:rhaid|yn rhaid|raid|gofyn) (?:i ni|i mi|ni|inni|imi)",
    r"(?:byddwn|bydda i|byddaf)(?: ni)? yn (?:rhoi gwybod|dweud|adrodd|hysbysu|terfynu"
    r"|canslo|tynnu|cysylltu â'ch|cymryd yn ganiataol|cau|stopio|eich tynnu)",
    r"dim dewis (?:ond|gen\w*)|heb ddewis|dyletswydd (?:arn\w+|i)",
    r"(?:ceidw|cadw)'?r? … (?:'r |yr )?hawl|hawl i derfynu|'ch cofrestriad|derfynu'?ch",
    r"(?:gallet|gallech|gelli|gallwch|byddi|byddwch|gallai|gallet ti|gallech chi)(?: di| ti"
    r"| chi)? (?:yn )?(?:golli|colli|gael (?:dy|eich)|dy daflu)",
    r"allan o'r (?:neuadd|cwrs|brifysgol|coleg)|ar dy ben",
    r"cael (?:eich|dy) (?:tynnu|taflu|diarddel|hanfon|thaflu)",
    r"[cg]h?yfle olaf(?! i (?:weld|brynu|archebu|ymweld|wylio|gofrestru))|[td]h?ro olaf",
    r"(?:e-bost|neges|llythyr) olaf|(?:ail|trydydd|pedwerydd|pumed|degfed) tro",
    r"heb (?:gael|glywed|dderbyn) (?:gair|ateb|yr un|dim)|amser (?:yn brin|ar ben)|h?amynedd",
    r"wedi cael digon",
    r"(?:mae|roedd|oes) gen\w*(?: ti| chi|noch)? (?:\w+) (?:awr|diwrnod|wythnos) i",
    r"(?:o fewn) (?:\w+) (?:awr|diwrnod)|[td]h?errfyn olaf|nodyn atgoffa olaf",
    r"ni fyddwn yn petruso|heb betruso|yn gyfreithiol|dan y gyfraith",
    r"[td]h?orri (?:contract|cytundeb)|cytundeb myfyriwr|ni ellir goddef",
    r"(?:na|ddim) yn dderbyniol|digon yw digon|all hyn ddim|ni all hyn|ein gorfodi",
    r"wedi (?:dod i'n|ein) sylw",
    r"[fm]ydd(?:i|wch)(?: di| chi)? (?:ddim )?(?:yn )?(?:methu|graddio|pasio|cael)",
    r"(?:fydd|bydd) (?:dy|eich) (?:enw|lle|achos)|mewn trafferth",
    r"achub (?:dy|eich) [cg]am|anghofio am",
    r"byddai'n (?:gas|drueni|ddrwg|resyn) … (?:eich|dy) g?weld|byddai'n gas gennym",
    r"bydd(?:ai)? (?:yn |'n )?(?:edifar|difaru)|difaru|meddyli\w+ (?:yn ofalus|ddwywaith)",
    r"yn y fantol",
    r"(?:daw|ddaw|anfon\w*|galw|ffonio)(?:'r| yr| y|n ni'r)? … heddlu|dy ddrws|eich drws",
    r"gwyddom|(?:rydyn|rydym|dyn) ni'n gwybod (?:ble|lle|dy|eich)",
    r"yn (?:dy|eich) (?:g?wylio|monitro)|ar (?:dy|eich) (?:gofnod|record)",
    r"hyd yn oed os byddwch",
)
_DEMANDS = (
    r"(?<!dim\s)(?<!oes\s)(?<!heb\s)rh?aid(?! dy fod| eich bod| fod| bod| i chi gyfaddef"
    r"| i ti gyfaddef| cyfaddef| gweld| i chi drio| i ti drio)",
    r"(?:g|ng)?orfod(?:ol|i|aeth)?",
    r"(?:disgwylir|mae disgwyl|rydyn ni'n disgwyl|dw i'n disgwyl|disgwyliaf|disgwyliwn"
    r"|mynnaf|mynnwn|mynnu)",
    r"gofynnol|angenrheidiol",
    r"(?:mae|bydd|oedd) … angen i (?:ti|chi) (?:ateb|ymateb|gysylltu|ddod|egluro|esbonio"
    r"|fynychu|gwrdd|ddangos|roi)",
    r"(?:rho|rhowch|eglura|eglurwch|esboni\w*) … (?:esboniad|eglurhad|dy hun|eich hun|pam)",
    r"dim esgus\w*|esgusodion|peidiwch â bod yn hwyr|paid â bod yn hwyr",
    r"(?:well|gwell) i (?:ti|chi)|(?:ar unwaith|yn ddi-?oed|heb oedi|ar fyrder)|dd?yletswydd",
    r"cyfrifoldeb (?:arnat|arnoch)",
    r"(?:eich|dy) (?:cyfrifoldeb|gyfrifoldeb|dyletswydd|ddyletswydd)",
)
NAMES = (r"bregus|digymhelliant|[td]riwant\w*",)
"""For a kind of person: what colleagues' notes are asked about too."""

_LABELS = (
    r"ar ôl popeth|peth lleiaf|rhy gynnar|(?:rhywun|rhai) fel (?:ti|chi)",
    r"(?:yn )?meddwl (?:dy fod )?ti'n (?:n?eud|wneud)|arnoch chi'ch hun|arnat ti dy hun",
    r"gwarthus|cywilyddus|pathetig|ofnadwy o (?:wael|isel)",
    r"(?:presenoldeb|cofnod|gwaith) (?:yn )?(?:wael|isel|siomedig)",
    r"(?:dy|eich) (?:rhieni|rieni|teulu|deulu) (?:yn talu|wedi)",
    r"meddwl am (?:dy|eich) (?:rieni|deulu)|ddim yn deg|dim yn deg|annheg|dy le di",
    r"arnat ti (?:esboniad|eglurhad)|arnoch chi (?:esboniad|eglurhad)",
    r"beth yw (?:dy|eich) esgus|gobeithio (?:dy fod ti|eich bod chi)'n mwynhau|braf iawn",
    r"braf arnat|rhy brysur|rhy dda i|wedi blino (?:ar|gofyn|aros)|wedi cael llond bol",
    r"llond bol|gormod o drafferth|trafferthu|oedolyn|oedolion|fel plentyn",
    r"dy hun(?:an)? sydd|ar dy gyfer di|gwastraff amser",
    r"siom\w+|cywilydd\w*|anghwrtais|digywilydd|anniolchgar|plentynnaidd|anaeddfed",
    r"anghyfrifol|dd?iog(?:i|yn|lyd)?|hunanol|hanner call|difater|esgeulus\w*|h?amharchus",
    r"g?wastraff\w* (?:amser|ein|fy|dy|eich|lle)",
    r"pam na(?:d)? (?:allwch|elli|alli|wnei|wnewch|ddoi|ddewch|fedri|fedrwch|wyt|ydych)",
    r"pawb arall|addas i (?:bobl|ti|chi)|(?:pobl|bobl|myfyrwyr) fel (?:ti|chi)",
    r"perygl o f?[cg]?[mf]?(?:ethu|olli)|(?:anfon|hanfon) adref",
    r"diffyg (?:ymrwymiad|ymdrech|ymgysylltu|parch|diddordeb|presenoldeb)",
    r"d?dewis(?:odd|est|och|aist)(?: ti| chi)? beidio|[cg]h?wyno wedyn",
    r"am (?:beidio|anwybyddu)|(?:dy|eich) fai|bai(?: arnat| arnoch|'ch hun)|dy fai di",
    r"torri(?:'r)? rheolau|wedi'u torri|(?:h?egluro|esbonio) i (?:ti|chi)",
    r"(?:dy|eich) (?:agwedd|ymddygiad|distawrwydd)|(?:diolch|diolchi)\w* (?:iddyn|am ddim)",
    r"haeddu|g?anwybydd(?:u|ais|och|est)(?: ein| fy|'r| pob| y)",
    r"[mf]eth(?:u|iant|iannau|ais|wyd|ir|edig)",
    r"(?:myfyriwr|fyfyriwr|myfyrwyr|fyfyrwyr) (?:gwan|mewn perygl)|anfoddhaol|h?annerbyniol",
    r"annigonol|[cg]amymddwyn\w*",
)
_SILENCE = any_of(
    (
        r"os na(?:d)? (?:fewngofnod\w+|fydd\w*|wnei|wnewch|chlyw\w+|chaw\w+|chaf|ddoi|ddewch"
        r"|ddaw|ateb\w*|wyt|ydych|ymateb\w*|chysyllt\w*|fyddwn)",
        r"oni bai (?:eich|dy|y)",
        r"os (?:wyt ti'n|ydych chi'n|ydych yn|byddi'n|byddwch yn) (?:dal|parhau|anwybyddu"
        r"|colli)",
        r"heb (?:ateb|ymateb|esboniad)|(?:un|unrhyw) absenoldeb arall|i osgoi",
        r"er mwyn (?:osgoi|cadw'?(?:ch|r)?)|colli (?:un|unrhyw) \w+ arall|os arhos\w+",
        r"dim ond (?:myfyrwyr|y rhai) sy",
    )
)
_FOLLOWS = any_of(
    (
        r"bydd\w*|fydd\w*|gall\w*|all|rhaid|byddwn|mae'n|caiff|ceir|dewch|talu|llenwch|llenwa|cliciwch|ddaw|daw",
    )
)

RULES = (
    SentenceRule(Fault.THREAT, any_of(_THREATS), unless=_ELSEWHERE),
    SentenceRule(Fault.DEMAND, any_of(_DEMANDS), unless=_GIVES_LEAVE),
    SentenceRule(Fault.LABEL, any_of((*_LABELS, *NAMES)), unless=_ELSEWHERE),
    SentenceRule(
        Fault.THREAT, compiled(_STAKES), needs=(_YOU, compiled(_ADVERSE)), unless=_REASSURES
    ),
    SentenceRule(Fault.THREAT, _SILENCE, needs=(_FOLLOWS,), unless=_GIVES_LEAVE),
    SentenceRule(
        Fault.DEMAND,
        compiled(r"(?:rhowch|rho|atebwch|ateba|cysylltwch|cysyllta|dewch|dere|tyrd|ymatebwch)"),
        needs=(compiled(_DEADLINE),),
        unless=_GIVES_LEAVE,
    ),
)
