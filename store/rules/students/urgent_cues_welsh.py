"""Welsh cues of danger and of what is harmless; ~ stands before a letter that mutates."""

from __future__ import annotations

CUES = {
    "die": (
        r"hunan-?ladd\w*|~lladd (?:fy|f'?)? ?hun\w*|~crogi|~boddi fy hun|(?:eisiau|isio|isie"
        r"|moyn|ishe|dymuno|awydd|barod|gobeithio|trio|ceisio|well gen i|meddwl am|am"
        r"|yn) (?:i )?(?:\w+ )?(?:~marw|~diflannu|~diweddu|gorffen y cyfan|gorffen popeth"
        r"|cysgu am byth|mynd am byth|bod wedi (?:mynd|marw)|~peidio bod)|~marw|wedi (?:marw"
        r"|mynd)(?:,| a)|(?:ddim|dim|m'o|sai|sa i|peidio)(?: yn|'n)? (?:eisiau|isio|isie|moyn"
        r"|ishe) (?:\w+ )?(?:~byw|bod yma|bod yn fyw|bod ar|deffro|mynd ymlaen|cario)"
        r"|~diwedd (?:ar|ar y|ar b\w+|i'r)|~terfyn ar|~rhoi (?:diwedd|terfyn)|neud diwedd"
        r"|gwneud diwedd|cymryd fy mywyd|(?:pwynt|diben|rheswm) (?:i )?(?:~byw|mynd|cario|dal"
        r"|codi|bod)|~byw (?:ddim )?(?:mwy|rhagor|bellach)|er ei fwyn|fy ngeni"
        r"|ddim (?:yn )?deffro|beidio a deffro|bywyd|~bedd|fy angladd|~diweddu|(?:eisiau|isio"
        r"|isie|moyn) i (?:bopeth|bob dim|hyn) (?:stopio|orffen)|hunanladdol|ar fy ol i"
        r"|fy nghadw i yma"
    ),
    "goon": (
        r"(?:methu|alla i ddim|allai ddim|allaf i ddim|ffaelu|ffili|fedra i ddim|fedrai ddim"
        r"|ddim yn gallu|sai'n gallu|sa i'n gallu)(?: a)? (?:\w+ )?(?:mynd ymlaen|cario|dal ati"
        r"|ymdopi|~byw|~dioddef|cymryd|wynebu|gwneud hyn|neud hyn|parhau|diodde)|ben fy nhennyn"
        r"|pen fy nhennyn|dim gobaith|anobaith\w*|anobeithi\w+|dim dyfodol|dim ffordd (?:allan"
        r"|mas|arall)|unig ffordd|(?:eisiau|isio|isie|moyn) i (?:bopeth|hyn|'r|y"
        r"|'r cyfan)(?: \w+)? (?:stopio|orffen|ddod i ben|ddarfod)|(?:cael|wedi cael) (?:digon"
        r"|llond bol) (?:ar|o) (?:~byw|~bywyd|bopeth|y byd)|wedi blino (?:ar )?(?:~byw|bodoli"
        r"|trio)|tywyll\w*|gwag|trio bellach|ddim mwy|rhy hwyr i fi|rhy hwyr i fy|fy achub i"
    ),
    "harm": (
        r"(?:~torri|~niweidio|~anafu|~brifo|~llosgi|~cosbi|~llwgu|~casau|~taro) (?:fy|'n) hun\w*"
        r"|hunan-?niwed\w*|hunan-?niweidio|~torri (?:eto|fy (?:mraich|nghoes|arddwrn))|~gwaed"
        r"|rasel|llafn|creith\w*|heb fwyta|ddim (?:yn |wedi )?bwyta|chwydu|~meddwi bob"
    ),
    "means": (
        r"~gorddos\w*|(?:~cymryd|~llyncu|~cadw|~casglu|~cyfri|gormod o|pecyn o|potel o"
        r"|llond llaw o)(?: \w+){0,4} (?:~tabledi|~pils|moddion|~parasetamol)|~neidio|(?:ar|ger"
        r"|at|oddi ar|o) (?:y |'r |ben y )?(?:~pont|to|~dibyn|clogwyn|rheilffordd|traciau"
        r"|platfform)|sefyll ar|rhaff|~cyllell|~gwn|gen i gynllun|cynllun i|o flaen (?:tren"
        r"|y tren|bws|car)"
    ),
    "bye": (
        r"hwyl fawr|ffarwel\w*|am byth|~diolch am (?:bopeth|fod yn garedig)|garedig iawn|(?:dwed"
        r"|dwedwch|dweud|deud|gwed) wrth(?: \w+){0,4} (?:sori|caru|garu|charu|ddrwg)|maddeu\w* i"
        r"|(?:edrych|edrychwch|gofala|gofalwch) (?:ar ol|am) (?:fy|'n)|(?:rhoi|rhoddi|rhoi fy"
        r"|wedi rhoi) (?:fy|'n)|fydd dim rhaid|poeni amdana i|(?:fydda|bydda) i ddim (?:yma"
        r"|o gwmpas|yn broblem)|~sgwennu llythyr\w*|llythyr\w* i (?:mam|fy|bawb)|(?:welwch|weli"
        r"|chlywch|glywch)(?: \w+){0,2} (?:fi|gen i)|bai ar neb|bai neb|neges olaf|tro olaf"
        r"|cyn bo hir|erbyn i (?:ti|chi) ddarllen|barod i fynd|yma erbyn|yma ddim|os digwydd"
        r"|rhowch fy|rhoi fy mhethau|fy mhethau i gyd|edrychwch ar ol eich hun|ar fy ol i"
    ),
    "burden": (
        r"~baich|~well (?:heb|hebdd\w+|i bawb)|haws (?:i bawb|iddyn|arnyn|heb)|(?:neb"
        r"|sneb)(?: \w+){0,4} (?:sylwi|malio|poeni|becso|colli|gweld)|hebdda i|heb fi"
        r"|rhydd ohono i|casau fy hun|dim gwerth|da i ddim|gwastraff o|taswn i wedi mynd"
    ),
    "violence": (
        r"(?:mae|ma|mae'n|mae o|mae o'n|mae e|mae e'n|fo|fe|fy|dad|mam|cariad|gwr|gwraig|partner"
        r"|llystad|ewythr|brawd|rhywun|dyn)(?: \w+){0,5} (?:~taro|~curo|~brifo|~lladd|~bygwth"
        r"|~treisio|~tagu|~mygu|~cloi|~dilyn|~llosgi|~cicio|~stelcian|~gorfodi)|(?:fy|f'|'n"
        r"|ein) (?:~lladd|nharo|nghuro|~brifo|mrifo|~bygwth|mygwth|nhreisio|nhagu|nilyn|nghloi"
        r"|nhrin|ngham-?drin)|cam-?drin\w*|trais|treisi\w+|priodas dan orfod|gorfodi i briodi"
        r"|ofn(?: arna i)?(?: \w+){0,3} (?:adref|adre|gartref|gartre|fo|fe|fy|nhad|mynd)|cyllell"
        r"|cleisi\w*|hitio|cael gadel|cael gadael|neith o'n lladd|lladd i os|nilyn i"
        r"|paid a ffonio|peidiwch a ffonio|'n lladd i os|(?:fy mrifo|fy mwrw|bwrw fi|brifo fi)"
        r"|ganddo gyllell|clywith|gwelith"
    ),
    "unsafe": (
        r"(?:ddim|dim|nid)(?: \w+){0,3} (?:ddiogel|diogel|saff)|~perygl|argyfwng"
        r"|(?:ofn)(?: arna i)?(?: \w+){0,3} (?:beth|be|wna i|fy hun)|rhywbeth (?:gwirion|twp|dwl"
        r"|ofnadwy)|llais|lleisiau|helpwch fi|help plis|ambiwlans|brifo rhywun|niweidio rhywun"
        r"|cadw'n saff|(?:gadw|cadw) fy hun yn (?:saff|ddiogel)|llais yn fy mhen"
    ),
    "other": (
        r"(?:ffrind|cariad|brawd|chwaer|mam|tad|dad|rhywun|cyd-?letywr|cyfaill|mab"
        r"|merch)(?: \w+){0,6} (?:~lladd|~marw|hunan\w*|gorddos|~niweidio|~torri (?:ei|eu)"
        r"|~tabledi|bont|ffarwel|deffro)"
    ),
    "study": (
        r"~traethawd|~darlith\w*|seminar|~modiwl|sleidiau|~prosiect|pwnc|thesis|ymchwil|~darllen"
        r"|pennod|cyflwyniad|arholiad|prawf|nofel\w*|ffilm|drama|~cerdd|llyfr\w*|~cymeriad|act"
        r"|hanes|llenyddiaeth|bioleg|cemeg|seicoleg|troseddeg|gyfraith|ysgrifennu am|sgwennu am"
        r"|bardd|sioe|cyfres|gem|hyfforddiant|cymdeithas"
    ),
    "idiom": (
        r"bron a ~marw (?:isio|eisiau|moyn|o)|~marw (?:o )?(?:chwerthin|isio|eisiau|embaras"
        r"|chwilfrydedd)|farw chwerthin|(?:~ffon|~batri|laptop|cyfrifiadur|wifi|car)(?: \w+)? "
        r"|bu farw fy ffon|~lladd amser|llwgu|torri (?:fy mys|lawr|i lawr|gwallt)|torrais fy mys"
        r"|am y gorau|haha|lol|neidi\w+ ar y cyfle|boddi mewn|~cwympo|wallgo|chwerthin"
        r"|ofn fy mywyd|sgidie|esgidiau|traed|yn lladd fi,|ein lladd yn|yn y gem|starfo"
        r"|bron a ~marw|ci|hamster|cath(?! yw)|larwm|paracetamol at|~parasetamol at|cur pen"
        r"|fy mawd|torrais|gwestiwn \d+|cwestiwn \d+|symud i|mynd adre i weld|wythnos nesaf"
        r"|heb goffi|farwol|diwedd (?:y|blodeuwedd)|ffreutur"
    ),
    "fine": (
        r"(?:dw i|dwi|rwy|rydw i|wi|fi)(?:'n| yn) (?:iawn|hapus|well|olreit|ok|falch)|popeth yn"
        r"|dim byd o'i le|edrych (?:ymlaen|'mlaen)|mwynhau|hwyl(?! fawr)|priodas|gwyliau"
        r"|penblwydd|pen-blwydd|flynedd yn ol|(?:blynedd|mlynedd) yn ol|ers talwm|erbyn hyn|bws"
        r"|tren|hwyr|glaw|eira|deintydd|sori(?! am bopeth)|gwell|hiraeth am adra"
        r"|dim meddyliau drwg|ci bach newydd|cysgu'n hwyr|priodas\w*|mhriodas"
    ),
    "ask": (
        r"a gaf i|ga i|alla i|allwch chi|alli di|oes modd|oes|pryd|ble|ydy|ydi|sut|pwy|fyddai"
        r"|plis|os gwelwch|dyddiad cau|ystafell|grwp|labordy|marciau|adborth|amserlen|llyfrgell"
    ),
}
