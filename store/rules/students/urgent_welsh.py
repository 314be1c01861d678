"""What a student may write when life is in danger, in Welsh: patterns for ``urgent_words``."""

from __future__ import annotations

PHRASES = (
    r"fy ngeni|dyfodol i (?:fi|mi)|digon o fyw|o(?:r)? ?mod o (?:dabledi|bils)",
    r"ormod o (?:dabledi|bils)|ffarw[eé]l|llais yn (?:fy )?(?:dweud|nweud|ngorchymyn)",
    r"erbyn i (?:ti|chi) ddarllen|bron (?:i mi|â|imi) (?:ei )?wneud|heb fwyta|marw y tu mewn",
    r"rhydd ohono i|brifo rhywun|niweidio rhywun",
    r"hunan-?ladd\w*|l?ladd (?:fy|ei|eu|dy) hun\w*",
    r"(?:eisiau|isio|isie|moyn|dymuno|awydd) (?:\w+ )?(?:marw|diflannu|diweddu"
    r"|gorffen (?:y cyfan|popeth|hyn)|mynd i gysgu a)",
    r"(?:ddim|dim) (?:eisiau|isio|isie|moyn) (?:\w+ )?(?:byw|bod (?:yma|yn fyw)|deffro"
    r"|mynd ymlaen|cario 'mlaen)",
    r"(?:marw|wedi marw|farw) (?:cyn|erbyn|fyddai|a bod)|well gen i farw|yn well fy myd",
    r"well (?:hebddo|heb) ?(?:i|fi)|dod â (?:phopeth|'r cyfan|fy mywyd)",
    r"rhoi (?:diwedd|terfyn) (?:ar y cyfan|ar (?:fy mywyd|bopeth|hyn|bethau))",
    r"cymryd fy mywyd|diweddu fy mywyd",
    r"(?:does|nid oes|dim|sdim|'sdim) (?:\w+ )?(?:pwynt|diben|rheswm|byd)(?: \w+)? (?:byw"
    r"|mynd ymlaen|cario|dal ati|i fyw|i mi fyw)",
    r"(?:dim|does) (?:\w+ ){0,3}i fyw er ei fwyn|pwynt byw|i fyw er ei fwyn",
    r"(?:methu|alla i ddim|allai ddim|ffaelu|ffili|fedra i ddim) (?:â |)?(?:mynd ymlaen"
    r"|cario ymlaen|cario 'mlaen|dal ati|ymdopi|byw|diodde(?:f)?|cymryd (?:mwy|rhagor)"
    r"|wynebu|gwneud hyn (?:mwy|rhagor|bellach))",
    r"ben fy nhennyn|dim gobaith|anobaith\w*|dim dyfodol|dim ffordd (?:allan|arall)",
    r"unig ffordd (?:allan)?",
    r"(?:eisiau|isio|isie|moyn) i (?:bopeth|hyn|'r (?:boen|cyfan)|y (?:boen"
    r"|cyfan)) (?:stopio|orffen|ddod i ben)",
    r"[bf]aich(?: ar (?:bawb|bob|fy))?",
    r"(?:neb|fyddai neb|fydd neb) (?:\w+ ){0,3}(?:colli|gweld fy eisiau|sylwi|malio"
    r"|poeni)(?: amdana i)?",
    r"fydd dim rhaid i neb",
    r"(?:chlywch|welwch|glywch|weli|chlywi)(?: chi| di)? (?:ddim|byth|mohon\w*) (?:gen i"
    r"|ohon\w*|fi|eto)(?: eto)?",
    r"hwyl fawr (?:i (?:chi|bawb)|am byth)|ffarwel|[dn]iolch am bopeth|dwedwch wrth",
    r"dweud wrth (?:mam|dad|fy \w+|pawb) (?:fy mod|mod|'mod) i'n (?:sori|ei charu|caru)",
    r"maddeu\w* i (?:mi|fi)|rhy hwyr i (?:fy|f) achub|byw (?:ddim )?(?:yn hir|lawer)",
    r"wrth fy hun heno|yma (?:ddim mwy|lawer hirach|erbyn)",
    r"bod yma (?:ddim )?(?:mwy|rhagor|bellach)|cyn bo hir bydd",
    r"gorddos\w*|orddos\w*",
    r"(?:cymryd|gymryd|llyncu|cadw|casglu) (?:\w+ ){0,3}(?:tabledi|dabledi|pils|bils"
    r"|moddion)",
    r"gormod o (?:dabledi|bils|barasetamol)|neidio (?:o|oddi ar|o flaen|i'r afon)",
    r"(?:ar|ger|at) (?:y |'r )?(?:bont|to|dibyn|clogwyn|rheilffordd|traciau)|crogi",
    r"boddi fy hun|rhaff|cyllell|rasel",
    r"(?:torri|dorri|niweidio|anafu|brifo|frifo|llosgi|losgi|cosbi|gosbi|llwgu|casáu) (?:fy"
    r"|ei|eu) hun\w*",
    r"hunan-?niwed\w*|(?:torri|dorri) (?:eto|fy (?:mraich|nghoes|arddwrn))|gweld gwaed",
    r"[o]?fn(?: arna i)? (?:\w+ ){0,2}(?:beth|be|be') (?:wna i|all\w*|fydd)",
    r"(?:ddim|dim) yn (?:teimlo'n )?(?:ddiogel|saff)|mewn (?:perygl|argyfwng)",
    r"(?:fy|f'?|ein) (?:lladd|mygu|tagu|bygwth|curo|treisio|taro|dilyn|brifo|cloi)(?: i)?",
    r"(?:cael|wedi|yn) (?:fy )?(?:nhreisio|ngham-?drin|nghuro|mygwth|nharo)",
    r"trais (?:rhywiol|yn y cartref|domestig)|cam-?drin|ofni am fy mywyd|priodas dan orfod",
    r"gorfodi i briodi",
    r"(?:ffrind|cariad|brawd|chwaer|mam|tad|rhywun|cyd-?letywr) … (?:ladd (?:ei|eu) hun\w*"
    r"|marw|hunan\w*|gorddos|niweidio)",
    r"rhywbeth (?:gwirion|twp|dwl|ofnadwy)",
    r"(?:meddwl|sôn|siarad) am (?:ladd|farw|ddiwedd|orffen|niweidio|hunan\w*)|cysgu am byth",
    r"(?:ddim|byth|beidio) (?:â )?deffro|helpwch fi|help plîs|rwy'n anobeithio",
    r"ddim yn gallu byw|gen i gynllun(?! ar gyfer)",
    r"(?:wedi )?cael digon ar (?:fyw|fywyd|bopeth)|wedi blino (?:ar )?(?:byw|fyw)",
    r"(?:yn|i)'?r bedd|(?:yn )?y bedd",
)
