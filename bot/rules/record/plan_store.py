"""Where a plan keeps what grows with its file and with the record: in memory, or wherever its caller has room."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Rows(Protocol[T]):
    """In the order in which they were added. Read from the first to the last, as often as somebody asks."""

    def append(self, one: T, /) -> None: ...

    def __iter__(self) -> Iterator[T]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, which: slice, /) -> Sequence[T]: ...


class Numbered(Protocol[T]):
    """By number, in the order in which they were added."""

    def __setitem__(self, number: int, one: T, /) -> None: ...

    def __getitem__(self, number: int, /) -> T: ...

    def __contains__(self, number: object, /) -> bool: ...

    def get(self, number: int, /) -> T | None: ...

    def values(self) -> Iterable[T]: ...


class Texts(Protocol):
    """Numbers by text."""

    def add(self, text: str, number: int) -> None: ...

    def __getitem__(self, text: str) -> list[int]:
        """Those that were added first come first; none of a text that was not."""
        ...


class PlanStore(Protocol):
    """A new and empty one of each kind."""

    def rows(self, pack: Callable[[T], Any], unpack: Callable[[Any], T]) -> Rows[T]:
        """`pack` makes of a row what can be put away, and `unpack` the row again."""
        ...

    def numbered(self) -> Numbered[Any]: ...

    def texts(self) -> Texts: ...


class Index:
    """Numbers by text, in memory. Most texts have one number, which costs no list."""

    def __init__(self) -> None:
        self._one: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}

    def add(self, text: str, number: int) -> None:
        if self._one.setdefault(text, number) != number:
            self._more.setdefault(text, []).append(number)

    def __getitem__(self, text: str) -> list[int]:
        return [self._one[text], *self._more.get(text, ())] if text in self._one else []


class InMemory:
    def rows(self, pack: Callable[[T], Any], unpack: Callable[[Any], T]) -> Rows[T]:  # noqa: ARG002
        return list[T]()

    def numbered(self) -> Numbered[Any]:
        return dict[int, Any]()

    def texts(self) -> Texts:
        return Index()


IN_MEMORY = InMemory()


def as_it_is(one: T) -> T:
    """For rows that can be put away as they are."""
    return one
