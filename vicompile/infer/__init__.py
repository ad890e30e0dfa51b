"""Public inference: `SVI` in Pyro's and in NumPyro's way, objectives, `elbo`, and log densities of models."""

from __future__ import annotations

    "elbo_trace",
