"""The page of a student who signs in, in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

from store.rules.students.messages import LONGEST

_DOOR = {
    "Sign out": "Allgofnodi",
    "Go to your page": "Mynd i'ch tudalen",
    "Sign in to your page to see everything": "Mewngofnodwch i'ch tudalen i weld popeth",
    "You are not signed in": "Nid ydych wedi mewngofnodi",
    "Here you see everything that your school keeps about your engagement, and can answer us.": (
        "Yma gallwch weld popeth y mae eich ysgol yn ei gadw am eich ymgysylltu, a'n hateb."
    ),
    "Sign in with your university account": "Mewngofnodi â'ch cyfrif prifysgol",
    "The links in our emails lead to a shorter page without signing in. Whether you look here or "
    "not never counts for or against you.": (
        "Mae'r dolenni yn ein he-byst yn arwain at dudalen fyrrach heb fewngofnodi. Nid yw edrych "
        "yma, na pheidio, byth yn cyfrif o'ch plaid nac yn eich erbyn."
    ),
    "This is the sandbox: anyone may sign in as any of its invented students.": (
        "Dyma'r blwch tywod: gall unrhyw un fewngofnodi fel unrhyw un o'i fyfyrwyr dychmygol."
    ),
    "A student number": "Rhif myfyriwr",
    "Sign in as this student": "Mewngofnodi fel y myfyriwr hwn",
    "Students here do not sign in. Use the link Your page in one of our emails, or ask your "
    "school office.": (
        "Nid yw myfyrwyr yn mewngofnodi yma. Defnyddiwch y ddolen Eich tudalen yn un o'n he-byst, "
        "neu gofynnwch yn swyddfa eich ysgol."
    ),
    "What you wrote, to copy before you sign in again": (
        "Yr hyn a ysgrifennoch, i'w gopïo cyn mewngofnodi eto"
    ),
    "You are signed out. On a computer that others use, close the browser too.": (
        "Rydych wedi allgofnodi. Ar gyfrifiadur y mae eraill yn ei ddefnyddio, caewch y porwr "
        "hefyd."
    ),
    "You were signed out, because nothing was sent for a while. What you wrote was not sent.": (
        "Cawsoch eich allgofnodi, gan nad anfonwyd dim ers tro. Ni anfonwyd yr hyn a ysgrifennoch."
    ),
    "Someone has signed in or out since this page was opened, so nothing was sent. Open your page "
    "again.": (
        "Mae rhywun wedi mewngofnodi neu allgofnodi ers agor y dudalen hon, felly ni anfonwyd dim. "
        "Agorwch eich tudalen eto."
    ),
}
_REFUSED = {
    "You stopped before you were signed in. Try again when you like.": (
        "Stopioch cyn i chi fewngofnodi. Rhowch gynnig arall arni pan fynnwch."
    ),
    "This sign-in was not finished in time or was used before. Start again.": (
        "Ni orffennwyd y mewngofnodi hwn mewn pryd, neu fe'i defnyddiwyd o'r blaen. Dechreuwch eto."
    ),
    "The time in the sign-in was wrong. Try again. If it happens again, tell your "
    "school office that the server’s clock may be wrong.": (
        "Roedd amser y mewngofnodi yn anghywir. Rhowch gynnig arall arni. Os yw'n digwydd "
        "eto, dywedwch wrth swyddfa eich ysgol y gall cloc y gweinydd fod yn anghywir."
    ),
    "That account belongs to another organisation. Sign in with your university account, or ask "
    "your school office.": (
        "Mae'r cyfrif hwnnw'n perthyn i sefydliad arall. Mewngofnodwch â'ch cyfrif prifysgol, neu "
        "gofynnwch yn swyddfa eich ysgol."
    ),
    "That is a guest account. Sign in with your university account, or ask your school office.": (
        "Cyfrif gwestai yw hwnnw. Mewngofnodwch â'ch cyfrif prifysgol, neu gofynnwch yn swyddfa "
        "eich ysgol."
    ),
    "You are signed in to the university, but no student record here has your address. Ask your "
    "school office to check it. The links in our emails work without signing in.": (
        "Rydych wedi mewngofnodi i'r brifysgol, ond nid oes cofnod myfyriwr yma â'ch cyfeiriad. "
        "Gofynnwch i swyddfa eich ysgol ei wirio. Mae'r dolenni yn ein he-byst yn gweithio heb "
        "fewngofnodi."
    ),
    "Your record here belongs to an account with the same address that was used before. Ask your "
    "school office to check it. The links in our emails work without signing in.": (
        "Mae eich cofnod yma'n perthyn i gyfrif â'r un cyfeiriad a ddefnyddiwyd o'r blaen. "
        "Gofynnwch i swyddfa eich ysgol ei wirio. Mae'r dolenni yn ein he-byst yn gweithio heb "
        "fewngofnodi."
    ),
    "The university’s sign-in cannot be reached just now. Try again in a few minutes. The links "
    "in our emails work without signing in.": (
        "Ni ellir cyrraedd system fewngofnodi'r brifysgol ar hyn o bryd. Rhowch gynnig arall arni "
        "ymhen ychydig funudau. Mae'r dolenni yn ein he-byst yn gweithio heb fewngofnodi."
    ),
    "There is no such page": "Nid oes tudalen o'r fath",
    "Go back to your page.": "Ewch yn ôl i'ch tudalen.",
    f"Go back and keep it below {LONGEST} characters.": (
        f"Ewch yn ôl a'i gadw yn llai na {LONGEST} nod."
    ),
    "Open your page again and retry.": "Agorwch eich tudalen eto a rhowch gynnig arall arni.",
    "This was our fault and nothing was saved. Try again in a few minutes.": (
        "Ein bai ni oedd hyn, ac ni chadwyd dim. Rhowch gynnig arall arni ymhen ychydig funudau."
    ),
    "This was our fault and nothing was saved. Try again.": (
        "Ein bai ni oedd hyn, ac ni chadwyd dim. Rhowch gynnig arall arni."
    ),
}

SIGNED_IN: Mapping[str, str] = {**_DOOR, **_REFUSED}
"""Each English text and the same in Welsh."""
