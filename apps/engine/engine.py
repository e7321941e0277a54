"""The engine: the rules of one version and the prices of one day, ready to decide."""

from collections.abc import Callable, Hashable
from datetime import date
from weakref import ref

from apps.catalog.compile import current_market
from apps.decision import address, flow
from apps.decision.answers import Answers, Parsed
from apps.decision.assumed import assumptions
from apps.decision.decide import Decision, decide
from apps.decision.flips import is_settled
from apps.decision.rulebook import Question, Rulebook
from apps.decision.scoring import Tables
from apps.decision.standing import Standing, standing
from apps.money import overrides
from apps.money.cache import Cache, deep_bytes
from apps.money.market import Candidate, Gpu, Market, Offer
from apps.money.pricing import Pricer
from apps.money.throughput import Profile
from apps.rules import compile

# A recommendation takes about 60 kB with its picture, a cost page about 180.
_RESULT_BYTES = 16_000_000
# What a pricer may remember, and room for five.
_PRICER_BYTES, _PRICERS_BYTES = 8_000_000, 5 * 8_000_000
# What results only point at: it belongs to the rules and the market.
_SHARED = (Rulebook, Question, Market, Candidate, Offer, Gpu, Profile)


def result_bytes(key: Hashable, result: object) -> int:
    """Return what a result takes with its key, without what it only points at."""
    return deep_bytes((key, result), _SHARED)


def _pricer_bytes(*_: object) -> int:
    return _PRICER_BYTES


# One room for the engines of all days: which days are asked for is a visitor's choice.
_results: Cache[Hashable, object] = Cache(_RESULT_BYTES, result_bytes)
_pricers: Cache[Hashable, Pricer] = Cache(_PRICERS_BYTES, _pricer_bytes)


class Engine:
    """Rules and prices of one version each; what it returns is kept for a while."""

    def __init__(self, tables: Tables, market: Market) -> None:
        """Take the compiled rules and the market."""
        self.tables = tables
        self.market = market
        # A result that is kept must not keep rules and prices alive that have been replaced.
        self.key = (ref(tables), ref(market))

    @property
    def rulebook(self) -> Rulebook:
        """The rules."""
        return self.tables.rulebook

    def known(self, parsed: Parsed) -> Parsed:
        """Return what was read without what the market does not have, which is a problem, too."""
        unknown = address.unknown_overrides(self.market, parsed.answers.overrides)
        if not unknown:
            return parsed
        answers = parsed.answers.without_overrides([problem.key for problem in unknown])
        return Parsed(answers, parsed.problems + unknown)

    def pricer(self, answers: Answers) -> Pricer:
        """Return the prices under the assumptions and picks of the answers."""
        key, picked = (self.key, answers.changes), answers.overrides
        return _pricers.get(
            key,
            lambda: Pricer(
                overrides.narrowed(self.market, picked),
                assumptions(self.rulebook, answers),
                self.tables.scale,
                _PRICER_BYTES,
            ),
        )

    def kept[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """Return a result that is a pure function of rules, market and key, kept for a while."""
        # What is kept under a key is what `make` of that key once returned.
        return _results.get((self.key, key), make)  # type: ignore[return-value]

    def decide(self, answers: Answers) -> Decision:
        """Return the decision of these answers."""
        key = ("decision", answers.canonical(self.rulebook))
        return self.kept(key, lambda: decide(self.tables, answers, self.pricer(answers)))

    def standing(self, answers: Answers) -> Standing:
        """Return what leads in the states that the answers leave."""
        key = ("standing", answers.canonical(self.rulebook))
        return self.kept(key, lambda: standing(self.tables, answers, self.pricer(answers)))

    def is_settled(self, answers: Answers) -> bool:
        """Tell whether the open questions cannot change the lead any more."""
        still_open = {q.key for q in flow.open_questions(self.rulebook, answers)}
        key = ("settled", answers.canonical(self.rulebook))
        return self.kept(
            key, lambda: is_settled(self.tables, answers, self.pricer(answers), still_open)
        )


def current(today: date) -> Engine:
    """Return the engine of the published rules and the prices of a day; one query."""
    now = compile.versions()
    return of_rules(compile.current(now), today, now.catalog)


def of_rules(tables: Tables, today: date, catalog: str) -> Engine:
    """Return the engine of some rules and of a version of the prices of a day."""
    return Engine(tables, current_market(today, catalog))
