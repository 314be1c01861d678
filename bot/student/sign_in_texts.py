"""What a student reads when a sign-in was refused: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from store.rules.students.sign_in import SignInRefusal

_ASK = "Sign in with your university account, or ask your school office."

REFUSED: Mapping[SignInRefusal, str] = {
    SignInRefusal.CANCELLED: "You stopped before you were signed in. Try again when you like.",
    SignInRefusal.BROKEN: "This sign-in was not finished in time or was used before. Start again.",
    SignInRefusal.CLOCK: (
        "The time in the sign-in was wrong. Try again. If it happens again, tell your "
        "school office that the server’s clock may be wrong."
    ),
    SignInRefusal.OTHER_TENANT: f"That account belongs to another organisation. {_ASK}",
    SignInRefusal.GUEST: f"That is a guest account. {_ASK}",
    SignInRefusal.UNKNOWN: (
        "You are signed in to the university, but no student record here has your address. Ask "
        "your school office to check it. The links in our emails work without signing in."
    ),
    SignInRefusal.OTHER_ACCOUNT: (
        "Your record here belongs to an account with the same address that was used before. Ask "
        "your school office to check it. The links in our emails work without signing in."
    ),
    SignInRefusal.CLOSED: "This service is closed. Contact your school office.",
    SignInRefusal.AWAY: (
        "The university’s sign-in cannot be reached just now. Try again in a few minutes. The "
        "links in our emails work without signing in."
    ),
}

LEFT = "You are signed out. On a computer that others use, close the browser too."
ENDED = "You were signed out, because nothing was sent for a while. What you wrote was not sent."
OTHER_SESSION = (
    "Someone has signed in or out since this page was opened, so nothing was sent. Open your page "
    "again."
)
NOT_SET_UP = (
    "Students here do not sign in. Use the link Your page in one of our emails, or ask your "
    "school office."
)
