"""What is asked when sites are drawn or their densities wanted one by one: nothing but that all is there.

No kernel is made of it: the stages after this one are not run. The loss only says what is read.
"""

from __future__ import annotations

from typing import Any

from ..ir import ops
from ..ir.nodes import Node, Provenance
from ..lower import Trace
from .terms import Objective


def prediction(model: Trace, provenance: Provenance) -> Objective:
    """An objective whose loss reads what the sites and named values of the model are made of."""
    roots: list[Node] = [one.value for one in model.deterministics]
    total: Any = 0.0
    with provenance.active():
        for site in model.sites:
            law = site.distribution
            # What a mask hides of the data may be missing.
            roots.append(law.unmasked(site.value) if law is not None and site.observed else site.value)
            numbers = law.numbers().values() if law is not None else ()
            roots += [number for number in numbers if isinstance(number, Node)]
        for root in dict.fromkeys(roots):
            total = total + ops.total(ops.to_float(root))
    return Objective(ops.as_node(total), name="prediction", draws_may_index=True)
