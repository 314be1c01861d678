"""Who looked and why in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

LOOKS: Mapping[str, str] = {
    "{day}: {who} looked at {shows}, {purpose}.": "{day}: edrychodd {who} ar {shows}, {purpose}.",
    "your name and number": "eich enw a'ch rhif",
    "how to reach you": "sut i gysylltu â chi",
    "an email to you": "e-bost atoch",
    "what colleagues wrote": "yr hyn a ysgrifennodd staff",
    "what you answered": "yr hyn a atebwyd gennych",
    "your earlier cases": "eich achosion blaenorol",
    "the records of your activity": "cofnodion eich gweithgarwch",
    "when you were last seen": "pryd y'ch gwelwyd ddiwethaf",
    "where your card was used": "lle y defnyddiwyd eich cerdyn",
    "how we tried to reach you": "sut y ceisiwyd cysylltu â chi",
    "who looked": "pwy edrychodd",
    "a document that you sent": "dogfen a anfonwyd gennych",
    "your request about your data": "eich cais am eich data",
    "your case, without your name": "eich achos, heb eich enw",
    "everything that we hold about you": "popeth a gadwn amdanoch",
    "to prepare to contact you": "er mwyn paratoi i gysylltu â chi",
    "to check what is known of your circumstances": (
        "er mwyn gwirio'r hyn sy'n hysbys am eich amgylchiadau"
    ),
    "to answer a request": "er mwyn ateb cais",
    "for a complaint or a review": "ar gyfer cwyn neu adolygiad",
    "for another reason": "am reswm arall",
    "as part of their work on your case": "fel rhan o'u gwaith ar eich achos",
    "since your school shows names on cases": "gan fod eich ysgol yn dangos enwau ar achosion",
    "to read your earlier cases": "er mwyn darllen eich achosion blaenorol",
    "to draft an email to you": "er mwyn drafftio e-bost atoch",
    "to read an email before it went to you": "er mwyn darllen e-bost cyn iddo gael ei anfon atoch",
    "to send a draft back": "er mwyn anfon drafft yn ôl",
    "to review what was done for your welfare": ("er mwyn adolygu'r hyn a wnaed er eich lles"),
    "to answer you": "er mwyn eich ateb",
    "to decide on an absence that you asked for": (
        "er mwyn penderfynu ar absenoldeb y gofynnoch amdano"
    ),
    "to check whether a message was from you": "er mwyn gwirio a oedd neges gennych chi",
    "to read the evidence of a complaint": "er mwyn darllen tystiolaeth cwyn",
    "to read a complaint": "er mwyn darllen cwyn",
    "to look you up": "er mwyn dod o hyd i chi",
    "to see whose activity is not known": "er mwyn gweld gweithgarwch pwy sy'n anhysbys",
    "to see who waits for help": "er mwyn gweld pwy sy'n aros am gymorth",
    "to see how we tried to reach you": "er mwyn gweld sut y ceisiwyd cysylltu â chi",
    "to see when you were last seen": "er mwyn gweld pryd y'ch gwelwyd ddiwethaf",
    "to decide on Fitness to Study": "er mwyn penderfynu ar Addasrwydd i Astudio",
    "to list the cases they look after": "er mwyn rhestru'r achosion dan eu gofal",
    "to see how an email would read": "er mwyn gweld sut y byddai e-bost yn darllen",
    "to try out emails": "er mwyn rhoi cynnig ar e-byst",
    "to see who looked": "er mwyn gweld pwy edrychodd",
    "to deal with your request about your data": "er mwyn ymdrin â'ch cais am eich data",
    "to decide what your copy holds": "er mwyn penderfynu beth sydd yn eich copi",
    "to gather your data for you": "er mwyn casglu eich data ar eich cyfer",
}
"""Each English text and the same in Welsh."""
