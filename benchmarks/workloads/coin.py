"""A coin of unknown fairness: Beta(10, 10) prior, Beta guide from Beta(15, 15), six heads in ten flips."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

PRIOR = 10.0
START = 15.0
FEW_FLIPS = 1000  # up to here, reading every flip costs nothing that could be seen
ADAM = AdamSettings(5e-4)


def make_data(flips: int) -> Data:
    """0/1 flips as float64 of shape (flips,): 60 % heads, in a shuffled order."""
    data = (np.arange(flips) < 0.6 * flips).astype(np.float64)
    return (np.random.default_rng(20).permutation(data),)


def vicompile_program() -> Program:
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    @vc.model
    def model(data):  # type: ignore[no-untyped-def]
        fairness = vc.sample("fairness", dist.Beta(10.0, 10.0))
        with vc.plate("flips", len(data)):
            vc.sample("obs", dist.Bernoulli(fairness), obs=data)

    @vc.guide
    def guide(data):  # type: ignore[no-untyped-def]
        alpha = vc.param("alpha", 15.0, constraint=constraints.positive)
        beta = vc.param("beta", 15.0, constraint=constraints.positive)
        vc.sample("fairness", dist.Beta(alpha, beta))

    return model, guide


def numpyro_program() -> Program:
    import numpyro
    import numpyro.distributions as dist

    def model(data: Any) -> None:
        fairness = numpyro.sample("fairness", dist.Beta(PRIOR, PRIOR))
        with numpyro.plate("flips", data.shape[0]):
            numpyro.sample("obs", dist.Bernoulli(fairness), obs=data)

    def guide(data: Any) -> None:
        alpha = numpyro.param("alpha", START, constraint=dist.constraints.positive)
        beta = numpyro.param("beta", START, constraint=dist.constraints.positive)
        numpyro.sample("fairness", dist.Beta(alpha, beta))

    return model, guide


def pyro_program() -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(data: Any) -> None:
        fairness = pyro.sample("fairness", dist.Beta(torch.tensor(PRIOR), torch.tensor(PRIOR)))
        with pyro.plate("flips", data.shape[0]):
            pyro.sample("obs", dist.Bernoulli(fairness), obs=data)

    def guide(data: Any) -> None:
        alpha = pyro.param("alpha", torch.tensor(START), constraint=dist.constraints.positive)
        beta = pyro.param("beta", torch.tensor(START), constraint=dist.constraints.positive)
        pyro.sample("fairness", dist.Beta(alpha, beta))

    return model, guide


def by_hand(kernel: str, data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run one of the kernels of `limits.coin`; ArithmeticError where a concentration left its range."""
    from benchmarks.limits import coin as kernels

    status, alpha, beta, losses = getattr(kernels, kernel)(
        *data, steps, seed, np.array([START, START]), ADAM.as_array()
    )
    if status != 0:
        raise ArithmeticError("the hand-written coin fit left the range of its Gamma gradient (8 to 1e7)")
    return {"alpha": np.asarray(alpha), "beta": np.asarray(beta)}, losses


SUMS_KEPT = Limit("limit, sums kept", partial(by_hand, "fit_with_sums"))
ONE_PASS = Limit("limit, one pass", partial(by_hand, "fit_with_one_pass"))


def elbo(parameters: Parameters, data: Data) -> float:
    """E_q[log p(flips, f) - log q(f)] for q = Beta(alpha, beta), in closed form."""
    from scipy.special import betaln, digamma

    (flips,) = data
    a, b = float(parameters["alpha"]), float(parameters["beta"])
    log_heads, log_tails = digamma(a) - digamma(a + b), digamma(b) - digamma(a + b)
    heads = float(flips.sum())
    tails = flips.size - heads
    from_data = heads * log_heads + tails * log_tails
    to_prior = (PRIOR - a) * log_heads + (PRIOR - b) * log_tails - betaln(PRIOR, PRIOR) + betaln(a, b)
    return float(from_data + to_prior)


def coin_workload(name: str, flips: int, first_steps: int, agreement_steps: int) -> Workload:
    """The coin with the given number of flips."""
    return Workload(
        name=name,
        title=f"coin, N={flips:,}: Beta(10, 10) prior, Beta guide from (15, 15), Adam 5e-4",
        make_data=partial(make_data, flips),
        adam=ADAM,
        particles=1,
        programs={"vicompile": vicompile_program, "numpyro": numpyro_program, "pyro": pyro_program},
        limits=(SUMS_KEPT, ONE_PASS) if flips > FEW_FLIPS else (SUMS_KEPT,),
        elbo=elbo,
        first_steps=first_steps,
        agreement_steps=agreement_steps,
    )
