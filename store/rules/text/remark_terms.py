"""Lists of words from which the patterns in ``remarks`` are built."""

from __future__ import annotations

PERSON = (
    r"(?:students?|girls?|boys?|lads?|lass(?:es)?|kids?|guys?|wom[ae]n|m[ae]n|lad(?:y|ies)|blokes?"
    r"|ones?|people|person|chaps?|candidates?|families|family|types?)"
)
PRONOUN = r"(?:her|him|them)"

PEOPLES = (
    r"(?:chinese|indians?|pakistanis?|bangladeshis?|nigerians?|ghanaians?|somalis?|africans?"
    r"|asians?|arabs?|iranians?|iraqis?|syrians?|turks?|turkish|poles|polish|romanians?"
    r"|bulgarians?|russians?|ukrainians?|albanians?|greeks?|italians?|spanish|spaniards?|french"
    r"|germans?|americans?|koreans?|japanese|vietnamese|thai|malaysians?|brazilians?|mexicans?"
    r"|saudis?|egyptians?|moroccans?|jamaicans?|kenyans?|sri lankans?|nepalese|nepalis?|afghans?"
    r"|kurds?|kurdish|irish|scottish|scots|welsh|english|europeans?|eastern europeans?)"
)
"""Peoples, as in "typical Italian": after a word that sorts by them, or before a person."""
