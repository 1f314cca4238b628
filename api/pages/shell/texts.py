"""What pages say for a problem of the API, by its stable code; the catalogue has them in every language."""

from api.pages.shell.language import mark

_PROBLEMS = {
    "not_found": mark("There is nothing here, or it is not yours to see."),
    "forbidden": mark("Your role does not allow this."),
    "csrf": mark("This page is too old to act on. Load it again."),
    "changed_meanwhile": mark("Somebody else changed this in the meantime. Load the page again, then repeat it."),
    "if_match_needed": mark("This page is too old to act on. Load it again."),
    "invalid_input": mark("Something in what you entered is wrong:"),
    "invalid_request": mark("Something in what you entered is wrong:"),
    "wrong_password": mark("The address or the password is wrong."),
    "too_many_attempts": mark("Too many failed attempts. Wait a quarter of an hour, then try again."),
    "bad_link": mark("This link was used already or is too old. Ask for a new one."),
    "bad_password": mark("This password is too short or too easy to guess."),
    "openid_refused": mark("Signing in there did not work, or took too long. Sign in again."),
    "openid_away": mark("The provider of your organisation's accounts does not answer. Try again later."),
    "no_account": mark("You have no account in rounds under this address. Ask its administrator for one."),
    "too_large": mark("This file is too large."),
}


def problem_text(code: str) -> str | None:
    """What to say, in English, for the catalogue; None where only the problem's own words will do."""
    return _PROBLEMS.get(code)


SIGN_IN_PROBLEMS = ("wrong_password", "too_many_attempts", "bad_link", "bad_password")
