"""What authentication-ms refuses, with the texts that clients rely on."""

from shop_kit.errors import NotSignedInError, ProblemError


class EmailNotAcceptableError(ProblemError):
    """The e-mail is malformed, or registered already."""

    status, detail = 400, "This e-mail is not acceptable"


class WrongCredentialsError(NotSignedInError):
    """The e-mail is unknown or the password is wrong; which of the two is not told."""

    detail = "Incorrect e-mail or password"


class IncorrectTokenError(NotSignedInError):
    """The token is forged, expired, of another kind, or its account has signed out everywhere."""

    detail = "Incorrect token"
