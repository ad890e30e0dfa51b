"""Small functions of the language. Each is lowered and interpreted, and run by Python itself: both must agree."""

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

SNIPPETS = []


def snippet(*args, **kwargs):
    """Register a function with its arguments."""

    def register(function):
        SNIPPETS.append((function, args, kwargs))
        return function

    return register


def expression(source, **arguments):
    """Register several one-line functions of the same arguments."""
    for line in source.strip().splitlines():
        EXPRESSIONS.append((line.strip(), arguments))


EXPRESSIONS = []

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


# -- statements --------------------------------------------------------------------------------------------------------


@snippet(Y)
def augmented_assignment(y):
    total = 0.0
    total += y
    total *= 2.0
    return total


@snippet(X)
def unpacking(x):
    rows, columns = x.shape
    (a, b), c = (rows, columns), 1
    first, second, third = x[0]
    return a, b, c, first - second + third


@snippet(Y, True)
@snippet(Y, False)
def static_if(y, flag):
    if flag:
        result = y
    elif y is None:
        result = 0.0
    else:
        result = -y
    return result


@snippet(Y, "wide")
@snippet(Y, "narrow")
def early_return(y, kind):
    if kind == "wide":
        return 2.0 * y
    y = y + 1.0
    return y


@snippet(Y, 4)
def unrolled_loop(y, n):
    total = 0.0
    for k in range(n):
        total = total + k * y
    return total


@snippet(Y, 4)
def loop_with_start(y, n):
    total = 0.0
    for k in range(1, n):
        total = total + k * y
    return total


@snippet(Y, 5)
def loop_with_step(y, n):
    total = 0.0
    for k in range(0, n, 2):
        total = total + k * y
    return total


@snippet(Y)
def appended(y):
    parts = []
    for power in (1, 2, 3):
        parts.append(y**power)
    return sum(parts)


@snippet(Y)
def local_function(y):
    def scaled(v, by=2.0, *, shift=0.0):
        result = by * v
        return result + shift

    return scaled(y) + scaled(y, 3.0, shift=1.0) + scaled(by=0.5, v=y)


@snippet(Y)
def lambda_sees_later_values(y):
    scale = 1.0
    bend = lambda v: v * scale  # noqa: E731
    scale = 3.0
    return bend(y)


@snippet(Y)
def lambdas_of_a_comprehension(y):
    k = 100
    bends = [lambda v: v * k for k in range(3)]  # noqa: B023
    return bends[0](y) + k


@snippet(Y)
def local_name_shadows(y):
    a = y

    def inner(v):
        a = 2.0 * v
        return a

    b = inner(a)
    return a + b


@snippet(Y)
def function_as_value(y):
    def twice(f, v):
        return f(f(v))

    return twice(lambda v: v + SCALE, y)


def _helper(v, scale=SCALE):
    if scale > 1.0 if isinstance(scale, str) else scale is None:
        return v
    return v * scale + SCALE


def _twice(f, v):
    return f(f(v))


@snippet(Y)
def helpers(y):
    return _twice(_helper, y) + _twice(lambda v: v * SCALE, y)


@snippet({"y": Y, "n": 3, "deep": {"w": (W, 2.0)}})
def dictionaries(data):
    w, factor = data["deep"]["w"]
    total = 0.0
    for key, value in {"a": 1.0, "b": 2.0}.items():
        if key in data:
            total = total + 100.0
        total = total + value
    return data["y"] * data["n"] + w[0] * factor + total + len(data) + data.get("missing", 7.0)


@snippet([Y, P], ("a", "b"))
def lists_and_texts(arrays, names):
    total = 0.0
    for k, name in enumerate(names):
        if name == "b":
            total = total + arrays[k]
    return total + arrays[-1] + len(arrays)


@snippet(Y, P)
def zipped_static(y, p):
    total = 0.0
    for name, value in zip(("a", "b"), (y, p)):
        total = total + (value if name == "a" else 2.0 * value)
    return total


@snippet(["a", "b", "c", "d", "e"], Y)
def zipped_with_data(names, y):
    total = 0.0
    for name, value in zip(names, y):
        if name != "c":
            total = total + value
    return total


@snippet(Y, None)
@snippet(Y, 2.0)
def optional(y, shift=None):
    return y if shift is None else y + shift


@snippet(Y)
def conditional_chain(y):
    flag, other = True, ""
    return (y if flag and not other else -y) if flag or other else 0.0


@snippet(Y, 3)
def while_like(y, n):
    values = [y]
    for _ in range(n):
        values.append(values[-1] * 0.5)
    return values[-1], len(values)


@snippet(X)
def rows_of_fixed_count(x):
    total = 0.0
    if x.shape[1] == 3:
        for column in x.T:
            total = total + column
    return total


@snippet(Y, 2)
def nested_helpers(y, n):
    def outer(v):
        def inner(u):
            return u * n + v

        return inner(v)

    return outer(y)


NAMESPACE = {"np": np, "math": math, "SCALE": SCALE, "COUNT": COUNT, "GRID": GRID}
