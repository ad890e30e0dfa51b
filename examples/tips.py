"""What helps a fit that does not get far: tips for optimisers, one after the other, on sparse counts.

As in Pyro's tutorial "SVI Part IV", on a small relative of its sparse gamma model: counts are sums of a few parts, most
of whose weights are nearly zero, and the guide has a gamma distribution for each weight. Gradients are wild where such
a distribution is broad, and its parameters have far to go. Every fit has the same number of steps.

What is seen here: the rate must be high enough for the way that there is, clipping helps a bad start, a narrow start
helps further, a rate that falls ends the wandering, and particles are worth most. Divergences in closed form gain
nothing here: near the optimum the noise of log p and that of log q cancel, and without log q that of log p is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO, TraceMeanField_ELBO, elbo
from vicompile.infer.autoguide import AutoNormal
from vicompile.optim import Adam, ClippedAdam, schedules

ROWS, COLUMNS, PARTS = 40, 15, 3
STEPS = 4000


def data() -> np.ndarray:
    """Counts that the model might have drawn: (rows, columns)."""
    rng = np.random.default_rng(3)
    weights = rng.gamma(0.3, 1.0 / 0.3, (PARTS, COLUMNS))
    amounts = rng.gamma(0.3, 1.0 / 0.1, (ROWS, PARTS))
    return rng.poisson(amounts @ weights).astype(float)


def model(counts):
    weights = vc.sample("weights", dist.Gamma(0.3, 0.3).expand([PARTS, COLUMNS]).to_event(2))
    amounts = vc.sample("amounts", dist.Gamma(0.3, 0.1).expand([ROWS, PARTS]).to_event(2))
    vc.sample("counts", dist.Poisson(amounts @ weights).to_event(2), obs=counts)


def guide(counts):
    """Gammas by shape and mean: a large shape is a narrow distribution."""
    positive = constraints.softplus_positive
    weight_shape = vc.param("weight_shape", np.full((PARTS, COLUMNS), 5.0), constraint=positive)
    weight_mean = vc.param("weight_mean", np.ones((PARTS, COLUMNS)), constraint=positive)
    amount_shape = vc.param("amount_shape", np.full((ROWS, PARTS), 5.0), constraint=positive)
    amount_mean = vc.param("amount_mean", np.ones((ROWS, PARTS)), constraint=positive)
    vc.sample("weights", dist.Gamma(weight_shape, weight_shape / weight_mean).to_event(2))
    vc.sample("amounts", dist.Gamma(amount_shape, amount_shape / amount_mean).to_event(2))


BROAD = {"weight_shape": np.full((PARTS, COLUMNS), 0.3), "amount_shape": np.full((ROWS, PARTS), 0.3)}
FALLING = schedules.cosine_decay(0.2, STEPS)

# Each has what the one before has, and one thing more.
TIPS = {
    "Adam as it is, broad start": (guide, Adam(), Trace_ELBO(), BROAD),
    "a higher rate": (guide, Adam(0.2), Trace_ELBO(), BROAD),
    "clipped gradients": (guide, ClippedAdam(0.2), Trace_ELBO(), BROAD),
    "a narrow start": (guide, ClippedAdam(0.2), Trace_ELBO(), None),
    "a rate that falls": (guide, ClippedAdam(FALLING), Trace_ELBO(), None),
    "8 particles": (guide, ClippedAdam(FALLING), Trace_ELBO(num_particles=8), None),
    "divergences in closed form": (guide, ClippedAdam(FALLING), TraceMeanField_ELBO(num_particles=8), None),
    "instead: an automatic guide": (AutoNormal(model), ClippedAdam(FALLING), Trace_ELBO(num_particles=8), None),
}


def main(argv: Sequence[str] | None = None) -> dict[str, float]:
    """Fit in all ways, print how far each came, and return the ELBOs."""
    counts, found = data(), {}
    print(f"{'':30}{'ELBO':>10}{'spread of the last losses':>28}")
    for tip, (chosen, optimizer, loss, start) in TIPS.items():
        svi = SVI(model, chosen, optimizer, loss=loss)
        result = svi.run(STEPS, counts, seed=0, progress_bar=False, init_params=start)
        # The losses of a fit are those of parameters that move; fresh draws judge where it ended.
        found[tip] = -elbo(result.params, model, chosen, (counts,), num_particles=1000)
        print(f"{tip:30}{found[tip]:>10.1f}{np.std(result.losses[-500:]):>28.1f}")
    return found


if __name__ == "__main__":
    main()
