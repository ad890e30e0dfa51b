"""What Pyro and NumPyro have for inference under names that do not exist here, and what to use instead."""

from __future__ import annotations

_COMPILED = "every objective is compiled"
_SUMMED = "discrete sites are summed out in the model, as `dist.MixtureSameFamily` does"
_SAMPLER = "there is no sampler here; `LogDensity` gives one the compiled log density and its gradient"
_PARTICLES = "there is no particle method here; use `SVI`, or `fit`"

ADVICE = {
    "JitTrace_ELBO": f"{_COMPILED}: use `Trace_ELBO`",
    "JitTraceMeanField_ELBO": f"{_COMPILED}: use `TraceMeanField_ELBO`",
    "JitTraceGraph_ELBO": "use `Trace_ELBO`; latent sites must have reparameterised draws",
    "JitTraceEnum_ELBO": f"{_SUMMED}; then use `Trace_ELBO`",
    "TraceGraph_ELBO": "use `Trace_ELBO`; latent sites must have reparameterised draws",
    "TraceEnum_ELBO": f"{_SUMMED}; then use `Trace_ELBO`",
    "TraceTMC_ELBO": f"{_SUMMED}; then use `Trace_ELBO`",
    "TraceTailAdaptive_ELBO": "use `RenyiELBO`",
    "ReweightedWakeSleep": "use `RenyiELBO`",
    "config_enumerate": _SUMMED,
    "infer_discrete": _SUMMED,
    "discrete": _SUMMED,
    "MCMC": _SAMPLER,
    "NUTS": _SAMPLER,
    "HMC": _SAMPLER,
    "SVGD": _PARTICLES,
    "SteinVI": _PARTICLES,
    "Importance": "a fit's draws are weighted by `sample(resample=True)`, and judged by `psis_diagnostic`",
    "EmpiricalMarginal": "draws are those of `sample` of a fit, or of `Predictive`",
    "TracePredictive": "use `Predictive`",
    "WeighedPredictive": "use `Predictive`",
    "SVIState": "it is called `FitState`",
    "initialize_model": "use `LogDensity`",
    "render_model": "it is in `vicompile.plots`",
}

AUTOGUIDES = {
    "AutoBNAFNormal": "use `AutoIAFNormal` or `AutoRealNVP`",
    "AutoNormalizingFlow": "use `AutoFlow`",
    "AutoNormalMessenger": "use `AutoNormal`",
    "AutoHierarchicalNormalMessenger": "use `AutoStructured`",
    "AutoRegressiveMessenger": "use `AutoStructured`",
    "AutoGaussian": "use `AutoMultivariateNormal` or `AutoStructured`",
    "AutoCallable": "append the function itself to an `AutoGuideList`",
    "AutoDiscreteParallel": _SUMMED,
    "AutoBatchedMultivariateNormal": "use `AutoMultivariateNormal` or `AutoStructured`",
    "AutoBatchedLowRankMultivariateNormal": "use `AutoLowRankMultivariateNormal`",
    "AutoSemiDAIS": "use `AutoDAIS`",
    "AutoSurrogateLikelihoodDAIS": "use `AutoDAIS`",
    "init_to_noisy_median": "use `init_to_median`",
    "init_to_generated": "`init_loc_fn` may be a function of a site",
}
