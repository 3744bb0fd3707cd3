"""Calls that belong to one container."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

Calls = TypeVar("Calls")
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class BoundCalls(Generic[Calls]):
    """Calls whose first argument is always the same."""

    def __init__(self, calls: Calls, id: str) -> None:
        self._calls = calls
        self.id = id
        """Twelve digits, which stay the same if the container is renamed."""


def bind(
    method: Callable[Concatenate[Calls, str, Parameters], Result],
) -> Callable[Concatenate[BoundCalls[Calls], Parameters], Result]:
    """Returns a method that calls another one with the id as its first argument."""

    @wraps(method)
    def bound(self: BoundCalls[Calls], /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        return method(self._calls, self.id, *args, **kwargs)

    return bound
