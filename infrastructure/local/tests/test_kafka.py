"""Apache Kafka as the broker of a bare machine."""

import re

from local_stack import kafka


def test_no_cluster_id_is_taken_for_an_option() -> None:
    ids = {kafka.cluster_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", each) for each in ids)
