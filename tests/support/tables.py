"""Columns and tables as pandas has them, for tests that run without it."""

import numpy as np


class Series:
    """As a column of pandas, as far as it is looked at."""

    __module__ = "pandas"

    def __init__(self, values, dtype, missing=()):
        self.values, self.dtype, self.missing = values, dtype, missing

    def __len__(self):
        return len(self.values)

    def isna(self):
        return np.isin(np.arange(len(self)), self.missing)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


class DataFrame:
    """As a table of pandas, as far as it is looked at."""

    __module__ = "pandas"

    def __init__(self, **columns):
        self.held = columns
        self.columns = list(columns)

    def __len__(self):
        return 3

    def __getitem__(self, name):
        return self.held[name]

    def __array__(self, dtype=None, copy=None):
        return np.stack(list(self.held.values()), 1)
