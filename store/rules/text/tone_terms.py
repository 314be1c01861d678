"""The words that ``wording`` looks for, in each language that there are letters in.

Every text is held to the words of all languages: a mail may hold more than one.
"""

from __future__ import annotations

PUNITIVE = (
    # threats
    r"warn(?:s|ed|ings?)?",
    r"penal(?:ty|ties|i[sz]e[sd]?|i[sz]ing)",
    r"punish\w*",
    r"punitive",
    r"sanction\w*",
    r"disciplin(?:ary|ed|ing)",
    r"consequences?",
    r"final\s+notice",
    r"expel(?:led)?",
    r"expulsion",
    r"terminat(?:e|ed|ion)",
    # demands
    r"must",
    r"required\s+to",
    r"obliged\s+to",
    r"non[\s-]?complian(?:ce|t)",
    r"breach(?:ed|es)?",
    r"violat\w+",
    r"misconduct",
    # labels
    r"fail(?:s|ed|ing|ures?)?",
    r"at[\s-]risk",
    r"poor(?:ly)?",
    r"unsatisfactory",
    r"unacceptable",
    r"inadequate",
    r"underperform\w*",
    r"under-perform\w*",
    r"disengag\w+",
    r"laz(?:y|iness)",
)

LABELLING = (
    r"absentees?",
    r"truan(?:t|ts|cy)",
    r"(?:low|under)[\s-]?achiev\w+",
    r"problem\s+students?",
    r"vulnerable",
    r"weak(?:er|est)?\s+students?",
    r"struggl\w+",
    r"non[\s-]?attend\w+",
    r"unengaged",
    r"unmotivated",
    r"risk\s+(?:scores?|levels?)",
    r"high[\s-]risk",
)

TELLING = (
    # what was looked at
    r"attend\w*",
    r"absen(?:t|ces?)",
    r"engag\w+",
    r"modules?",
    r"courses?",
    r"sessions?",
    r"lectures?",
    r"seminars?",
    r"assessments?",
    r"assignments?",
    r"coursework",
    r"deadlines?",
    r"submi\w+",
    r"handed\s+in",
    r"missed",
    r"vle",
    r"qmplus",
    r"log[\s-]?ins?",
    r"logged\s+in",
    r"activit(?:y|ies)",
    r"recordings?",
    r"co-?curricular",
    r"monitor\w*",
    # that there is a concern
    r"concern\w*",
    r"worr(?:y|ied|ies|ying)",
    r"progress\w*",
    r"support\w*",
    r"welfare",
    r"well-?being",
    r"disab\w+",
    r"health",
    r"fitness",
    r"interventions?",
    r"re-?engag\w+",
    r"not\s+seen",
    r"flag(?:s|ged)?",
)

# Welsh changes the first letter of a word by what stands before it: cosb, gosb, chosb, nghosb.

PUNITIVE_WELSH = (
    # threats
    r"rh?ybudd\w*",
    r"(?:c|g|ch|ngh)osb\w*",
    r"dd?isgybl(?:u|aeth\w*)",
    r"dd?iarddel\w*",
    r"[bf]ygwth\w*",
    r"canlyniadau\s+difrifol",
    # demands; "does dim rhaid" and "nid oes rhaid" say that nobody asks for it
    r"(?<!dim )(?<!oes )rh?aid",
    r"(?:g|ng)?orfod(?:ol|i|aeth)?",
    r"[cg]amymddwyn\w*",
    # labels
    r"[mf]eth(?:u|iant|iannau|odd|ais|wyd|ir|edig)",
    r"(?:myfyriwr|fyfyriwr|myfyrwyr|fyfyrwyr)\s+mewn\s+perygl",
    r"anfoddhaol",
    r"annerbyniol",
    r"annigonol",
    r"dd?iog(?:i|yn)?",
)

LABELLING_WELSH = (
    r"[td]riwant\w*",
    r"bregus",
    r"digymhelliant",
    r"(?:myfyriwr|fyfyriwr|myfyrwyr|fyfyrwyr)\s+gwan",
)

TELLING_WELSH = (
    # what was looked at
    r"(?:p|b|ph|mh)resenol\w*",
    r"h?absen\w*",
    r"h?ymgysyllt\w*",
    r"(?:m|f)odiwl\w*",
    r"(?:cwrs|gwrs|chwrs|cyrsiau|gyrsiau|chyrsiau)",
    r"sesi(?:wn|yn|ynau)",
    r"(?:d|dd|n)arlith\w*",
    r"h?asesia\w*",
    r"h?aseiniad\w*",
    r"dd?yddiad(?:au)?\s+cau",
    r"(?:c|g|ch|ngh)yflwyn(?:o|odd|iad|wyd|iadau)",
    r"f?monitro",
    r"[mf]ewngofnod\w*",
    r"g?weithgaredd\w*",
    r"recordiad\w*",
    # that there is a concern
    r"(?:p|b|ph|mh)ryder\w*",
    r"(?:p|b|ph|mh)oeni",
    r"(?:c|g|ch|ngh)ynnydd",
    r"(?:c|g|ch|ngh)efnog\w*",
    r"ll?esiant",
    r"lles",
    r"h?iechyd",
    r"h?anabl\w*",
    r"ffitrwydd",
    r"h?ymyr(?:iad|iadau|raeth)",
)
