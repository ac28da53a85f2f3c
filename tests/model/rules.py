"""Each rule of the protocol: what it says, the line of code that keeps it, and the test of that code.

A rule's name is what a world can be without. `python -m tests.model rules` prints them as docs/reliability.md has them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`kept_by` is `module:name` and can be imported; `shown_by` is the test `path::name`."""

    name: str
    says: str
    kept_by: str
    shown_by: str


RULES = (
    Rule(
        "idempotency key",
        "A repeated key is answered with the order that is there",
        "orders.services.ordering:Ordering.place",
        "orders-ms/tests/test_idempotency_key.py::test_the_same_again_is_the_same_order",
    ),
    Rule(
        "unique key",
        "Of two requests at once with one key, a unique index lets one in",
        "orders.repositories.schema:ensure_schema",
        "orders-ms/tests/test_idempotency_key.py::test_twenty_at_once_are_one_order",
    ),
    Rule(
        "stored, then answered",
        "201 is answered after the order was stored",
        "orders.services.ordering:Ordering.place",
        "tests/test_kills.py::test_one_kill_under_load",
    ),
    Rule(
        "stored, then asked",
        "A decision is asked for after the order was stored",
        "orders.services.ordering:Ordering.place",
        "tests/test_between_commit_and_publish.py::test_it_dies_and_all_is_decided",
    ),
    Rule(
        "durable writes",
        "What a database acknowledged it still has when it comes back",
        "shop_kit.mongo:Mongo",
        "tests/test_kills.py::test_one_kill_under_load",
    ),
    Rule(
        "asking again",
        "A PENDING order is asked again until it is decided",
        "orders.services.questions:Questions.sweep",
        "orders-ms/tests/test_asking_again.py::test_an_order_whose_event_was_lost_is_asked_for_by_the_next_process",
    ),
    Rule(
        "only PENDING settles",
        "A final status stays",
        "orders.repositories.orders:Orders.settle",
        "orders-ms/tests/test_settling.py::test_the_first_decision_stays",
    ),
    Rule(
        "ledger",
        "An order that has a row in the ledger is not decided again",
        "products.services.decisions:Decisions._decide",
        "products-ms/tests/test_decisions.py::test_who_asks_again_is_answered_from_the_ledger",
    ),
    Rule(
        "one row",
        "A second row of an order is a conflict: the transaction reads again",
        "products.repositories.ledger:Ledger.add",
        "products-ms/tests/test_decisions.py::test_a_row_that_is_there_is_a_conflict_and_stays",
    ),
    Rule(
        "answering again",
        "Whoever asks again is answered again",
        "products.consumers.orders:OrdersConsumer.handle",
        "products-ms/tests/test_event_contracts.py::test_an_answer_lost_after_the_commit_is_given_when_asked_again",
    ),
    Rule(
        "enough in stock",
        "An order is accepted only if all its pieces are there",
        "products.domain.decide:decide",
        "products-ms/tests/test_decide.py::test_stock_is_never_negative_and_every_piece_is_accounted_for",
    ),
    Rule(
        "version read",
        "A product is written only if its version is the one that was read",
        "products.repositories.products:Products._change",
        "products-ms/tests/test_decisions.py::test_a_product_whose_version_moved_on_is_not_written",
    ),
    Rule(
        "one transaction",
        "The ledger and the stock change together",
        "shop_kit.mongo:Mongo.transact",
        "products-ms/tests/test_decisions.py::test_a_failure_half_way_leaves_nothing",
    ),
    Rule(
        "restock key",
        "A restock with the same key counts once",
        "products.services.catalogue:Catalogue.restock",
        "products-ms/tests/test_restock.py::test_a_key_counts_once",
    ),
    Rule(
        "next version",
        "Every change of a product raises its version",
        "products.repositories.products:Products._change",
        "products-ms/tests/test_restock.py::test_pieces_are_added_and_taken",
    ),
    Rule(
        "due with the change",
        "A change makes the product due in the same write",
        "products.repositories.products:Products._change",
        "products-ms/tests/test_snapshots.py::test_the_sweep_tells_what_the_fast_path_lost",
    ),
    Rule(
        "sweep of products",
        "What is due is told, whatever became of the fast path",
        "products.services.snapshots:Snapshots.sweep",
        "products-ms/tests/test_snapshots.py::test_the_sweep_tells_what_the_fast_path_lost",
    ),
    Rule(
        "put off",
        "What the broker acknowledged is put off until the next lap",
        "products.services.snapshots:Snapshots.publish",
        "products-ms/tests/test_snapshots.py::test_what_was_told_waits_a_lap",
    ),
    Rule(
        "claim unchanged",
        "An ack puts a product off only if its claim is the one that was sent",
        "shop_kit.outbox:Outbox.put_off",
        "products-ms/tests/test_snapshots.py::test_an_ack_from_before_a_wipe_does_not_undo_that_all_is_due",
    ),
    Rule(
        "lap",
        "What was put off is due again after a lap",
        "shop_kit.outbox:Outbox.put_off",
        "libs/shop-kit/tests/test_outbox.py::test_what_was_published_is_put_off",
    ),
    Rule(
        "higher version",
        "The copy takes a snapshot only if its version is higher",
        "orders.repositories.copies:Copies.keep",
        "orders-ms/tests/test_version_guard.py::test_any_order_in_chunks_of_any_size_ends_at_the_highest",
    ),
    Rule(
        "work before offsets",
        "An offset is committed after its event was handled",
        "shop_kit.kafka.consumer:Consumer._consume",
        "libs/shop-kit/tests/test_consumer_watchdog.py::test_each_chunk_is_committed_after_its_work",
    ),
    Rule(
        "nothing old committed",
        "What was fetched before a rebalance is not committed after it",
        "shop_kit.kafka.consumer:Consumer._consume",
        "libs/shop-kit/tests/test_consumer_watchdog.py"
        "::test_what_was_fetched_before_a_rebalance_is_not_committed_after_it",
    ),
    Rule(
        "all due",
        "When the broker lost a topic, all it carried is due",
        "shop_kit.outbox:Outbox.make_all_due",
        "products-ms/tests/test_snapshots.py::test_a_wiped_broker_is_told_everything_again",
    ),
    Rule(
        "due, then the topic",
        "A missing topic is made after everything is due",
        "shop_kit.kafka.keeper:TopicKeeper.look",
        "libs/shop-kit/tests/test_keeper.py::test_a_topic_is_not_made_while_its_content_can_not_be_made_due",
    ),
    Rule(
        "ends compared",
        "A topic that ends lower than it did, or did not grow with the acks, was lost",
        "shop_kit.kafka.keeper:TopicKeeper._was_cut",
        "libs/shop-kit/tests/test_keeper.py::test_a_topic_that_ends_lower_than_before_is_noticed",
    ),
)
