"""The interpreter's log of the beta function, against many digits: the oracle must not lose what cancels."""

from __future__ import annotations

import mpmath as mp
import numpy as np

from vicompile.ir.special import log_beta


def test_log_beta_keeps_its_digits_where_one_argument_dwarfs_the_other() -> None:
    a, b = 10.0 ** np.random.default_rng(20261126).uniform(-8.0, 12.0, (2, 500))
    with mp.workdps(60):
        exact = [float(mp.log(mp.beta(mp.mpf(x), mp.mpf(y)))) for x, y in zip(a, b)]
    np.testing.assert_allclose(log_beta(a, b), exact, rtol=1e-14, atol=1e-14)
    np.testing.assert_array_equal(log_beta(b, a), log_beta(a, b))
