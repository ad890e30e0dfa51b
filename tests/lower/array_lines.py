"""One-line array functions. Each goes through all stages, and its value, its kernel and its gradient are checked.

a (4, 3), b (4, 3), s (4, 4), t (2, 3, 4) and v (4,), u (3,) are floats that get a gradient; k (4,) and m (2, 5) whole
numbers; c (4, 3) conditions; n a whole number. Values are far from ties, halves and zero.
"""

import numpy as np

RNG = np.random.default_rng(11)


def _apart(*shape):
    """Numbers of both signs that differ from each other, and from multiples of a half, by at least 0.02."""
    count = int(np.prod(shape))
    return (RNG.permutation(count) - count // 2 + 0.27 + 0.1 * RNG.uniform(size=count)).reshape(shape) * 0.31


ARGUMENTS = {
    "a": _apart(4, 3), "b": _apart(4, 3), "s": _apart(4, 4), "t": 0.3 * _apart(2, 3, 4), "v": _apart(4),
    "u": _apart(3), "k": np.array([3, 0, 2, 0]), "m": RNG.integers(-7, 8, size=(2, 5)),
    "c": RNG.normal(size=(4, 3)) > 0.2,
}  # fmt: skip

SHAPING = """
np.reshape(a, (3, 4))
np.reshape(a, 12)
np.reshape(a, -1)
a.reshape(2, 6)
a.reshape((2, -1, 3))
a.reshape(-1, 2)
a.reshape(len(a), -1)
a.reshape(a.shape[1], a.shape[0])
t.reshape(6, 4)
t.reshape(2, 12)
t.reshape(2, 1, 3, 4)
t.reshape(-1)
t.reshape(4, 3, 2)
v.reshape(2, 2)
v.reshape(-1, 1)
v.reshape(1, -1)
v[:1].reshape(())
np.ravel(a)
a.flatten()
a.ravel()
np.transpose(t)
np.transpose(t, (1, 0, 2))
np.transpose(t, axes=(-1, 0, 1))
t.transpose(2, 0, 1)
t.transpose((0, 2, 1))
t.T
t.mT
np.matrix_transpose(t)
np.swapaxes(t, 0, -1)
t.swapaxes(1, 2)
np.moveaxis(t, 0, -1)
np.moveaxis(t, (0, 1), (-1, 0))
np.expand_dims(a, 1)
np.expand_dims(a, (0, 3))
np.expand_dims(a, -1)
np.squeeze(a[:, None])
np.squeeze(a[None, :, None], axis=(0, 2))
a[None].squeeze(0)
np.atleast_1d(v[0])
np.atleast_1d(v)
np.atleast_2d(v)
np.flip(a)
np.flip(a, 0)
np.flip(a, axis=(-1,))
np.roll(v, 1)
np.roll(v, -6)
np.roll(a, 2)
np.roll(a, 1, axis=1)
np.roll(a, (1, 2), axis=(0, 1))
np.repeat(v, 3)
np.repeat(a, 2)
np.repeat(a, 2, axis=1)
v.repeat(len(u))
np.tile(v, 2)
np.tile(a, (2, 1))
np.tile(a, (2, 1, 3))
np.tile(v, (2, 2))
np.broadcast_to(u, (len(a), 3))
""".strip().splitlines()

JOINING = """
np.stack([a, b])
np.stack([a, b], axis=1)
np.stack((v, 2.0 * v), axis=-1)
np.stack([k, k + 1])
np.concatenate([a, b])
np.concatenate([a, b], axis=-1)
np.concatenate([a, b[:2]], axis=0)
np.concatenate((a, b), axis=None)
np.concatenate([k, k])
np.hstack([v, u])
np.dstack([a, b])
np.dstack([v, v])
np.dstack([t, t])[1]
np.array_split(v, 3)[0]
np.array_split(v, 3)[2]
np.array_split(a, 3)[1]
np.array_split(v[:1], 3)[1]
np.array_split(a, [1], axis=1)[1]
np.hsplit(v, 2)[1]
np.hsplit(a, 3)[1]
np.vsplit(a, 2)[1]
np.dsplit(t, 2)[1]
np.hstack([a, b])
np.vstack([v, v])
np.vstack([a, b])
np.column_stack([v, k])
np.column_stack([v, a])
np.append(v, 2.5)
np.append(v, [1.0, 2.0])
np.append(a, b, axis=0)
np.append(a, v)
np.split(v, 2)[1]
np.split(a, 3, axis=1)[2]
np.split(v, [1, 3])[1]
np.split(v, [1])[0]
np.split(t, [1, 2], axis=1)[2]
np.array([[v[0], 1.0], [2.0, v[1]]])
np.diff(v)
np.diff(a)
np.diff(a, axis=0)
np.diff(v, n=2)
np.diff(v, prepend=0.5)
np.diff(v, prepend=[1.0, 2.0], append=3.0)
np.diff(k)
""".strip().splitlines()

REDUCTIONS = """
np.sum(t, axis=(0, 2))
t.sum(axis=(-1, 0), keepdims=True)
np.mean(t, axis=(0, -1))
np.mean(m, 1)
np.var(a, axis=0, ddof=1)
a.var(ddof=1)
np.std(a, axis=1, keepdims=True)
np.std(t, axis=(1, 2), ddof=2)
np.average(a, axis=0)
np.average(a, weights=b + 9.0)
np.average(a, axis=0, weights=v + 9.0)
np.average(a, axis=1, weights=[1.0, 2.0, 3.0])
np.prod(v)
np.prod(a, axis=1)
np.prod(a, axis=0)
np.prod(t, axis=(1, 2))
a.prod(axis=-1, keepdims=True)
np.max(a)
np.max(a, axis=0)
np.max(a, axis=1, keepdims=True)
np.amax(t, axis=(0, 2))
a.max(axis=-1)
np.min(a)
np.amin(a, axis=0)
t.min(axis=1)
np.max(m, axis=1)
m.min()
np.ptp(a, axis=1)
np.max(c, axis=0)
np.max((10.0 * a).astype(int), axis=1)
np.min((10.0 * a).astype(int))
np.prod((a > 0.0).astype(int) + 1, axis=0)
np.sum((10.0 * a).astype(int), axis=0)
np.argmax(a)
np.argmax(a, axis=0)
a.argmax(axis=1)
np.argmin(v)
np.argmin(t, axis=-1)
np.argmax(m, axis=1)
np.argmin(a, axis=0, keepdims=True)
v[np.argmax(k)]
np.any(c)
np.any(c, axis=0)
np.all(c, axis=1)
c.any(axis=1, keepdims=True)
c.all()
np.any(a > 1.0, axis=1)
np.count_nonzero(c)
np.count_nonzero(c, axis=0)
max(v)
min(v)
max(k)
any(v > 1.0)
all(v > -9.0)
sum(a)
special.logsumexp(a)
special.logsumexp(a, axis=0)
special.logsumexp(a, axis=1, keepdims=True)
special.logsumexp(t, axis=(0, 2))
special.logsumexp(a, axis=1, b=np.abs(b))
special.softmax(a, axis=1)
special.softmax(a)
special.log_softmax(a, axis=0)
special.log_softmax(t, axis=-1)
np.cumsum(v)
np.cumsum(a)
np.cumsum(a, axis=0)
np.cumsum(t, axis=1)
v.cumsum()
k.cumsum()
np.cumsum((10.0 * a).astype(int), axis=0)
np.cumprod(v)
np.cumprod(a, axis=-1)
a.cumprod(axis=0)
""".strip().splitlines()

PRODUCTS = """
a @ u
v @ a
u @ u
a @ b.T
a.T @ b
t @ v
u @ t
t @ s
a.T @ s
t @ s[None]
t @ t.mT
t[:, None] @ t.mT[None]
t[None, :, :, :] @ s
s @ t[0].T
s @ t.mT
np.matmul(t, v)
np.dot(a, u)
np.dot(v, v)
np.dot(a, b.T)
np.dot(t, v)
np.dot(t, s)
np.dot(s, t.mT)
np.dot(v, 2.0)
a.dot(u)
np.inner(a, b)
np.inner(t, v)
np.vdot(a, b)
np.outer(v, u)
np.outer(a, u)
np.tensordot(a, b, axes=2)
np.tensordot(t, s, axes=1)
np.tensordot(t, a, axes=([1, 2], [1, 0]))
np.tensordot(v, u, axes=0)
np.tensordot(t, v, (2, 0))
np.kron(v, u)
np.kron(a, u)
np.kron(a, b)
np.einsum("ij,j->i", a, u)
np.einsum("ij,jk", a, b.T)
np.einsum("ij,kj->ik", a, b)
np.einsum("ji", a)
np.einsum("ij->", a)
np.einsum("ii->i", s)
np.einsum("ii", s)
np.einsum("i,j,ij->", v, u, a)
np.einsum("i,ij,kj,k->j", v, a, b, v)
np.einsum("bij,jk->bik", t, s)
np.einsum("bij,bkj->bik", t, t)
np.einsum("...j,j->...", t, v)
np.einsum("...ij,...jk", t, s)
np.einsum("i...->...", t)
np.einsum("ij, ij -> j", a, b)
np.einsum("ij,ik->jk", a, k[:, None] * b)
np.trace(s)
np.trace(s, offset=1)
np.trace(t[:, :2], axis1=0, axis2=1)
s.trace()
""".strip().splitlines()

PLACES = """
np.take(v, [2, 0])
np.take(a, k, axis=0)
np.take(a, 1, axis=1)
np.take(a, k)
v.take(k)
np.take(t, np.array([[1, 0], [2, 2]]), axis=1)
np.take_along_axis(a, k[:, None] % 3, axis=1)
np.take_along_axis(v, k, axis=0)
np.take_along_axis(s, np.array([[0], [3], [1], [1]]), axis=-1)
np.diag(v)
np.diag(v, 1)
np.diag(v, k=-2)
np.diag(s)
np.diag(s, 1)
np.diag(s, -1)
np.diag(t[0, :2, :2])
np.diag(s[:3, :2])
np.diagonal(s)
np.diagonal(t[:, :2], axis1=1, axis2=0)
np.diagonal(s, offset=-2)
s.diagonal()
np.tril(s)
np.tril(s, -1)
np.triu(a)
np.triu(t, k=1)
np.eye(len(v)) * s
np.eye(3) + a.T @ a
np.eye(len(v), 3, 1) * a
np.identity(len(v)) + s
np.tri(len(v)) * s
np.linspace(0.0, 1.0, 5) * v[0]
np.linspace(v[0], v[1], 6)
np.linspace(v, v[::-1], 3)
np.linspace(0.0, v[0], len(u), endpoint=False)
np.linspace(v[0], v[1], 1)
np.meshgrid(v, u)[0]
np.meshgrid(v, u)[1]
np.meshgrid(v, u, indexing="ij")[1]
np.searchsorted(np.array([-1.0, 0.0, 1.0]), v)
np.searchsorted([-1.0, 0.0, 1.0], a, side="right")
np.zeros_like(a) + v[0]
np.arange(len(v)) * v
v[::2]
v[1::2]
v[::3]
v[::-1]
v[::-2]
v[2::-1]
v[-2::-1]
v[-1:0:-1]
v[3:0:-2]
v[:3:2]
v[1:-1:2]
a[::-1, ::2]
a[::2, 1]
a[::-1][:2]
a[:, ::-1] @ u
t[..., ::-2]
t[::-1, :, None, 1::2]
t[k[:2] % 2, :, k[:2]]
t[[0, 1], :, [2, 3]]
t[0, :, [2, 3, 1]]
t[[[1], [0]], :, [2, 3]]
t[[0, 1], ..., 1]
t[:, k % 3, k]
t[k % 2, k % 3, k]
v[[-1, 0]]
t[:, [-1, 0, -2]]
t[[-1, 0], :, [-1, 2]]
v[[True, False, True, True]]
a[np.array([True, False, True, True]), 1]
a[[0, 2]][:, [1, 0]]
v[: len(v) // 2]
v[len(v) // 2 :] - v[: (len(v) + 1) // 2]
v[len(v) % 3]
""".strip().splitlines()

ELEMENTWISE = """
np.ceil(a)
np.trunc(a)
np.rint(a)
np.round(a)
np.round(a, 1)
a.round(2)
np.fmod(a, 0.7)
np.mod(a, 0.7)
np.remainder(a, b)
np.floor_divide(a, 0.7)
a % 0.7
a // 0.7
k % 2
k // 2
m % 3
m // -3
m % -4
-m // 2
2.0 % a
np.hypot(a, b)
np.heaviside(a, 0.5)
np.exp2(a)
np.cbrt(a)
np.isnan(a)
np.isfinite(a)
np.isinf(a)
np.nan_to_num(a)
np.logical_xor(a > 0, b > 0)
(a > 0) ^ (b > 0)
np.fabs(a)
np.positive(a)
np.deg2rad(a)
np.rad2deg(a)
np.abs(m)
np.maximum(k, 1)
np.minimum(m, m[0, 0])
np.select([a > 1.0, a > 0.0], [b, 2.0 * b], 7.0)
np.select([a > 1.0, c], [b, a])
np.polyval([1.0, -2.0, 0.5], v)
np.polyval(u[:3], v)
np.logaddexp(a, b)
np.vander(v, 3)
np.vander(k, 4, increasing=True)
np.interp(v, [-1.0, 0.0, 1.0], u[:3])
np.interp(a, np.array([-0.6, 0.1, 0.4]), u[:3], left=-7.0, right=v[0])
np.interp(0.3, np.array([0.0, 1.0]), v[:2])
np.trapezoid(v)
np.trapezoid(a, v, axis=0)
np.trapezoid(t, dx=0.5, axis=1)
np.trapezoid(a, b)
np.clip(a, -0.5, None)
np.clip(m, -2, 3)
np.full_like(a, 2.0) * a
round(v[0])
round(v[0], 1)
math.ceil(v[0])
math.trunc(v[0])
math.hypot(v[0], v[1])
math.fmod(v[0], 0.7)
math.log(abs(v[0]) + 1.0, 2.0)
math.isnan(v[0])
special.xlogy(np.abs(a), np.abs(b))
special.xlog1py(a, np.abs(b))
special.entr(np.abs(a))
special.betaln(np.abs(a) + 0.1, np.abs(b) + 0.1)
special.beta(np.abs(a) + 0.5, np.abs(b) + 0.5)
special.gamma(np.abs(v) + 0.5)
special.binom(np.abs(a) + 4.0, np.abs(u))
special.comb(np.abs(a) + 4.0, np.abs(u))
special.multigammaln(np.abs(v[0]) + 3.0, 3)
""".strip().splitlines()

LINES = SHAPING + JOINING + REDUCTIONS + PRODUCTS + PLACES + ELEMENTWISE
