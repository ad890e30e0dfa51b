"""Lists, tables and arrays of other libraries give the numbers of plain arrays, and kernels that serve all lengths."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import SVI, elbo
from vicompile.optim import Adam

rng = np.random.default_rng(5)
X, GROUP = rng.normal(size=(7, 2)), np.array([0, 2, 1, 1, 0, 2, 2])
Y = rng.normal(size=7)


def by_arrays(x, group, y):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    a = vc.sample("a", dist.Normal(np.zeros(3), 2.0).to_event(1))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(x @ w + a[group], 1.0), obs=y)


def by_arrays_guide(x, group, y):
    vc.sample("w", dist.Normal(vc.param("w_loc", np.zeros(2)), 1.0).to_event(1))
    vc.sample("a", dist.Normal(vc.param("a_loc", np.zeros(3)), 1.0).to_event(1))


def by_table(data):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    a = vc.sample("a", dist.Normal(np.zeros(3), 2.0).to_event(1))
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(data[["x0", "x1"]] @ w + a[data["group"]], 1.0), obs=data["y"])


def by_table_guide(data):
    vc.sample("w", dist.Normal(vc.param("w_loc", np.zeros(2)), 1.0).to_event(1))
    vc.sample("a", dist.Normal(vc.param("a_loc", np.zeros(3)), 1.0).to_event(1))


def columns(rows=slice(None)):
    x = X[rows]
    return {"x0": x[:, 0], "x1": x[:, 1], "group": GROUP[rows], "y": Y[rows], "note": ["a"] * len(x)}


def expected(rows=slice(None)):
    return elbo({}, by_arrays, by_arrays_guide, (X[rows], GROUP[rows], Y[rows]))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_table_gives_what_its_arrays_give(library):
    frame = pytest.importorskip(library).DataFrame
    svi = SVI(by_table, by_table_guide, Adam(0.01))
    state = svi.init(0, frame(columns()))
    np.testing.assert_allclose(svi.evaluate(state, frame(columns())), expected(), rtol=1e-12)
    before = vc.compile_count()
    for rows in (slice(3), slice(1, 6), slice(None, None, -1)):
        np.testing.assert_allclose(svi.evaluate(state, frame(columns(rows))), expected(rows), rtol=1e-12)
    assert vc.compile_count() == before


def test_a_table_that_changes_in_place_is_seen():
    pd = pytest.importorskip("pandas")
    data = pd.DataFrame(columns())
    svi = SVI(by_table, by_table_guide, Adam(0.01))
    state = svi.init(0, data)
    svi.evaluate(state, data)
    data.loc[2, "y"] = 9.0
    changed = svi.evaluate(state, data)
    assert changed == svi.evaluate(state, data.copy())
    data["y"] = Y
    np.testing.assert_allclose(svi.evaluate(state, data), expected(), rtol=1e-12)
    data.loc[7] = data.loc[0]
    np.testing.assert_allclose(svi.evaluate(state, data), expected([*range(7), 0]), rtol=1e-12)


def test_an_unchanged_table_is_not_bound_again():
    pd = pytest.importorskip("pandas")
    data = pd.DataFrame(columns())
    svi = SVI(by_table, by_table_guide, Adam(0.01))
    assert svi._bind((data,), {}, None) is svi._bind((data,), {}, None)
    series = pd.Series(Y)
    other = SVI(by_arrays, by_arrays_guide, Adam(0.01))
    assert other._bind((X, GROUP, series), {}, None) is other._bind((X, GROUP, series), {}, None)


def whole_table_guide(x, group, y):
    by_arrays_guide(x, group, y)


def test_a_table_as_a_matrix():
    pd = pytest.importorskip("pandas")
    svi = SVI(by_arrays, whole_table_guide, Adam(0.01))
    for rows in (slice(None), slice(4)):
        arguments = (pd.DataFrame(X[rows]), pd.Series(GROUP[rows]), pd.Series(Y[rows], index=GROUP[rows]))
        state = svi.init(0, *arguments)
        np.testing.assert_allclose(svi.evaluate(state, *arguments), expected(rows), rtol=1e-12)


def numbered_columns(x, group, y):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    a = vc.sample("a", dist.Normal(np.zeros(3), 2.0).to_event(1))
    mean = 0.0
    for k in range(2):
        mean = mean + x[k] * w[k]
    with vc.plate("data", x.shape[0]):
        vc.sample("y", dist.Normal(mean + a[group.to_numpy()], 1.0), obs=y.values)


def test_columns_with_numbers_for_names_are_columns_as_in_pandas():
    pd = pytest.importorskip("pandas")
    arguments = (pd.DataFrame(X), pd.Series(GROUP), pd.Series(Y))
    np.testing.assert_allclose(elbo({}, numbered_columns, by_arrays_guide, arguments), expected(), rtol=1e-12)


FORMS = {
    "lists": (X.tolist(), GROUP.tolist(), Y.tolist()),
    "tuples": (tuple(map(tuple, X.tolist())), tuple(GROUP.tolist()), tuple(Y.tolist())),
    "other orders": (np.asfortranarray(X), GROUP.astype(np.uint8), Y.astype(">f8")),
    "views": (np.repeat(X, 2, axis=1)[:, ::2], np.repeat(GROUP, 3)[::3], Y[::-1][::-1]),
}


@pytest.mark.parametrize("form", FORMS)
def test_other_forms_of_arrays_give_the_same_number_with_the_same_kernel(form):
    svi = SVI(by_arrays, by_arrays_guide, Adam(0.01))
    state = svi.init(0, X, GROUP, Y)
    svi.evaluate(state, X, GROUP, Y)
    before = vc.compile_count()
    for _ in range(2):
        np.testing.assert_allclose(svi.evaluate(state, *FORMS[form]), expected(), rtol=1e-12)
    assert vc.compile_count() == before


def test_what_needs_another_kernel_gets_one():
    svi = SVI(by_arrays, by_arrays_guide, Adam(0.01))
    state = svi.init(0, X, GROUP, Y)
    svi.evaluate(state, X, GROUP, Y)
    kinds = len(svi._bindings._pair._compiled)
    svi.evaluate(state, X, GROUP, np.round(Y).astype(int))
    assert len(svi._bindings._pair._compiled) == kinds + 1
    svi.evaluate(state, X, GROUP, np.round(2 * Y).astype(int).tolist())
    assert len(svi._bindings._pair._compiled) == kinds + 1


def masked(x, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Normal(m, 1.0).mask(keep), obs=x)


def masked_guide(x, keep):
    vc.sample("m", dist.Normal(vc.param("loc", 0.2), 1.0))


def test_what_the_report_of_a_masked_array_advises_is_right():
    x = np.ma.masked_array([1.0, 99.0, 3.0], [False, True, False])
    filled = elbo({}, masked, masked_guide, (x.filled(0.0), ~np.ma.getmaskarray(x)))
    np.testing.assert_allclose(filled, elbo({}, masked, masked_guide, (x.compressed(), np.array([True, True]))))


def test_a_dataset_of_xarray():
    xr = pytest.importorskip("xarray")
    data = xr.Dataset({"x0": ("row", X[:, 0]), "x1": ("row", X[:, 1]), "group": ("row", GROUP), "y": ("row", Y)})

    def model(data):
        w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
        a = vc.sample("a", dist.Normal(np.zeros(3), 2.0).to_event(1))
        with vc.plate("data", len(data["y"])):
            mean = data["x0"] * w[0] + data.x1 * w[1] + a[data.group]
            vc.sample("y", dist.Normal(mean, 1.0), obs=data["y"])

    np.testing.assert_allclose(elbo({}, model, by_table_guide, (data,)), expected(), rtol=1e-12)


def by_choice(data, column):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    values = data @ np.ones(2) if column is None else data[column]
    with vc.plate("data", len(data)):
        vc.sample("y", dist.Normal(m, 1.0), obs=values)


def by_choice_guide(data, column):
    vc.sample("m", dist.Normal(vc.param("loc", 0.2), 1.0))


def test_what_a_call_reads_does_not_depend_on_the_calls_before():
    pd = pytest.importorskip("pandas")
    data = pd.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    svi = SVI(by_choice, by_choice_guide, Adam(0.01))
    state = svi.init(0, data, None)
    for column in (None, "a", "b", None, "a"):
        values = X.sum(1) if column is None else data[column].to_numpy()
        plain = elbo({}, masked, masked_guide, (values, True))
        np.testing.assert_allclose(svi.evaluate(state, data, column), plain, rtol=1e-12)
