"""Hand-written numba fits: the limits that a compiler is judged against.

Every module here imports numba, so nothing outside may import them before a limit is asked for: the start-up times of
the other programs would pay for it. Each fit is one machine-code call: random numbers, the ELBO estimate with its loss,
gradients written by hand, and Adam.
"""
