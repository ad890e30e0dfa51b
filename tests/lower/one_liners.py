"""One-line functions of the language. Each is lowered and interpreted, and run by Python itself: both must agree."""

import math

import numpy as np

RNG = np.random.default_rng(7)
X = RNG.normal(size=(5, 3))
Y = RNG.normal(size=5)
W = RNG.normal(size=3)
P = RNG.uniform(0.2, 0.8, size=5)
GROUP = np.array([0, 2, 1, 1, 0])
TABLE = RNG.normal(size=(3, 4))
SCALE = 1.5
COUNT = 3
GRID = np.linspace(0.0, 1.0, 5)

EXPRESSIONS = []


def expression(source, **arguments):
    """Register several one-line functions of the same arguments."""
    for line in source.strip().splitlines():
        EXPRESSIONS.append((line.strip(), arguments))


# -- subscripts --------------------------------------------------------------------------------------------------------

expression(
    """
    x[0]
    x[-1]
    x[1, 2]
    x[-2, -1]
    x[:, 0]
    x[:, -1]
    x[1:]
    x[:-1]
    x[1:3]
    x[-3:]
    x[-3:-1]
    x[:, 1:]
    x[1:, :2]
    x[...]
    x[..., 0]
    x[0, ...]
    x[:, None]
    x[None]
    x[:, None, 1]
    x[:]
    x[2:2]
    """,
    x=X,
)
expression(
    """
    w[g]
    x[g]
    t[g, 1]
    t[g][:, 1:]
    t[g, h]
    t[:, g]
    t[g[:, None], h[None, :]]
    w[[0, 2]]
    t[[0, 1], [1, 2]]
    w[g] * g
    w[g + 0] + w[2 - g]
    """,
    w=W,
    g=GROUP,
    h=np.array([1, 0, 2, 2, 1]),
    t=TABLE[:, :3],
    x=X,
)

# -- arithmetic --------------------------------------------------------------------------------------------------------

expression(
    """
    y + 1
    1 - y
    2.0 * y
    y / 2
    1 / (y + 10.0)
    y ** 2
    y ** 0
    (y * y) ** 1.5
    2.0 ** y
    -y
    +y
    y * g
    g * g
    g / 2
    g - 1
    y + x[:, 0]
    y[:, None] * x
    y > 0
    (y > 0) & (g > 1)
    (y > 0) | ~(g > 1)
    g == 1
    g != 1
    (y > 0) + (g > 0)
    (y > 0) * y
    x @ w
    x @ x.T
    x.T @ y
    y @ x
    w @ w
    x @ [1.0, 2.0, 3.0]
    y + [1.0, 2.0, 3.0, 4.0, 5.0]
    y[0] < y[1] and g[0] < g[1]
    y[0] < 100.0 < 200.0 + y[1]
    """,
    y=Y,
    g=GROUP,
    x=X,
    w=W,
)

# -- functions ---------------------------------------------------------------------------------------------------------

