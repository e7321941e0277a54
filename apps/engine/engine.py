"""The engine with today's rules and prices, and the few results that it keeps in the process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock

from apps.catalog.compile import current_market
from apps.decision import address, flow
from apps.decision.answers import Answers, Parsed
from apps.decision.assumed import assumptions
from apps.decision.decide import Decision, decide, lead_so_far
from apps.decision.flips import is_settled
from apps.decision.rulebook import Rulebook
from apps.decision.scoring import Tables
from apps.decision.uncertainty import Cell
from apps.money import overrides
from apps.money.market import Market
from apps.money.pricing import Pricer
from apps.rules import compile

# Results are pure functions of rules, market and answers: how many of each are kept.
_KEPT = 256


class Kept:
    """A small store of the newest results, safe for threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._results: OrderedDict[Hashable, object] = OrderedDict()

    def get[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the kept result, or make and keep it."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                # What is kept under a key is what `make` of that key once returned.
                return self._results[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._results[key] = made
            if len(self._results) > self._size:
                self._results.popitem(last=False)
        return made


class Engine:
    """Rules and prices of one version each, ready to decide."""

    def __init__(self, tables: Tables, market: Market) -> None:
        """Take the compiled rules and the market."""
        self.tables = tables
        self.market = market
        self._pricers = Kept(8)
        self._kept = Kept(_KEPT)

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
        return self._pricers.get(
            answers.changes,
            lambda: Pricer(
                overrides.narrowed(self.market, answers.overrides),
                assumptions(self.rulebook, answers),
            ),
        )

    def kept[T](self, key: Hashable, make: Callable[[], T]) -> T:
        """Return a result that is a pure function of rules, market and key, kept for a while."""
        return self._kept.get(key, make)

    def decide(self, answers: Answers) -> Decision:
        """Return the decision of these answers."""
        key = ("decision", answers.canonical(self.rulebook))
        return self._kept.get(key, lambda: decide(self.tables, answers, self.pricer(answers)))

    def standing(self, answers: Answers) -> tuple[Cell, ...]:
        """Return the scored states that the answers leave."""
        key = ("standing", answers.canonical(self.rulebook))
        return self._kept.get(key, lambda: lead_so_far(self.tables, answers, self.pricer(answers)))

    def is_settled(self, answers: Answers) -> bool:
        """Tell whether the open questions cannot change the lead any more."""
        still_open = {q.key for q in flow.open_questions(self.rulebook, answers)}
        key = ("settled", answers.canonical(self.rulebook))
        return self._kept.get(
            key, lambda: is_settled(self.tables, answers, self.pricer(answers), still_open)
        )


_engines = Kept(4)


def current(today: date) -> Engine:
    """Return the engine of the published rules and the prices of a day."""
    return of_rules(compile.current(), today)


def of_rules(tables: Tables, today: date) -> Engine:
    """Return the engine of some rules and the prices of a day."""
    market = current_market(today)
    return _engines.get((tables, market), lambda: Engine(tables, market))
