"""What the shop does on a good day, but for replicas that die: each class is a part of a machine."""

from hypothesis import strategies as st

from tests.simulation.books import STOCK, Lines, Post, Restock
from tests.simulation.shop_machine import WAYS, Shop, move

# Not integers: Hypothesis mixes in those it finds in whatever modules are loaded, and each run would differ.
PAIR = st.sampled_from(range(2))
ANY = st.sampled_from(range(4))
NTH = st.sampled_from(range(31))
SLUGS = st.sampled_from(sorted(STOCK))
LINES = st.lists(st.tuples(SLUGS, st.sampled_from((1, 2))), min_size=1, max_size=2).map(tuple)
LOOKS = st.sampled_from(["goes on", "dies after: update", "dies after: make topics"])


class Clients(Shop):
    @move(replica=PAIR, lines=LINES, way=WAYS)
    def post(self, replica: int, lines: Lines, way: str) -> None:
        self.simulation.post(replica, Post(f"post {len(self.simulation.books.posts)}", lines))
        self.go_on(replica, way)

    @move(replica=PAIR, slug=SLUGS, delta=st.sampled_from((-1, 1, 2)), way=WAYS)
    def restock(self, replica: int, slug: str, delta: int, way: str) -> None:
        self.simulation.restock(replica, Restock(f"restock {len(self.simulation.books.restocks)}", slug, delta))
        self.go_on(2 + replica, way)


class Retries(Shop):
    @move(replica=PAIR, nth=NTH)
    def post_again(self, replica: int, nth: int) -> None:
        if posts := self.simulation.books.posts:
            self.simulation.post(replica, posts[nth % len(posts)])

    @move(replica=PAIR, nth=NTH)
    def restock_again(self, replica: int, nth: int) -> None:
        if restocks := self.simulation.books.restocks:
            self.simulation.restock(replica, restocks[nth % len(restocks)])


class Replicas(Shop):
    @move(nth=NTH, way=WAYS)
    def publish_and_consume(self, nth: int, way: str) -> None:
        """One of the replicas that have something to do."""
        processes = [replica.process for replica in self.simulation.replicas]
        busy = [number for number, process in enumerate(processes) if self.simulation.world.waiting(process)]
        if busy:
            self.go_on(busy[nth % len(busy)], way)

    @move(number=ANY, way=WAYS)
    def sweep(self, number: int, way: str) -> None:
        self.simulation.replicas[number].sweep()
        self.go_on(number, way)

    @move(seconds=st.sampled_from((0, 1, 4, 16)))
    def quiet_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.simulation.world.advance(1)
            self.simulation.world.settle()
        self.simulation.world.settle()


class Keepers(Shop):
    @move(number=ANY, way=LOOKS)
    def look_after_topics(self, number: int, way: str) -> None:
        self.simulation.replicas[number].look()
        self.go_on(number, way)