expression(
    """
    np.exp(y)
    np.log(p)
    np.log1p(p)
    np.expm1(y)
    np.sqrt(p)
    np.tanh(y)
    np.sin(y)
    np.cos(y)
    np.tan(y)
    np.arctan(y)
    np.sign(y)
    np.floor(y)
    np.abs(y)
    np.absolute(y)
    np.negative(y)
    np.square(y)
    np.reciprocal(p)
    np.cosh(y)
    np.sinh(y)
    np.arcsin(y / 9.0)
    np.arccos(y / 9.0)
    np.arctan2(y, p)
    np.arcsinh(y)
    np.arccosh(1.0 + p)
    np.arctanh(y / 9.0)
    np.cbrt(y)
    np.hypot(y, p)
    np.exp2(y)
    np.i0(y)
    np.deg2rad(y)
    np.rad2deg(y)
    np.log2(p)
    np.log10(p)
    np.minimum(y, p)
    np.maximum(y, 0.0)
    np.power(p, y)
    np.add(y, p)
    np.subtract(y, p)
    np.multiply(y, p)
    np.divide(y, p)
    np.less(y, p)
    np.less_equal(y, p)
    np.greater(y, p)
    np.greater_equal(y, p)
    np.equal(y, y)
    np.not_equal(y, p)
    np.logical_and(y > 0, p > 0.5)
    np.logical_or(y > 0, p > 0.5)
    np.logical_not(y > 0)
    np.where(y > 0, y, 0.0)
    np.where(y > 0, 1, 2)
    np.clip(y, -0.5, 0.5)
    np.logaddexp(y, p)
    np.outer(y, p)
    np.dot(y, p)
    np.matmul(y, p)
    np.float64(y[0])
    math.exp(y[0])
    math.log(p[0])
    math.log1p(p[0])
    math.sqrt(p[0])
    math.lgamma(p[0])
    math.erf(y[0])
    math.fabs(y[0])
    math.atan(y[0])
    math.atan2(y[0], p[0])
    math.erfc(y[0])
    math.asinh(y[0])
    math.acosh(1.0 + p[0])
    math.cbrt(y[0])
    math.pow(p[0], 2.0)
    math.floor(y[0])
    abs(y)
    float(y[0])
    int(10.0 * y[0])
    pow(p, 2)
    sum(y)
    sum([y, p, 1.0])
    max(y[0], p[0])
    min(y[0], p[0], -3.0)
    max([y[0], p[0]])
    """,
    y=Y,
    p=P,
)
expression(
    """
    np.sum(x)
    np.sum(x, axis=0)
    np.sum(x, axis=1)
    np.sum(x, 1)
    np.sum(x, axis=-1, keepdims=True)
    np.sum(x, axis=(0, 1))
    np.sum(x > 0)
    np.mean(x)
    np.mean(x, axis=0)
    np.mean(x, axis=-1, keepdims=True)
    np.var(x)
    np.var(x, axis=1)
    np.std(x, axis=0)
    np.prod(x, axis=1) if x.shape[1] == 3 else 0.0
    np.transpose(x)
    np.expand_dims(x, 0)
    np.expand_dims(x, -1)
    np.squeeze(x[:, 1:2])
    np.squeeze(x[:, 1:2], axis=1)
    np.zeros_like(x)
    np.ones_like(x)
    np.full_like(x, 2.5)
    np.zeros(len(x))
    np.zeros((len(x), 2))
    np.ones(x.shape)
    np.full(x.shape[0], 3.5)
    np.full((2, len(x)), fill_value=1.5)
    np.broadcast_to(x[0], x.shape)
    np.arange(len(x))
    np.arange(1, len(x))
    np.arange(4)
    np.arange(0.0, 1.0, 0.25) * 2.0
    np.ndim(x)
    np.shape(x)
    np.size(x)
    np.stack([x[0], x[1]])
    np.stack([x[:, 0], x[:, 1]], axis=1)
    np.concatenate([x[:, 0], x[:, 1]])
    np.concatenate([x, x[:2]], axis=0)
    np.array([x[0, 0], 1.0, x[1, 1]])
    np.array([[x[0, 0], 1.0], [2.0, x[1, 1]]])
    np.array([1.0, 2.0])
    np.array(x)
    np.asarray(x)
    x.sum()
    x.sum(axis=0)
    x.mean(1)
    x.var()
    x.std()
    x.T
    x.transpose()
    x.shape
    x.ndim
    x.size
    x.dot(x[0])
    x.clip(-0.1, 0.1)
    x.copy()
    x.astype(float)
    (3.0 * x).astype(int)
    (x > 0).astype(float)
    x.astype(bool)
    len(x)
    len(x) + 1
    x.shape[0] * x.shape[1]
    len(x) ** 2
    x / len(x)
    x * len(x)
    len(x) / 2
    len(x) // 2
    len(x) % 2
    len(x) > 3
    -len(x)
    [0.5] * len(x)
    (x > 0).sum()
    """,
    x=X,
)

# -- plain values ------------------------------------------------------------------------------------------------------

expression(
    """
    x * n
    x[:n]
    x[n:]
    x[n]
    np.zeros(n)
    n + 1
    n * 2.5
    n if n > 3 else -n
    n == 2
    n != 2
    n > 1.5
    n is None
    n in (1, 2)
    n not in (1, 2)
    {1: "one", 2: "two"}[n]
    min(n, 3)
    float(n)
    int(n)
    range(n)[0]
    f"{n}"
    list(range(n))
    [k * x[0] for k in range(n)]
    [(k, v) for k, v in enumerate(["a", "b"])]
    [(k, v) for k, v in enumerate(["a", "b"], 5)]
    list(zip([1, 2], ["a", "b"]))
    list(reversed([1, 2]))
    [0.0] * n
    "ab" * n
    "a-b".split("-")
    "a" + "b"
    "%d-%s" % (n, "z")
    "{}-{}".format(n, 2)
    "{name}".format(name="z")
    isinstance(n, int)
    np.linspace(0.0, 1.0, 5).sum()
    np.linspace(0.0, 1.0, 5) * x
    np.pi * x
    SCALE * x
    COUNT * x
    GRID * x
    GRID[1:3]
    not n
    n and x
    None or x
    (1, 2) + (3,)
    sorted([3, 1, 2])
    """,
    x=Y,
    n=2,
)

NAMESPACE = {"np": np, "math": math, "SCALE": SCALE, "COUNT": COUNT, "GRID": GRID}
