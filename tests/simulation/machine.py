"""The machines: the whole shop, and narrower ones, that look for a lost guarantee among the faults it is for."""

from tests.simulation.faults import Accidents, Clocks, Restarts, Transit, Wipes
from tests.simulation.moves import Clients, Keepers, Replicas, Retries


class CrashMachine(Clients, Replicas):
    """Replicas die; the broker loses nothing."""


class RetryMachine(Clients, Retries, Replicas):
    """Replicas die, and clients ask again."""


class TransitMachine(Clients, Replicas, Transit):
    """Replicas die, messages come twice, late or not at all."""


class RestartMachine(Clients, Replicas, Restarts):
    """Replicas die, and all of them together with the broker."""


class WipeMachine(RestartMachine, Keepers, Wipes):
    """Replicas die, the broker loses all."""


class ClockMachine(Clients, Replicas, Clocks):
    """Replicas die, and their clocks jump."""


class AccidentMachine(Clients, Replicas, Keepers, Accidents):
    """Replicas die, acked messages or the copy are lost."""


class ShopMachine(RetryMachine, TransitMachine, WipeMachine, ClockMachine, AccidentMachine):
    """Everything."""
