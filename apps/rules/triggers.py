"""What the database holds by itself: a row stays in its version, and refers to no other one.

A check of a table sees one row only, so these are triggers. A migration that makes SQLite write
one of these tables anew loses them: it has to end with `make_triggers` again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Each table with the column of what its rows belong to.
OWNERS = {
    "rules_question": "rulebook_id",
    "rules_askedif": "question_id",
    "rules_choice": "question_id",
    "rules_valueeffect": "choice_id",
    "rules_pointeffect": "choice_id",
    "rules_vetoeffect": "choice_id",
    "rules_choiceparameter": "choice_id",
    "rules_hostrequirement": "choice_id",
    "rules_checklistitem": "choice_id",
    "rules_basevalue": "rulebook_id",
    "rules_optiontext": "rulebook_id",
    "rules_optionrisk": "option_text_id",
    "rules_optionstep": "option_text_id",
    "rules_criteriontext": "rulebook_id",
    "rules_assumption": "rulebook_id",
}
# As no row is ever moved, it is enough to look when a veto is written.
_OF_ANOTHER_VERSION = """NEW.only_if_id IS NOT NULL AND NOT EXISTS (
    SELECT 1
    FROM rules_choice here
    JOIN rules_question asked ON asked.id = here.question_id
    JOIN rules_question other ON other.rulebook_id = asked.rulebook_id
    JOIN rules_choice there ON there.question_id = other.id
    WHERE here.id = NEW.choice_id AND there.id = NEW.only_if_id
)"""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Refuses a write of a table under a condition."""

    name: str
    table: str
    event: str
    condition: str
    message: str

    def make(self, vendor: str) -> Iterator[str]:
        """Yield the statements that make it."""
        head = f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            yield f"{head} WHEN {self.condition} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            return
        yield (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self.condition} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        yield f"{head} EXECUTE FUNCTION {self.name}()"

    def remove(self, vendor: str) -> str:
        """Return the statement that takes it away."""
        if vendor == "sqlite":
            return f"DROP TRIGGER {self.name}"
        return f"DROP FUNCTION {self.name} CASCADE"


def _triggers() -> Iterator[Trigger]:
    for table, owner in OWNERS.items():
        moved = f"NEW.{owner} <> OLD.{owner}"
        yield Trigger(f"{table}_stays", table, "UPDATE", moved, "A row stays where it belongs.")
    for event in ("INSERT", "UPDATE"):
        yield Trigger(
            f"rules_vetoeffect_{event.lower()}_in_version",
            "rules_vetoeffect",
            event,
            _OF_ANOTHER_VERSION,
            "A veto waits for an answer of its own version only.",
        )


def _at(apps: Apps) -> Iterator[Trigger]:
    """Yield the triggers of the tables that there are at this point in time."""
    tables = {model._meta.db_table for model in apps.get_models()}
    return (trigger for trigger in _triggers() if trigger.table in tables)


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make them all."""
    vendor = schema_editor.connection.vendor
    for trigger in _at(apps):
        for statement in trigger.make(vendor):
            schema_editor.execute(statement)


def remove_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them all away."""
    for trigger in _at(apps):
        schema_editor.execute(trigger.remove(schema_editor.connection.vendor))
