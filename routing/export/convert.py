"""Plans and projects as plain JSON values and back, strictly: nothing is guessed, rounded or dropped."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import GenericAlias
from typing import Any, cast

import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, make_mapping_structure_fn, override

from routing.errors import InvalidInput, Issue

__all__ = ["from_json_values", "to_json_values"]

MOST_FAULTS_SHOWN = 20


def to_json_values(value: object) -> Any:
    """A domain object as dicts, lists, strings and numbers: dates ISO, fractions ``7/2``, sets sorted."""
    return _converter().unstructure(value)


def from_json_values[T](value: object, kind: type[T], *, file: str, part: str) -> T:
    """The domain object that :func:`to_json_values` made into these values.

    Raises
    ------
    InvalidInput
        If a field is missing, unknown, or holds what it cannot hold; up to 20 faults with their places.
    """
    try:
        return _converter().structure(value, kind)
    except (cattrs.BaseValidationError, InvalidInput, ValueError) as error:
        faults = cattrs.transform_error(error, path=part, format_exception=_in_words)
        issues = [
            Issue(what=f"{fault}.".replace("..", "."), file=file, code="bad_plan_file")
            for fault in faults[:MOST_FAULTS_SHOWN]
        ]
        if len(faults) > MOST_FAULTS_SHOWN:
            more = f"{len(faults) - MOST_FAULTS_SHOWN} more faults."
            issues.append(Issue(what=more, file=file, code="bad_plan_file"))
        raise InvalidInput(issues) from None


@cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(int, _as_int)
    converter.register_structure_hook(float, _as_float)
    converter.register_structure_hook(bool, _as_bool)
    converter.register_structure_hook(str, _as_str)
    # Hooks go to subclasses too; without a hook of its own a text enumeration would be taken for a text.
    converter.register_structure_hook(StrEnum, _as_word)
    converter.register_unstructure_hook(int, int)
    converter.register_unstructure_hook(bool, bool)
    converter.register_unstructure_hook(float, float)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(_as_str(value, str)))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(Fraction, _as_fraction)
    converter.register_unstructure_hook(Fraction, str)

    @converter.register_unstructure_hook_factory(lambda kind: getattr(kind, "__origin__", None) is frozenset)
    def _(kind: Any) -> Any:
        (element,) = kind.__args__
        plain = converter.get_unstructure_hook(element)
        return lambda members: sorted(plain(member) for member in members)

    @converter.register_structure_hook_factory(lambda kind: getattr(kind, "__origin__", None) is Mapping)
    def _(kind: Any) -> Any:
        key, element = kind.__args__
        key = _Key if key is int else key
        plain: Any = GenericAlias(dict, (key, element))
        as_dict: Any = make_mapping_structure_fn(plain, converter, key_type=key, val_type=element)
        return lambda value, _: as_dict(_as_object(value), plain)

    @converter.register_structure_hook_factory(_is_collection)
    def _(kind: Any) -> Any:
        as_list: Any = converter.get_structure_hook(cast(Any, GenericAlias(list, (kind.__args__[0],))))
        return lambda value, _: kind.__origin__(as_list(_as_list(value), list))

    @converter.register_structure_hook_factory(is_dataclass)
    def _(kind: Any) -> Any:
        as_fields: Any = make_dict_structure_fn(kind, converter)
        return lambda value, _: as_fields(_as_object(value), kind)

    @converter.register_unstructure_hook_factory(_leaves_out)
    def _(kind: Any) -> Any:
        spare: Any = {
            f.name: override(omit_if_default=True) for f in fields(kind) if f.metadata.get("written_when_used")
        }
        return make_dict_unstructure_fn(kind, converter, **spare)

    converter.register_structure_hook(_Key, lambda value, _: int(_as_str(value, str)))
    return converter


def _is_collection(kind: Any) -> bool:
    origin = getattr(kind, "__origin__", None)
    return origin is frozenset or (origin is tuple and kind.__args__[-1] is Ellipsis)


def _leaves_out(kind: Any) -> bool:
    return is_dataclass(kind) and any(f.metadata.get("written_when_used") for f in fields(kind))


class _Key(int):
    """Stands for whole numbers that JSON writes as text because they are keys."""


def _in_words(error: BaseException, kind: type[Any] | None) -> str:
    if isinstance(error, InvalidInput):
        return str(error)
    if isinstance(error, KeyError):
        return f"field {error} is missing"
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        return f"unknown field {', '.join(sorted(map(repr, error.extra_fields)))}"
    return str(error) or type(error).__name__


def _as_int(value: object, _: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is not a whole number")


def _as_float(value: object, _: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"{value!r} is not a number")


def _as_bool(value: object, _: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is not true or false")


def _as_str(value: object, _: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{value!r} is not a text")


def _as_fraction(value: object, _: object) -> Fraction:
    try:
        return Fraction(_as_str(value, str))
    except ZeroDivisionError:
        raise ValueError(f"{value!r} divides by zero") from None


def _as_word(value: object, kind: type[StrEnum]) -> StrEnum:
    words = [str(member) for member in kind]
    if value in words:
        return kind(value)
    raise ValueError(f"{value!r} is none of {', '.join(words)}")


def _as_object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return cast(dict[str, Any], value)
    raise ValueError(f"{str(value)[:40]!r} is not an object")


def _as_list(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    raise ValueError(f"{str(value)[:40]!r} is not a list")
