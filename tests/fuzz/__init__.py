"""Bad requests of every kind are sent to a running shop, and every answer is judged: `make fuzz`.

Read it in this sequence: run (the whole of it), corpus and its kinds (what is sent), callers (by whom), client (how),
judge and effects (what may come of it), honest (who trades meanwhile), memory and logs, report.
"""
