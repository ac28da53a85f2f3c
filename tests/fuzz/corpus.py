"""The whole corpus: case number N of a run is the same for the same seed, whatever ran before it."""

from random import Random
from typing import Protocol

from tests.fuzz.callers import Callers
from tests.fuzz.cases import Case
from tests.fuzz.corpus_bodies import Bodies
from tests.fuzz.corpus_generated import Generated, Template
from tests.fuzz.corpus_headers import Headers
from tests.fuzz.corpus_keys import Keys
from tests.fuzz.corpus_pictures import Pictures
from tests.fuzz.corpus_slow import Slow
from tests.fuzz.corpus_smuggling import Smuggling
from tests.fuzz.corpus_targets import Targets
from tests.fuzz.corpus_tokens import Tokens

SHARES = {
    "generated": 0.37,
    "bodies": 0.2,
    "targets": 0.14,
    "tokens": 0.15,
    "smuggling": 0.05,
    "headers": 0.03,
    "pictures": 0.03,
    "keys": 0.025,
    "slow": 0.005,
}
"""Of the requests of a run."""


class Kind(Protocol):
    def case(self, random: Random, number: int) -> Case: ...


class Corpus:
    """`made` are the generated requests, as `templates` returns them."""

    def __init__(self, callers: Callers, seed: int, made: dict[str, list[Template]]):
        self._seed = seed
        self._kinds: dict[str, Kind] = {
            "generated": Generated(callers, made),
            "bodies": Bodies(callers),
            "targets": Targets(callers),
            "tokens": Tokens(callers),
            "smuggling": Smuggling(callers),
            "headers": Headers(callers),
            "pictures": Pictures(callers),
            "keys": Keys(callers),
            "slow": Slow(callers),
        }

    def case(self, number: int) -> Case:
        random = Random(f"{self._seed}:{number}")
        kind = random.choices(list(SHARES), list(SHARES.values()))[0]
        return self._kinds[kind].case(random, number)
