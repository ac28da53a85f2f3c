"""What befalls the shop: each class is a part of a machine."""

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.simulation.moves import ANY, LOOKS, NTH
from tests.simulation.replicas import LAP_SECONDS
from tests.simulation.shop_machine import Shop, move


class Transit(Shop):
    """What a broker and a network do on any day."""

    @move(nth=NTH)
    def call_out_of_turn(self, nth: int) -> None:
        if waiting := self.simulation.world.waiting():
            self.simulation.world.perform(waiting[nth % len(waiting)])

    @move(seconds=st.sampled_from((3, 40)))
    def calls_take_long(self, seconds: int) -> None:
        self.simulation.world.advance(seconds)

    @move(nth=NTH)
    def duplicate(self, nth: int) -> None:
        """A message, new or old, comes once more, after all others."""
        broker = self.simulation.broker
        found: list[ConsumerRecord] = [message for tp in broker.partitions() for message in broker.log(tp)]
        if found:
            message = found[nth % len(found)]
            broker.append(message.topic, message.key, message.value, message.headers)

    @move()
    def reorder(self) -> None:
        for tp in self.simulation.broker.partitions():
            self.simulation.broker.swap_unread(tp)

    @move(group=st.sampled_from(("orders-ms", "products-ms")))
    def rebalance(self, group: str) -> None:
        self.simulation.broker.rebalance(self.simulation.broker.groups[group])

    @move(nth=NTH, happened=st.booleans())
    def connection_breaks(self, nth: int, happened: bool) -> None:
        """The broker's answer to one call is lost, or the call itself."""
        world, error = self.simulation.world, KafkaConnectionError("the connection broke")
        calls = [call for call in world.waiting() if call.what.startswith(("send", "commit offsets"))]
        if calls and happened:
            world.perform(calls[nth % len(calls)], lost=error)
        elif calls:
            world.refuse(calls[nth % len(calls)], error)


class Wipes(Shop):
    """The broker loses all it has."""

    @move(linger=st.booleans())
    def wipe(self, linger: bool) -> None:
        """With `linger` readers keep their old positions for a while."""
        self.simulation.wipe(late_commits=False)
        if not linger:
            self.simulation.rejoin()

    @move()
    def rejoin(self) -> None:
        self.simulation.rejoin()


class Restarts(Shop):
    @move(first=ANY, way=LOOKS)
    def restart_machine(self, first: int, way: str) -> None:
        """All die at once, and the broker had all in memory; one replica looks after its topics first."""
        for number in range(4):
            self.simulation.crash(number)
        self.simulation.wipe(late_commits=False)
        self.simulation.rejoin()
        self.simulation.replicas[first].look()
        self.go_on(first, way)


class Clocks(Shop):
    @move(number=ANY, seconds=st.sampled_from((-3600, 3600)))
    def clock_jumps(self, number: int, seconds: int) -> None:
        """Only the time of day; the time that passes is the same for all."""
        self.simulation.set_clock(number, seconds)


class Accidents(Shop):
    """What only a lap mends; left out in half of the runs, so that the others have to heal within seconds."""

    accidents = False

    @initialize(accidents=st.booleans())
    def choose(self, accidents: bool) -> None:
        self.accidents = accidents

    @move()
    def wipe_and_take_late_commits(self) -> None:
        if self.accidents:
            self.simulation.wipe(late_commits=True)

    @move(nth=NTH)
    def lose_tail(self, nth: int) -> None:
        if self.accidents:
            self.simulation.lose_tail(nth)

    @move()
    def empty_copy(self) -> None:
        if self.accidents:
            self.simulation.empty_copy()

    @move()
    def lap(self) -> None:
        self.simulation.world.leap(LAP_SECONDS * 1.2)
