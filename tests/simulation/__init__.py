"""A deterministic simulation of the shop: the services' own code on a simulated loop, store and broker.

`machine.py` says what may happen, `safety.py` and `liveness.py` what must hold; `test_ablations.py` removes each
guarantee once.
"""
