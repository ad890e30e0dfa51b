# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    θ = sample("θ", dist.Beta(2.0, 2.0)); λ = sample("λ", dist.Normal(θ, 1.0))


def guide():
    α = 2.0; sample("θ", dist.Beta(α, 2.0)); sample("λλ", dist.Normal(α, ββ))
