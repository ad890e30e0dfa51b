"""Run time of stochastic variational inference: the native loop, the optimizers, the noise plan, states and progress."""
