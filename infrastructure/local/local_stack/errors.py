"""What can keep the shop from running, in words for the person who started it."""


class StackError(RuntimeError):
    """The message says what is wrong and what to do about it."""


class PortTakenError(StackError):
    """Another program listens on a port the shop needs."""

    def __init__(self, port: int, program: str) -> None:
        super().__init__(
            f"Port {port}, for {program}, is taken by another program.\n"
            "Choose the first of ten free ports yourself, for example: make up SHOP_PORT=18080"
        )


class AlreadyRunningError(StackError):
    """The shop of this folder runs already."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"The shop of this checkout is running already (process {pid}). Stop it with: make down")
