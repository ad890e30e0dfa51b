"""Small functions with statements. Each is lowered and interpreted, and run by Python itself: both must agree."""

import numpy as np

RNG = np.random.default_rng(7)
X = RNG.normal(size=(5, 3))
Y = RNG.normal(size=5)
W = RNG.normal(size=3)
P = RNG.uniform(0.2, 0.8, size=5)
SCALE = 1.5

SNIPPETS = []


def snippet(*args, **kwargs):
    """Register a function with its arguments."""

    def register(function):
        SNIPPETS.append((function, args, kwargs))
        return function

    return register


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


@snippet(X, 2, 1, -1)
def whole_arguments_as_numbers(x, n, k, axis):
    return np.roll(x, n, axis=axis) + np.flip(x, k) + np.sum(x[::n], axis=axis, keepdims=True)[:1] + np.eye(5, 3, k)


COUNTS = np.array([2, 0, 1, 3, 1])
CODES = np.array([4, 4, 7, -2, 7])


@snippet(Y, P > 0.5, COUNTS)
@snippet(Y, P > 0.0, COUNTS)
@snippet(Y, P > 1.0, COUNTS)
def by_conditions(y, keep, counts):
    some = y[keep]
    both = y[keep & (y > 0.0)]
    places = np.nonzero(keep)
    (same,) = np.where(keep)
    return some, both, places[0], same, np.flatnonzero(counts), np.sum(keep) + len(both), keep.sum() / 2.0


@snippet(X, X[:, 0] > 0.0, np.array([True, False, True]))
def by_conditions_along_axes(x, rows, columns):
    flat = x[x > 0.1]
    mean = 1.0 + np.mean(x, axis=1)
    return (
        x[rows], x[rows, :], x[:, columns], x[rows][:, columns], x[rows, 1], x[rows, 1:], x[None, rows], x[~rows],
        flat, mean[rows], mean[1:][rows[1:]], np.argwhere(x > 0.1), np.nonzero(x > 0.1)[1],
        np.count_nonzero(x > 0.1), x[rows][1:, ::2],
    )  # fmt: skip


@snippet(Y, CODES, COUNTS)
def found_in_data(y, codes, counts):
    values, first, inverse, how_often = np.unique(codes, True, True, True)
    return (
        np.unique(y > 0.0), values, first, inverse, how_often, values[inverse], np.unique(y, return_counts=True)[1],
        np.repeat(y, counts), np.repeat(np.exp(y), counts), y.repeat(counts), np.repeat(y, [1, 2, 0, 0, 1]),
        np.sort(y), np.argsort(codes), y[np.argsort(y)], codes.argsort(), np.median(y), np.bincount(counts),
        np.digitize(y, [-1.0, 0.0, 1.0]), np.digitize(y, np.sort(y)[::-1], right=True), np.digitize(counts, counts[:2]),
    )  # fmt: skip


@snippet(X)
def found_along_axes(x):
    return np.sort(x, axis=0), np.sort(x, axis=None), np.argsort(x), np.repeat(x, [2, 0, 1], axis=1), np.median(x)


@snippet(X)
@snippet(X.T)
@snippet(X[:1])
def diagonals_of_any_shape(x):
    return np.diagonal(x), np.diag(x, 1), np.diagonal(x, -2), np.trace(x), np.trace(x, 1), np.diagonal(x, 4)
