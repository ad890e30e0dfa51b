"""The numba options shared by all hand-written kernels."""

from __future__ import annotations

import numba

# Magic-number rounding must not be reassociated, so the helpers allow contraction only.
EXACT_ORDER = {"contract", "nsz"}
# Sums over rows may be split over lanes; NaN and infinity keep their meaning.
FREE_ORDER = {"contract", "nsz", "reassoc", "arcp"}

inline_helper = numba.njit(forceinline=True, error_model="numpy", fastmath=EXACT_ORDER)
inline_loop = numba.njit(forceinline=True, error_model="numpy", fastmath=FREE_ORDER)
whole_fit = numba.njit(cache=True, error_model="numpy", fastmath=FREE_ORDER, boundscheck=False)
