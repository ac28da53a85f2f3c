"""The customers who listen in this process are told of their own orders, each as it changes.

Whoever was cut off comes back with the token of what it heard last. The newest changes are remembered here, so it is
told what it missed; if its token is not among them (it is too old, or the process is), it is told to read anew. Nothing
falls between: it listens before it is told so. Tested by cuts, and by two replicas, in tests/test_live*.py.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from shop_kit.errors import UnavailableError

from orders.errors import TooManyStreamsError
from orders.models import Order
from orders.services.listener import QUEUED, Change, Listener, Say

MOST_STREAMS = 5
"""One customer's, in one process."""
REMEMBERED = 1000


class News:
    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._recent: deque[Change] = deque(maxlen=REMEMBERED)
        self._over = False

    @contextmanager
    def listening(self, client_email: str, last: str | None) -> Iterator[Listener]:
        """One who is told of the client's orders: first what came after the token `last`, or READY.

        Raises TooManyStreamsError, and UnavailableError if the process ends.
        """
        if self._over:
            raise UnavailableError()
        if len(self._listeners.get(client_email, ())) >= MOST_STREAMS:
            raise TooManyStreamsError()
        listener = Listener(self._missed(client_email, last))
        self._listeners[client_email].add(listener)
        try:
            yield listener
        finally:
            self._forget(client_email, listener)

    def changed(self, token: str, order: Order) -> None:
        change = Change(token, order)
        self._recent.append(change)
        for listener in tuple(self._listeners.get(order.client_email, ())):
            if not listener.tell(change):
                self._forget(order.client_email, listener)

    def anew(self) -> None:
        """Changes may have been missed."""
        self._recent.clear()
        self._tell_all(Say.READY)

    def end(self) -> None:
        """The process ends: so does every stream, and there will be none."""
        self._over = True
        self._tell_all(Say.END)

    def _missed(self, client_email: str, last: str | None) -> list[Change | Say]:
        since: list[Change | Say] = []
        for change in reversed(self._recent):
            if change.token == last:
                return since[::-1]
            if change.order.client_email == client_email:
                since.append(change)
            if len(since) > QUEUED:
                break
        return [Say.READY]

    def _tell_all(self, what: Say) -> None:
        for email, listeners in tuple(self._listeners.items()):
            for listener in tuple(listeners):
                if not listener.tell(what):
                    self._forget(email, listener)

    def _forget(self, client_email: str, listener: Listener) -> None:
        listeners = self._listeners[client_email]
        listeners.discard(listener)
        if not listeners:
            del self._listeners[client_email]
