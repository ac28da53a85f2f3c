"""What may happen, in any order: Hypothesis chooses. Afterwards all faults end, and the shop has to heal."""

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.simulation.books import STOCK, Lines, Post, Restock
from tests.simulation.replicas import LAP_SECONDS
from tests.simulation.simulation import Simulation

PAIR = st.integers(0, 1)
ANY = st.integers(0, 3)
NTH = st.integers(0, 30)
CALLS = st.integers(0, 9)
ENDS = st.sampled_from(("lives", "dies", "dies unanswered"))
LINE = st.tuples(st.sampled_from(sorted(STOCK)), st.integers(1, 2))
LINES = st.lists(LINE, min_size=1, max_size=2).map(tuple)


class ShopMachine(RuleBasedStateMachine):
    """A replica makes so many `calls`, one after the other, and then it `ends`: it lives, it dies before the next call,
    or the next call happens and it dies without hearing of it.
    """

    simulation: Simulation

    @initialize(auto_create=st.booleans())
    def open(self, auto_create: bool) -> None:
        self.simulation = Simulation(auto_create=auto_create)

    def _go_on(self, number: int, calls: int, ends: str) -> None:
        world, process = self.simulation.world, self.simulation.replicas[number].process
        for _ in range(calls):
            if waiting := world.waiting(process):
                world.perform(waiting[0])
        if ends == "dies":
            self.simulation.crash(number)
        elif ends == "dies unanswered" and (waiting := world.waiting(process)):
            self.simulation.crash_after(waiting[0])

    # What the shop does.

    @rule(replica=PAIR, lines=LINES, calls=CALLS, ends=ENDS)
    def post(self, replica: int, lines: Lines, calls: int, ends: str) -> None:
        self.simulation.post(replica, Post(f"post {len(self.simulation.books.posts)}", lines))
        self._go_on(replica, calls, ends)

    @precondition(lambda self: self.simulation.books.posts)
    @rule(replica=PAIR, nth=NTH)
    def post_again(self, replica: int, nth: int) -> None:
        posts = self.simulation.books.posts
        self.simulation.post(replica, posts[nth % len(posts)])

    @rule(replica=PAIR, slug=st.sampled_from(sorted(STOCK)), delta=st.sampled_from((-1, 1, 2)), calls=CALLS, ends=ENDS)
    def restock(self, replica: int, slug: str, delta: int, calls: int, ends: str) -> None:
        self.simulation.restock(replica, Restock(f"restock {len(self.simulation.books.restocks)}", slug, delta))
        self._go_on(2 + replica, calls, ends)

    @precondition(lambda self: self.simulation.books.restocks)
    @rule(replica=PAIR, nth=NTH)
    def restock_again(self, replica: int, nth: int) -> None:
        restocks = self.simulation.books.restocks
        self.simulation.restock(replica, restocks[nth % len(restocks)])

    @rule(number=ANY, calls=CALLS, ends=ENDS)
    def sweep(self, number: int, calls: int, ends: str) -> None:
        self.simulation.replicas[number].sweep()
        self._go_on(number, calls, ends)

    @rule(number=ANY, calls=CALLS, ends=ENDS)
    def look_after_topics(self, number: int, calls: int, ends: str) -> None:
        self.simulation.replicas[number].look()
        self._go_on(number, calls, ends)

    @rule(number=ANY, calls=CALLS, ends=ENDS)
    def publish_and_consume(self, number: int, calls: int, ends: str) -> None:
        self._go_on(number, calls, ends)

    @rule(nth=NTH)
    def call_out_of_turn(self, nth: int) -> None:
        if waiting := self.simulation.world.waiting():
            self.simulation.world.perform(waiting[nth % len(waiting)])

    @rule()
    def settle(self) -> None:
        self.simulation.world.settle()

    @rule(seconds=st.sampled_from((1, 3, 40)))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.simulation.world.advance(1)
            self.simulation.world.settle()

    @rule(seconds=st.sampled_from((3, 40)))
    def calls_take_long(self, seconds: int) -> None:
        self.simulation.world.advance(seconds)

    @rule()
    def lap(self) -> None:
        self.simulation.world.leap(LAP_SECONDS * 1.2)

    # What befalls it.

    @rule(nth=NTH, happened=st.booleans())
    def connection_breaks(self, nth: int, happened: bool) -> None:
        """The broker's answer to one call is lost, or the call itself."""
        world, error = self.simulation.world, KafkaConnectionError("the connection broke")
        calls = [call for call in world.waiting() if call.what.startswith(("send", "commit offsets", "make"))]
        if calls and happened:
            world.perform(calls[nth % len(calls)], lost=error)
        elif calls:
            world.refuse(calls[nth % len(calls)], error)

    @rule(nth=NTH)
    def duplicate(self, nth: int) -> None:
        """A message, new or old, comes once more, after all others."""
        if found := self._messages():
            message = found[nth % len(found)]
            self.simulation.broker.append(message.topic, message.key, message.value, message.headers)

    @rule(nth=NTH)
    def reorder(self, nth: int) -> None:
        partitions = self.simulation.broker.partitions()
        if partitions:
            self.simulation.broker.swap_unread(partitions[nth % len(partitions)])

    @rule(group=st.sampled_from(("orders-ms", "products-ms")))
    def rebalance(self, group: str) -> None:
        self.simulation.broker.rebalance(self.simulation.broker.groups[group])

    @rule(late_commits=st.booleans(), linger=st.booleans())
    def wipe(self, late_commits: bool, linger: bool) -> None:
        self.simulation.wipe(late_commits=late_commits and linger)
        if not linger:
            self.simulation.rejoin()

    @rule()
    def rejoin(self) -> None:
        self.simulation.rejoin()

    @rule(nth=NTH)
    def lose_tail(self, nth: int) -> None:
        self.simulation.lose_tail(nth)

    @rule()
    def empty_copy(self) -> None:
        self.simulation.empty_copy()

    def _messages(self) -> list[ConsumerRecord]:
        broker = self.simulation.broker
        return [message for tp in broker.partitions() for message in broker.log(tp)]

    def teardown(self) -> None:
        if hasattr(self, "simulation"):
            try:
                if not self.simulation.safety.violated:
                    self.simulation.heal()
            finally:
                self.simulation.world.end()
