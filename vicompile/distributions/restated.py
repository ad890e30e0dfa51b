"""Families that are another law in other parameters."""

from __future__ import annotations

from typing import Any, ClassVar

from .base import Distribution
from .noise import Noise


class Restated(Distribution, abstract=True):
    """What a family has of the law in whose parameters `_restated` gives its own.

    law: the class with the closed forms. A subclass also has the static function `_restated`: from its parameters to
    those of the law, in their order.
    """

    law: ClassVar[Any]
    _restated: ClassVar[Any]

    @classmethod
    def log_density(cls, x: Any, *args: Any, **params: Any) -> Any:
        return cls.law.log_density(x, *cls._restated(*args, **params))

    @classmethod
    def draw(cls, noise: Noise, *args: Any, **params: Any) -> Any:
        return cls.law.draw(noise, *cls._restated(*args, **params))

    @classmethod
    def _mean(cls, *args: Any, **params: Any) -> Any:
        return cls.law._mean(*cls._restated(*args, **params))

    @classmethod
    def _variance(cls, *args: Any, **params: Any) -> Any:
        return cls.law._variance(*cls._restated(*args, **params))

    @classmethod
    def _cdf(cls, x: Any, *args: Any, **params: Any) -> Any:
        return cls.law._cdf(x, *cls._restated(*args, **params))

    @classmethod
    def _icdf(cls, p: Any, *args: Any, **params: Any) -> Any:
        return cls.law._icdf(p, *cls._restated(*args, **params))

    @classmethod
    def _entropy(cls, *args: Any, **params: Any) -> Any:
        return cls.law._entropy(*cls._restated(*args, **params))
