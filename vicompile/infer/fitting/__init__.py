"""A fit without tuning: the Gaussian closest to the posterior, by quasi-Newton steps on the native log density."""
