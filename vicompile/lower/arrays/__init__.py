"""Array functions over the Graph, by idea. What they are called in NumPy: `lower.functions`.

shaping: the same elements under another shape. moving: in another order. joining: several arrays as one. creation: from
sizes and numbers. reductions: along axes. products: sums of products. indexing: subscripts. taking: elements by place.
cumulative: running sums. elementwise: functions of single elements. special: those of SciPy. curves:
polynomials and interpolation.
"""

from .convert import astype, axis_of
from .creation import broadcast_to, full
from .indexing import Places, index
from .joining import concatenate, stack, stack_along
from .products import matmul
from .reductions import sum_
from .shaping import expand_dims, reshape, select, transpose

__all__ = [
    "Places",
    "astype",
    "axis_of",
    "broadcast_to",
    "concatenate",
    "expand_dims",
    "full",
    "index",
    "matmul",
    "reshape",
    "select",
    "stack",
    "stack_along",
    "sum_",
    "transpose",
]
