"""The order saga as it is built, small enough to be searched to the last state: `make model`.

Read it in this sequence: state (what there is), world (how much of it, and what is left out), orders, stock, snapshots
and topics (what may happen), checks (what must hold), explore (the search), runs (which searches), rules (which code).
"""
