"""Words that would reveal to other readers of a mailbox what an email is about, by language.

Every text is checked for the words of all languages: an email may use more than one.
"""

from __future__ import annotations

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
