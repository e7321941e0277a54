"""What a template reads, followed through the types of its page without rendering it."""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.template import loader
from django.template.base import FilterExpression, Node, NodeList, Variable, VariableNode
from django.template.defaulttags import (
    FirstOfNode,
    ForNode,
    IfNode,
    PartialDefNode,
    PartialNode,
    WithNode,
)
from django.template.library import SimpleBlockNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.smartif import TokenBase

# Names that the template engine, a context processor or `render_page` gives to every page.
GIVEN = {"None", "block", "forloop", "request", "site", "swapped"}
# Filters that return what they are given.
_SAME = {"slice"}
_LEAVES = (str, int, float, bool, types.NoneType)

type Types = Mapping[str, Any]


class Reader:
    """Follows one page's template; `problems` are its unknown lookups, `reads` its known ones."""

    def __init__(self, template: str, page: type) -> None:
        """Read the whole template."""
        self.problems: set[str] = set()
        self.reads: set[tuple[type, str]] = set()
        self._include(template, {"page": page})

    def _include(self, name: str, names: Types) -> None:
        # The backend's template wraps the engine's.
        self._nodes(loader.get_template(name).template.nodelist, names)  # type: ignore[attr-defined]

    def _nodes(self, nodes: NodeList, names: Types) -> None:
        for node in nodes:
            self._node(node, names)

    def _node(self, node: Node, names: Types) -> None:
        match node:
            case PartialDefNode():
                pass  # Followed where it is put.
            case PartialNode():
                self._nodes(node.partial_mapping[node.partial_name].nodelist, names)
            case VariableNode():
                self._type(node.filter_expression, names)
            case ForNode():
                self._loop(node, names)
            case WithNode():
                self._nodes(node.nodelist, {**names, **self._types(node.extra_context, names)})
            case IfNode():
                for condition, nodes in node.conditions_nodelists:
                    self._condition(condition, names)
                    self._nodes(nodes, names)
            case IncludeNode():
                given = self._types(node.extra_context, names)
                whole = given if node.isolated_context else {**names, **given}
                self._include(node.template.var, whole)
            case ExtendsNode() | BlockNode():
                self._nodes(node.nodelist, names)
            case FirstOfNode():
                for expression in node.vars:
                    # A name that is not there is passed over.
                    if getattr(expression.var, "var", "").partition(".")[0] in names:
                        self._type(expression, names)
            case _:
                for expression in _expressions(node):
                    self._type(expression, names)
                if isinstance(node, SimpleBlockNode):
                    self._nodes(node.nodelist, names)

    def _loop(self, node: Any, names: Types) -> None:
        items = dict(self._items(node.loopvars, self._type(node.sequence, names)))
        self._nodes(node.nodelist_loop, {**names, **items})
        self._nodes(node.nodelist_empty, names)

    def _types(self, given: Mapping[str, FilterExpression], names: Types) -> Types:
        return {name: self._type(expression, names) for name, expression in given.items()}

    def _condition(self, condition: TokenBase | None, names: Types) -> None:
        if condition is None:
            return
        value = getattr(condition, "value", None)
        if isinstance(value, FilterExpression):
            self._type(value, names)
        for side in ("first", "second"):
            self._condition(getattr(condition, side, None), names)

    def _type(self, expression: FilterExpression, names: Types) -> Any:
        found: Any = str
        if isinstance(expression.var, Variable):
            found = self._variable(expression.var, names)
        for function, arguments in expression.filters:
            for is_variable, argument in arguments:
                if is_variable:
                    self._variable(argument, names)
            if function.__name__.removesuffix("_filter") not in _SAME:
                found = Any
        return found

    def _variable(self, variable: Variable, names: Types) -> Any:
        if not variable.lookups:
            return Any
        first, *rest = variable.lookups
        if first not in names:
            if first not in GIVEN:
                self.problems.add(str(variable))
            return Any
        found = names[first]
        for name in rest:
            found = self._lookup(found, name, str(variable))
        return found

    def _lookup(self, owner: Any, name: str, variable: str) -> Any:
        """Return the type of an attribute; several types must all have it, None apart."""
        found = [self._attribute(one, name, variable) for one in _either(owner)]
        return Union[tuple(found)] if found else Any  # noqa: UP007 - made from a list

    def _attribute(self, owner: Any, name: str, variable: str) -> Any:
        if owner is Any:
            return Any
        if get_origin(owner) is tuple and name.isdigit():
            return _item(owner, int(name))
        if is_dataclass(owner) and isinstance(owner, type):
            hints = get_type_hints(owner)
            if name in hints:
                self.reads.add((owner, name))
                return hints[name]
            made = getattr(owner, name, None)
            if isinstance(made, property) and made.fget:
                self._computed(owner, made.fget)
                return get_type_hints(made.fget)["return"]
        self.problems.add(f"{variable}: {owner} has no {name}")
        return Any

    def _computed(self, owner: type, code: Any) -> None:
        """Count what a property names as read, in the class and in the rows that it holds."""
        for block in _blocks(owner, set()):
            self.reads |= {(block, name) for name in _names(code.__code__)}

    def _items(self, names: list[str], sequence: Any) -> Iterator[tuple[str, Any]]:
        for one in _either(sequence):
            item = _item(one, 0)
            if len(names) == 1:
                yield names[0], item
            else:
                for place, name in enumerate(names):
                    yield name, _item(item, place)


def fields_of(page: type) -> set[tuple[type, str]]:
    """Return every field of a page and of the blocks that it is made of."""
    return {(owner, field.name) for owner in _blocks(page, set()) for field in fields(owner)}


def _names(code: types.CodeType) -> set[str]:
    inner = [_names(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*inner)


def _either(owner: Any) -> list[Any]:
    """Return the types of a union without None; the type itself where it is none."""
    if isinstance(owner, typing.TypeAliasType):
        return _either(owner.__value__)
    if get_origin(owner) in {Union, types.UnionType}:
        return [one for part in get_args(owner) for one in _either(part)]
    return [] if owner is types.NoneType else [owner]


def _item(owner: Any, place: int) -> Any:
    arguments = get_args(owner)
    if get_origin(owner) is not tuple:
        return arguments[0] if arguments else Any
    return arguments[0] if arguments[-1] is Ellipsis else arguments[place]


def _blocks(owner: Any, found: set[Any]) -> set[Any]:
    """Return a page and the blocks that it is made of: dataclasses made for pages."""
    for one in _either(owner):
        for part in get_args(one):
            _blocks(part, found)
        if isinstance(one, type) and is_dataclass(one) and _is_for_pages(one) and one not in found:
            found.add(one)
            for hint in get_type_hints(one).values():
                _blocks(hint, found)
    return found


def _is_for_pages(owner: type) -> bool:
    """Tell whether a class is made for templates: values that decide hold more than is shown."""
    pages = ("apps.wizard", "apps.calculator", "apps.catalog.pages", "apps.scenarios.pages")
    return owner.__module__.startswith((*pages, "apps.engine.contexts"))


def _expressions(node: Node) -> Iterator[FilterExpression]:
    """Yield what a tag is given."""
    arguments = [
        *getattr(node, "args", ()),
        *getattr(node, "kwargs", {}).values(),
    ]
    yield from (one for one in arguments if isinstance(one, FilterExpression))
