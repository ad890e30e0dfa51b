"""Graphs of models as text: nodes, edges, boxes, legends."""

import re
import sys
from types import ModuleType

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.plots import model_dot, render_model

Y = np.zeros(8)


def schools(y):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(vc.param("width", 5.0, constraint=constraints.positive)))
    with vc.plate("schools", len(y)):
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        theta = vc.deterministic("theta", mu + tau * z)
        vc.sample("y", dist.Normal(theta, 10.0), obs=y)
    vc.factor("penalty", -tau)


def guide(y):
    vc.sample("mu", dist.Normal(vc.param("loc", 0.0), 1.0))
    vc.sample("tau", dist.LogNormal(0.0, 1.0))
    with vc.plate("schools", len(y)):
        vc.sample("z", dist.Normal(0.0, 1.0))


def edges(text):
    return set(re.findall(r'"(\S+)" -> "(\S+)"', text))


def styles(text):
    return dict(re.findall(r'"\S+" \[label="(\S+)" ([^\]]*)\]', text))


def inside(text, cluster):
    """The nodes within a box, those of inner boxes included."""
    rest = text.split(f'subgraph "{cluster}" {{')[1]
    depth, end = 1, 0
    while depth:
        depth += (
            {"{": 1, "}": -1}.get(rest[end], 0)
            if rest[end - 1 : end + 2] != "{}" and rest[end : end + 2] != "{}"
            else 0
        )
        end += 1
    return set(re.findall(r'"\S+" \[label="(\S+)"', rest[:end]))


def test_edges_are_dependencies():
    found = edges(model_dot(schools, model_args=(Y,)))
    assert found == {
        ("model.mu", "model.theta"),
        ("model.tau", "model.theta"),
        ("model.z", "model.theta"),
        ("model.theta", "model.y"),
        ("model.tau", "model.penalty"),
    }
    with_params = model_dot(schools, model_args=(Y,), render_params=True)
    assert edges(with_params) - found == {("model.width", "model.tau")}


def test_styles_tell_kinds():
    found = styles(model_dot(schools, model_args=(Y,), render_params=True))
    assert found["y"] == "shape=ellipse style=filled fillcolor=gray80"
    assert found["mu"] == "shape=ellipse style=filled fillcolor=white"
    assert "dashed" in found["theta"]
    assert "square" in found["penalty"]
    assert found["width"] == "shape=plain"


def test_plates_are_boxes():
    text = model_dot(schools, model_args=(Y,))
    assert 'label="schools (8)"' in text
    assert inside(text, "cluster_model_schools") == {"z", "theta", "y"}


def test_nested_and_crossed_plates():
    def model():
        with vc.plate("outer", 2, dim=-2):
            vc.sample("a", dist.Normal(0.0, 1.0))
            with vc.plate("inner", 3, dim=-1):
                vc.sample("b", dist.Normal(0.0, 1.0))
        with vc.plate("inner", 3, dim=-1):
            vc.sample("c", dist.Normal(0.0, 1.0))

    text = model_dot(model)
    assert inside(text, "cluster_model_outer") == {"a", "b"}
    assert inside(text, "cluster_model_outer_inner") == {"b"}
    assert inside(text, "cluster_model_inner") == {"c"}


def test_loops_are_boxes_and_may_depend_on_themselves():
    def walk(y):
        z = 0.0
        for t in range(len(y)):
            z = vc.sample(f"z_{t}", dist.Normal(z, 1.0))
            vc.sample(f"y_{t}", dist.Normal(z, 1.0), obs=y[t])

    text = model_dot(walk, model_args=(Y,))
    assert edges(text) == {("model.z_{}", "model.z_{}"), ("model.z_{}", "model.y_{}")}
    assert re.search(r'label="loop in line \d+ \(8\)"', text)
    assert "gray80" in styles(text)["y_{}"]


def test_sites_that_depend_on_observations():
    def model(x, y):
        x = vc.sample("x", dist.Normal(0.0, 1.0), obs=x)
        vc.sample("y", dist.Normal(x, 1.0), obs=y)

    assert edges(model_dot(model, model_args=(0.0, 0.0))) == {("model.x", "model.y")}
    conditioned = handlers.condition(model, {"x": 1.0})
    assert "gray80" in styles(model_dot(conditioned, model_args=(None, None)))["x"]
    assert "gray80" not in styles(model_dot(conditioned, model_args=(None, None)))["y"]


def test_the_legend():
    text = model_dot(schools, model_args=(Y,), render_params=True)
    assert r"mu ~ Normal\ltau ~ HalfCauchy\lz ~ Normal\ly ~ Normal\lwidth in positive\l" in text
    assert "HalfCauchy" not in model_dot(schools, model_args=(Y,), render_distributions=False)


def test_a_guide_stands_beside_the_model():
    text = model_dot(schools, guide, (Y,), render_params=True)
    assert {"mu", "tau", "z", "loc", "width"} <= inside(text, "cluster_guide")
    assert "y" in inside(text, "cluster_model")
    assert ("guide.loc", "guide.mu") in edges(text)


def test_arguments_in_the_place_of_the_guide():
    with pytest.raises(TypeError, match=r"got \(3, 4\); arguments of the model are `model_args=`"):
        model_dot(lambda y, n: None, (3, 4))


def test_texts_are_quoted():
    def model():
        vc.sample('the "x"', dist.Normal(0.0, 1.0))

    assert r'"model.the \"x\"" [label="the \"x\""' in model_dot(model)


class _Source:
    def __init__(self, text):
        self.text, self.rendered = text, None

    def render(self, outfile, cleanup):
        self.rendered = (outfile, cleanup)


def test_files(tmp_path, monkeypatch):
    """The text is written by us; all else is left to graphviz, for which something else stands here."""
    stand_in = ModuleType("graphviz")
    stand_in.Source = _Source
    monkeypatch.setitem(sys.modules, "graphviz", stand_in)
    source = render_model(schools, model_args=(Y,), filename=tmp_path / "model.gv")
    assert (tmp_path / "model.gv").read_text() == source.text == model_dot(schools, model_args=(Y,))
    assert source.rendered is None
    assert render_model(schools, model_args=(Y,), filename="model.svg").rendered == ("model.svg", True)


def test_without_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match="`render_model` needs graphviz: pip install graphviz"):
        render_model(schools, model_args=(Y,))


def test_format_shapes_of_a_trace():
    with handlers.seed(rng_seed=0):
        text = handlers.trace(schools).get_trace(Y).format_shapes()
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines()[1:]}
    assert rows["z"] == ["sample", "(8,)", "()", "(8,)"]
    assert rows["theta"] == ["deterministic", "(8,)"]
