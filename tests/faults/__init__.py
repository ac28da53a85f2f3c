"""The shop is broken while it is used, mended, and checked: `make faults`.

Read it in this sequence: run (the whole of it), cluster and links (what is broken), load, client and history (who uses
it), nemesis and mischief (who breaks it), tap, watch, quiet and evidence (what is seen), safety, liveness and checks
(what must hold), report. `test_checks.py` shows that each check finds something, `test_without.py` that the whole does.
"""
