import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import RenyiELBO
from vicompile.infer.autoguide import AutoIAFNormal


def model():
    vc.sample("x", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(1.0, 1.0))


guide = AutoIAFNormal(model)
loss = RenyiELBO(num_particles=4, doubly_reparameterized=True)
