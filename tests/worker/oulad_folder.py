"""A tiny invented folder in the Open University's format: eight students over 45 days."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

LENGTH = 45
QUIET = (6, 7)
"""Students who never click or submit: 6 withdraws on day 40, 7 fails."""

_PRESENTATION = "AAA,2013J"


def write_folder(folder: Path, clicks_until: int = LENGTH) -> Path:
    """Write the folder of eight students. Work is due on day 14; 8 registers on day 3."""
    folder.mkdir()
    busy = [student for student in range(1, 9) if student not in QUIET]
    _write(
        folder, "courses", "code_module,code_presentation,module_presentation_length",
        [f"{_PRESENTATION},{LENGTH}"],
    )  # fmt: skip
    _write(
        folder, "assessments",
        "code_module,code_presentation,id_assessment,assessment_type,date,weight",
        [f"{_PRESENTATION},901,TMA,14,50"],
    )  # fmt: skip
    _write(
        folder, "studentRegistration",
        "code_module,code_presentation,id_student,date_registration,date_unregistration",
        [
            f"{_PRESENTATION},{student},{3 if student == 8 else -9},{40 if student == 6 else ''}"
            for student in range(1, 9)
        ],
    )  # fmt: skip
    _write(
        folder, "studentAssessment", "id_assessment,id_student,date_submitted,is_banked,score",
        [f"901,{student},13,0,70" for student in busy],
    )  # fmt: skip
    _write(
        folder, "studentVle",
        "code_module,code_presentation,id_student,id_site,date,sum_click",
        [
            f"{_PRESENTATION},{student},5,{day},3"
            for student in busy
            for day in range(clicks_until + 1)
        ],
    )  # fmt: skip
    ends = {6: "Withdrawn", 7: "Fail"}
    same = "0-10%,0-35,N"
    _write(
        folder, "studentInfo",
        "code_module,code_presentation,id_student,gender,imd_band,age_band,disability,final_result",
        [
            f"{_PRESENTATION},{student},{'MF'[student % 2]},{same},{ends.get(student, 'Pass')}"
            for student in range(1, 9)
        ],
    )  # fmt: skip
    return folder


def _write(folder: Path, stem: str, header: str, rows: Iterable[str]) -> None:
    (folder / f"{stem}.csv").write_text("\n".join((header, *rows)) + "\n")
