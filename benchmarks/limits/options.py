"""The numba options shared by all hand-written kernels."""

from __future__ import annotations

import os

import numba

# Magic-number rounding must not be reassociated, so the helpers allow contraction only.
EXACT_ORDER = {"contract", "nsz"}
# Sums over rows may be split over lanes; NaN and infinity keep their meaning.
FREE_ORDER = {"contract", "nsz", "reassoc", "arcp"}

inline_helper = numba.njit(forceinline=True, error_model="numpy", fastmath=EXACT_ORDER)
inline_loop = numba.njit(forceinline=True, error_model="numpy", fastmath=FREE_ORDER)
# numba does not notice that a helper in another file has changed, so only a cache made for one run is trusted.
CACHE_OF_THIS_RUN = "NUMBA_CACHE_DIR" in os.environ
whole_fit = numba.njit(cache=CACHE_OF_THIS_RUN, error_model="numpy", fastmath=FREE_ORDER, boundscheck=False)
