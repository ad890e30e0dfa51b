"""Run time of stochastic variational inference: native loop, optimizers, noise plan, states and progress."""
