"""The order saga as it is built, small enough to be searched to the last state: `make model`.

Read it in this sequence: state (what there is), world (how much of it, and what is left out), orders, stock, snapshots
and topics (what may happen), checks (what must hold), explore (the search), runs (which searches), rules (which code).

It allows more than the code does wherever that makes it simpler:

- What is due may be claimed at once, and a delay ends only when nothing else is left to happen.
- Questions and answers may be lost at any time: so their topics, dead letters and offsets need no steps.
- The copy refuses no order; an order may be placed whatever it says.
- Each operation may vanish alone: a process that dies is many that vanish at once, and what its keeper knew.
- A changed product may be told before the orders that changed it are answered.
- What one process holds in memory, each of its replicas may hold.
"""
