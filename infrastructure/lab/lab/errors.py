"""What keeps the lab from being set up."""


class LabError(RuntimeError):
    """The message says what is wrong, and what to do about it if that is known."""
