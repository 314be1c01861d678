"""Welsh remarks about a person, by kind: see ``remarks``. Mutated forms stand beside the others."""

from __future__ import annotations

from collections.abc import Mapping

_YN = r"(?:(?<='n[ ])|(?<=[ ]yn[ ])|(?<=\bmor[ ])|(?<=\brhy[ ])|(?<=\bhollol[ ])|(?<=\bgwbl[ ]))"
"""After the little word that makes an adjective say something of a person, or one of degree."""

WELSH: Mapping[str, tuple[str, ...]] = {
    "origin": (
        r"[fv]isa|y swyddfa gartref|mewnfud\w*|fewnfud\w*|ffoadur\w*|alltud\w*|tramorwr|tramorwyr"
        r"|(?:myfyriwr|myfyrwraig|myfyrwyr|merch|bachgen) (?:tramor|rhyngwladol)|dod o"
        r" dramor|(?:ei|eu) (?:g?wlad|acen|hacen|tras|hil|croen|chroen)(?: ei hun)?"
        r"|(?:ei|eu) (?:saesneg|cymraeg|chymraeg) (?:yn |'n )?(?:wael|ofnadwy|warthus)"
        r"|ddim yn siarad saesneg|ethnig|(?:merch|bachgen|dyn|menyw) (?:ddu|du|gwyn|asiaidd)",
    ),
    "money": (
        rf"{_YN}(?:gyfoethog|dlawd|graig o arian|byw ar fudd-daliadau|brin o arian)"
        r"|teulu (?:cyfoethog|tlawd)|(?:dim|heb) arian|methu (?:ei )?fforddio|ddim yn gallu "
        r"fforddio|mewn dyled|problemau arian|dadi'n talu|(?:ei|eu) (?:dyledion|ddyledion)",
    ),
    "faith": (
        r"[mf]wslim\w*|[mf]wslem\w*|iddew\w*|cristion|gristion|cristnog\w*|gristnog\w*|catholig\w*"
        r"|hindŵ\w*|hindw\w*|sikh\w*|crefydd\w*|grefydd\w*|gweddïo|weddïo|gweddi|ramadan|capel(?! "
        r"(?:st|heol))|(?:i'r|yn y) (?:mosg|eglwys|synagog)",
    ),
    "family": (
        r"beichiog|feichiog|ysgar\w*|[mf]am sengl|rhiant sengl|tad sengl|(?:ei|eu) (?:g?ŵr|gwraig"
        r"|wraig|cariad|chariad|phriodas|priodas)|teulu (?:anodd|rhyfedd|ofnadwy|gwael)|babi mam"
        r"|(?:rhieni|teulu|mam|tad) (?:yn )?(?:wirion|ofnadwy|rhyfedd|anobeithiol|feddw)",
    ),
    "looks": (
        rf"{_YN}(?:dew|hyll|flêr|frwnt|fudr|drewi|ddrewllyd|bert|rhy denau|salw)"
        r"|(?:merch|bachgen) (?:dew|tew|hyll|bert|blêr)|tat[wŵ]s?|(?:ei|eu) (?:golwg|dillad|pwysau"
        r"|phwysau|gwallt|wallt)",
    ),
    "self": (
        rf"{_YN}hoyw|lesbiad|traws(?:ryweddol)?|rhy hen i|yn (?:ei|eu) (?:hoed|oed|hoedran)"
        r"|anghenion arbennig|merch nodweddiadol",
    ),
    "character": (
        rf"{_YN}(?:dwp|wirion|hurt|ddwl|ddiog|gelwyddog|feddw|anobeithiol|da i ddim"
        r"|wallgof|rhyfedd iawn|ddigywilydd)|celwyddgi|gelwyddgi|dweud celwydd\w*|gwastraff (?:lle"
        r"|amser)|meddwyn|feddwyn|twpsyn|ffŵl|malio dim|ceisio sylw|ar gyffuriau",
    ),
}
