"""The accessibility statement in Welsh: each English text and the same in Welsh."""

from __future__ import annotations

from collections.abc import Mapping

ACCESSIBILITY: Mapping[str, str] = {
    "Accessibility statement": "Datganiad hygyrchedd",
    "This statement is about Lantern: the pages on which students see what their university holds"
    " about their engagement and answer it, and the pages of its sandbox for staff. It is not "
    "about the sign-in page of the university, nor about Slack and Teams, which have statements "
    "of their own.": (
        "Mae'r datganiad hwn am Lantern: y tudalennau lle mae myfyrwyr yn gweld yr hyn y mae eu "
        "prifysgol yn ei gadw am eu hymgysylltu ac yn ateb, a thudalennau ei flwch tywod i staff. "
        "Nid yw'n ymwneud â thudalen fewngofnodi'r brifysgol, nac â Slack a Teams, sydd â'u "
        "datganiadau eu hunain."
    ),
    "We want as many people as possible to be able to use these pages. You should be able to:": (
        "Rydym am i gynifer o bobl â phosibl allu defnyddio'r tudalennau hyn. Dylech allu:"
    ),
    "zoom in to 400% without text leaving the screen": (
        "chwyddo hyd at 400% heb i destun adael y sgrin"
    ),
    "use every part with a keyboard alone": "defnyddio pob rhan â bysellfwrdd yn unig",
    "use every part with a screen reader, with each chart also as a table": (
        "defnyddio pob rhan â darllenydd sgrin, gyda phob siart hefyd fel tabl"
    ),
    "use every part without scripts, in light or dark colours": (
        "defnyddio pob rhan heb sgriptiau, mewn lliwiau golau neu dywyll"
    ),
    "read the pages in English or in Welsh": "darllen y tudalennau yn Gymraeg neu yn Saesneg",
    "How accessible these pages are": "Pa mor hygyrch yw'r tudalennau hyn",
    "We know that some parts are not fully accessible:": (
        "Gwyddom nad yw rhai rhannau'n gwbl hygyrch:"
    ),
    "colleagues’ own words, and what was noticed in words of your school’s own, are in English on "
    "the Welsh page too; they are marked as English": (
        "mae geiriau staff eu hunain, a'r hyn a welwyd lle mae gan eich ysgol ei geiriau ei hun "
        "amdano, yn Saesneg ar y dudalen Gymraeg hefyd; maent wedi'u marcio fel Saesneg"
    ),
    "documents that you send are kept as you sent them; a colleague who cannot read one asks you": (
        "cedwir dogfennau a anfonwch fel y'u hanfonwyd; bydd aelod o staff na all ddarllen un yn "
        "gofyn i chi"
    ),
    "Feedback and contact": "Adborth a chysylltu",
    "If you need this information in another form, or found something that we have not listed, "
    "reply to any of our emails or ask your school office. We answer within 10 working days.": (
        "Os oes angen y wybodaeth hon arnoch ar ffurf arall, neu os cawsoch rywbeth nad ydym "
        "wedi'i restru, atebwch unrhyw un o'n he-byst neu gofynnwch yn swyddfa eich ysgol. Rydym "
        "yn ateb o fewn 10 diwrnod gwaith."
    ),
    "Enforcement": "Gorfodi",
    "The Equality and Human Rights Commission (EHRC) enforces the Public Sector Bodies (Websites "
    "and Mobile Applications) (No. 2) Accessibility Regulations 2018. If you are not happy with "
    "our answer, contact the Equality Advisory and Support Service (EASS); in Northern Ireland, "
    "the Equality Commission for Northern Ireland (ECNI).": (
        "Y Comisiwn Cydraddoldeb a Hawliau Dynol (EHRC) sy'n gorfodi Rheoliadau Hygyrchedd Cyrff "
        "Sector Cyhoeddus (Gwefannau a Chymwysiadau Symudol) (Rhif 2) 2018. Os nad ydych yn fodlon "
        "ar ein hateb, cysylltwch â'r Gwasanaeth Cynghori a Chymorth Cydraddoldeb (EASS); yng "
        "Ngogledd Iwerddon, Comisiwn Cydraddoldeb Gogledd Iwerddon (ECNI)."
    ),
    "Technical information": "Gwybodaeth dechnegol",
    "We are committed to making these pages accessible, as those regulations ask.": (
        "Rydym wedi ymrwymo i wneud y tudalennau hyn yn hygyrch, fel y mae'r rheoliadau hynny'n "
        "gofyn."
    ),
    "Compliance status": "Statws cydymffurfio",
    "These pages are partially compliant with the Web Content Accessibility Guidelines version "
    "2.2, level AA, because of the exceptions below.": (
        "Mae'r tudalennau hyn yn cydymffurfio'n rhannol â Chanllawiau Hygyrchedd Cynnwys y We "
        "fersiwn 2.2, lefel AA, oherwydd yr eithriadau isod."
    ),
    "Content that is not accessible": "Cynnwys nad yw'n hygyrch",
    "Not yet tried: the pages with a person who uses a screen reader every day. What they would "
    "find is not known, so we do not claim full compliance. Documents from students are "
    "third-party content, which the regulations exempt.": (
        "Heb eu profi eto: y tudalennau gyda rhywun sy'n defnyddio darllenydd sgrin bob dydd. Ni "
        "wyddys beth fyddai'n ei ganfod, felly nid ydym yn honni cydymffurfiaeth lawn. Cynnwys "
        "trydydd parti yw dogfennau gan fyfyrwyr, y mae'r rheoliadau'n eu heithrio."
    ),
    "Preparation of this statement": "Paratoi'r datganiad hwn",
    "This statement was prepared on 30 November 2026. The pages were tried on that day by "
    "Lantern’s makers: each criterion by hand or by program, with axe-core 4.14 in Chromium, by "
    "keyboard, at 320 by 256 pixels, and without scripts. No outside body has audited them.": (
        "Paratowyd y datganiad hwn ar 30 Tachwedd 2026. Profwyd y tudalennau ar y diwrnod hwnnw "
        "gan wneuthurwyr Lantern: pob maen prawf â llaw neu â rhaglen, gydag axe-core 4.14 yn "
        "Chromium, â bysellfwrdd, ar 320 wrth 256 picsel, a heb sgriptiau. Nid oes corff allanol "
        "wedi'u harchwilio."
    ),
}
"""Each English text and the same in Welsh."""
