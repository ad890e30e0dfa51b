"""Random models as source text, each with a guide that fits it: what the language says can be combined, combined."""

import re

import numpy as np

from support.random_expressions import FEATURES, GROUPS, NUMBER, ROWS, SIZES, THREE, Expressions

HEADER = '''"""A random model and its guide."""

import numpy as np
from scipy.special import expit, logsumexp, softmax

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers


def squashed(v, width=2.0):
    return width * np.tanh(v / width)


def blended(a, b):
    weight = expit(a - b)
    return weight * a + (1.0 - weight) * b


'''
ARGUMENTS = "y, x, group, counts, groups, flavour"

# Distribution and observation: <e> stands for an expression, <e1> for a simple one, <s> for a positive one.
OBSERVED = [
    ("dist.Normal(<e>, <s>)", "y[k]"), ("dist.StudentT(3.0 + <s>, <e>, 1.3)", "y[k]"),
    ("dist.Poisson(np.exp(<e>))", "counts[k]"), ("dist.Laplace(<e>, <s>)", "y[k]"),
    ("dist.Bernoulli(logits=<e>)", "(y > 0.2)[k]"), ("dist.Normal(y[k], <s>)", "<e>"),
    ("dist.NegativeBinomial2(np.exp(<e>), <s>)", "counts[k]"), ("dist.Gamma(<s>, np.exp(<e>))", "(0.1 + y ** 2)[k]"),
    ("dist.TruncatedNormal(<e>, <s>, low=-4.0)", "np.maximum(y, -3.5)[k]"),
    ("dist.ZeroInflatedPoisson(0.3, np.exp(<e>))", "counts[k]"), ("dist.Binomial(50, logits=<e>)", "counts[k]"),
    ("dist.Weibull(<s>, 1.5)", "(0.1 + np.abs(y))[k]"),
    ("dist.MixtureGeneral(dist.Categorical(np.array([0.4, 0.6])), [dist.Normal(<e1>, <s>), dist.Cauchy(<e1>, 1.0)])",
     "y[k]"),
]  # fmt: skip


class RandomModel(Expressions):
    """`text` is a module with `model`, `guide`; `args` are arguments for it. rng: a random.Random."""

    def __init__(self, rng, statements=4):
        super().__init__(rng)
        self.above, self.guide, self.conditioned, self.moved = [], [], {}, []
        numbers = np.random.default_rng(rng.randrange(2**32))
        rows, features, self.groups = rng.choice([1, 2, 5, 6]), rng.choice([1, 2, 3]), rng.choice([1, 2, 4])
        self.args = (
            numbers.normal(size=rows), numbers.normal(size=(rows, features)), numbers.integers(self.groups, size=rows),
            numbers.poisson(2.0, size=rows), self.groups, rng.choice(["plain", "bent"]),
        )  # fmt: skip
        self.latent(NUMBER)
        for _ in range(rng.randrange(1, statements + 1)):
            rng.choice(
                [self.latent, self.latent, self.latent, self.assigned, self.branch, self.unrolled, self.recurrence,
                 self.walk,
                 self.scanned, self.collected, self.factor, self.submodel, self.nested, self.swapped, self.accumulated]
            )()  # fmt: skip
        rng.choice([self.plate, self.plate, self.loop, self.vectors, self.exotic])()
        if rng.random() < 0.5:
            rng.choice([self.factor, self.loop, self.exotic, self.cells])()
        self.text = HEADER + "\n".join(self.above) + self._functions()

    def _functions(self):
        lines = [
            f"def model({ARGUMENTS}):",
            *self.model,
            "",
            "",
            f"def guide({ARGUMENTS}):",
            *(self.guide or ["    pass"]),
        ]
        if self.conditioned:
            lines += ["", "", f"model = handlers.condition(model, data={self.conditioned!r})"]
        for name in self.moved:
            strategy = self.rng.choice(["handlers.LocScaleReparam(0.0)", "handlers.LocScaleReparam(0.3)"])
            lines += ["", "", f"model = handlers.reparam(model, config={{{name!r}: {strategy}}})"]
        return "\n".join(lines) + "\n"

    # -- latents

    def prior(self, kind):
        """A family for a latent, with the guide's expression for it."""
        rng = self.rng
        at, width = self.tame(kind), self.scale(NUMBER)
        number = NUMBER if rng.random() < 0.5 else kind
        real = "dist.Normal({loc}, {scale})"
        choices = [
            (f"dist.Normal({at}, {width})", real), (f"dist.Normal({at}, {self.scale(number)})", real),
            (f"dist.StudentT(4.5, {at}, {width})", real),
            (f"dist.Laplace({at}, {width})", "dist.Logistic({loc}, {scale})"),
            (f"dist.Gumbel({at}, {width})", real), (f"dist.Cauchy({at}, {width})", real),
            (f"dist.LogNormal({at}, {width})", "dist.LogNormal({loc}, {scale})"),
            (f"dist.Gamma({self.scale(kind)}, {width})", "dist.Gamma(1.0 + {scale}, {scale})"),
            (f"dist.Exponential({self.scale(kind)})", "dist.LogNormal({loc}, {scale})"),
            (f"dist.HalfNormal({self.scale(kind)})", "dist.Gamma(1.0 + {scale}, 1.2)"),
            (f"dist.Beta({self.scale(kind)}, {width})", "dist.Beta(1.0 + {scale}, 1.0 + {scale})"),
            (f"dist.TruncatedNormal({at}, {width}, low=0.0)", "dist.LogNormal({loc}, {scale})"),
        ]  # fmt: skip
        return rng.choice(choices)

    def parameters(self, name, kind):
        shape = self.rng.choice(["lambda: np.full({size}, {value})", "lambda: {value} * np.ones({size})"])
        start = "{value}" if kind == NUMBER else shape
        size = SIZES.get(kind, "")
        loc, scale = (
            start.format(size=size, value=round(self.rng.uniform(-0.5, 0.5), 2)),
            start.format(size=size, value=0.6),
        )
        return (
            f'vc.param("{name}_loc", {loc})',
            f'vc.param("{name}_scale", {scale}, constraint=constraints.positive)',
        )

    def latent(self, kind=None):
        kind = kind or self.rng.choice([NUMBER, GROUPS, FEATURES, THREE, ROWS])
        name = self.name("z")
        prior, form = self.prior(kind)
        loc, scale = self.parameters(name, kind)
        fitted = form.format(loc="loc", scale="scale")
        self.guide += [f"    loc, scale = {loc}, {scale}"]
        site, wrapped = name, self.rng.random() < 0.5
        if (
            kind == NUMBER
            and prior.startswith(("dist.Normal", "dist.Cauchy", "dist.Gumbel"))
            and self.rng.random() < 0.15
        ):
            self.moved.append(name)
            site = f"{name}_decentered"
        elif kind == NUMBER and self.rng.random() < 0.1:
            self.conditioned[name] = round(self.rng.uniform(0.1, 0.9), 2)
            self.guide.pop()
            self.say(f'{name} = vc.sample("{name}", {prior})')
            self.known[kind].append(name)
            return
        if kind == NUMBER:
            self.say(f'{name} = vc.sample("{name}", {prior})')
            self.guide.append(f'    vc.sample("{site}", {fitted})')
        elif wrapped:
            self.say(f'{name} = vc.sample("{name}", {prior}.expand([{SIZES[kind]}]).to_event(1))')
            self.guide.append(f'    vc.sample("{name}", {fitted}.to_event(1))')
        else:
            plate = self.name("plate")
            for lines, d in ((self.model, prior), (self.guide, fitted)):
                lines += [f'    with vc.plate("{plate}", {SIZES[kind]}):', f'        {name} = vc.sample("{name}", {d})']
        self.known[kind].append(name)

    def walk(self):
        """A latent for each round of a loop, carried or not."""
        name, length = self.name("w"), self.rng.choice(["len(y)", "3", "groups"])
        start = self.tame(NUMBER, 1)
        self.say(f"{name} = {start}")
        self.say(f"{name}_all = []")
        self.say(f"for t in range({length}):")
        carried = self.rng.choice([f"0.8 * {name}", f"np.sin({name}) + {self.tame(NUMBER, 1)}", self.tame(NUMBER, 1)])
        self.say(f'{name} = vc.sample(f"{name}_{{t}}", dist.Normal({carried}, {self.scale(NUMBER)}))', 2)
        self.say(f"{name}_all.append({name})", 2)
        self.guide += [
            f'    loc = vc.param("{name}_loc", lambda: 0.1 * np.ones({length}))',
            f'    rho = vc.param("{name}_rho", 0.2)',
            "    z = 0.0", f"    for t in range({length}):",
        ]  # fmt: skip
        drawn = self.rng.choice(["loc[t] + rho * z", "loc[t] + rho", "loc[t] * rho + np.tanh(z)"])
        self.guide.append(f'        z = vc.sample(f"{name}_{{t}}", dist.Normal({drawn}, 0.4))')
        self.known[NUMBER].append(name)
        kind = {"len(y)": ROWS, "3": THREE, "groups": GROUPS}[length]
        self.known[kind].append(f"np.array({name}_all)")

    def submodel(self):
        """A function with sites of its own, called under two prefixes."""
        name, one, two = self.name("part"), self.name("a"), self.name("a")
        self.above += [
            f"def {name}(width):", '    inner = vc.sample("inner", dist.Normal(0.3, width))',
            "    return np.sin(inner)", "", "\n"
        ]  # fmt: skip
        for prefix in (one, two):
            width = self.scale(NUMBER)
            self.say(f'{prefix} = handlers.scope({name}, prefix="{prefix}")({width})')
            self.guide.append(f'    vc.sample("{prefix}/inner", dist.Normal(vc.param("{prefix}_m", 0.2), 0.5))')
            self.known[NUMBER].append(prefix)

    def nested(self):
        """Two plates, crossed, with a latent in each cell."""
        name = self.name("c")
        outer, inner = self.rng.choice([("groups", "3"), ("len(y)", "x.shape[1]"), ("3", "len(y)")])
        dims = self.rng.choice([("", ""), (", dim=-1", ", dim=-2"), (", dim=-2", ", dim=-1")])
        shape = (outer, inner) if "-2" in dims[0] else (inner, outer)
        prior = f"dist.Normal({self.tame(NUMBER)}, {self.scale(NUMBER)})"
        at = f'vc.param("{name}_loc", lambda: 0.2 * np.ones(({shape[0]}, {shape[1]})))'
        for lines, d in ((self.model, prior), (self.guide, f"dist.Normal({at}, 0.5)")):
            lines += [
                f'    with vc.plate("{name}_o", {outer}{dims[0]}), vc.plate("{name}_i", {inner}{dims[1]}):',
                f'        {name} = vc.sample("{name}", {d})',
            ]
        kinds = {v: k for k, v in SIZES.items()}
        self.known[kinds[shape[0]]].append(f"np.sum(np.tanh({name}), axis=1)")
        self.known[kinds[shape[1]]].append(f"np.mean({name}, axis=0)")
        self.known[NUMBER].append(f"np.max({name})")

    # -- computed

    def assigned(self):
        kind = self.rng.choice(list(self.known))
        name = self.name()
        self.say(f"{name} = {self.tame(kind, 3)}")
        if self.rng.random() < 0.3:
            self.say(f'{name} = vc.deterministic("{name}", {name})')
        self.known[kind].append(name)

    def swapped(self):
        one, two = self.name(), self.name()
        self.say(f"{one}, {two} = {self.tame(NUMBER)}, {self.tame(NUMBER)}")
        self.say(f"{one}, {two} = {two}, {one} + {two}")
        self.known[NUMBER] += [one, two]

    def branch(self):
        name = self.name()
        self.say(f'if flavour == "{self.rng.choice(["plain", "bent"])}" and len(y) > {self.rng.choice([0, 2])}:')
        self.say(f"{name} = {self.tame(NUMBER)}", 2)
        self.say("else:")
        self.say(f"{name} = {self.tame(NUMBER)}", 2)
        self.known[NUMBER].append(name)

    def unrolled(self):
        name = self.name()
        self.say(f"{name} = {self.tame(NUMBER, 1)}")
        self.say(f"for k in range({self.rng.choice(['3', 'groups'])}):")
        self.say(f"{name} = {name} * 0.5 + {self.tame(NUMBER)} / (k + 1.0)", 2)
        self.known[NUMBER].append(name)

    def recurrence(self):
        """A loop over the rows that carries numbers or a small array."""
        name, other = self.name(), self.name()
        vector = self.rng.random() < 0.4
        kind = self.rng.choice([THREE, FEATURES, GROUPS]) if vector else NUMBER
        self.say(f"{name}, {other} = {self.tame(kind, 1)}, {self.tame(NUMBER, 1)}")
        self.say(f"for t in range({self.rng.choice(['len(y)', '1, len(y)'])}):")
        row = self.rng.choice(
            [
                "y[t]",
                "x[t, 0]",
                f"({self.expression(ROWS, 1)})[t]",
                "y[t - 1]" if "1, len" in self.model[-1] else "y[t]",
            ]
        )
        change = self.rng.choice(
            [f"0.5 * {name} + {row} * {other}", f"np.tanh({name} + {row}) * {self.tame(NUMBER, 1)}",
             f"{name} * 0.3 + {self.expression(kind, 1)} * 0.1", f"squashed({name} - {row} * {other} ** 2)"]
        )  # fmt: skip
        self.say(f"{name} = {change}", 2)
        if self.rng.random() < 0.7:
            end = f"np.sum({name})" if vector else name
            changes = [f"np.sin({end}) * 0.5", f"0.9 * {other} + 0.05 * {end}", f"np.tanh({other})"]
            self.say(f"{other} = {self.rng.choice(changes)}", 2)
        self.known[kind].append(name)
        self.known[NUMBER].append(other)

    def collected(self):
        """A list that a loop fills, an array after it."""
        name = self.name()
        self.say(f"{name}_list = []")
        self.say("for t, value in enumerate(y):")
        self.say(f"{name}_list.append({self.tame(NUMBER, 1)} * value + ({self.expression(ROWS, 1)})[t])", 2)
        self.say(f"{name} = np.array({name}_list)")
        self.known[ROWS].append(f"squashed({name})")

    def accumulated(self):
        name = self.name()
        self.say(f"{name} = 0.0")
        self.say("for i in range(len(y)):")
        self.say(f"{name} += {self.tame(NUMBER, 1)} * y[i] + ({self.expression(ROWS, 1)})[i]", 2)
        self.known[NUMBER].append(f"squashed({name})")

    def scanned(self):
        name, step = self.name(), self.name("step")
        kind = self.rng.choice([NUMBER, THREE])
        self.say(f"def {step}(state, value):")
        self.say(
            f"state = {self.rng.choice(['0.4 * state + value', 'np.tanh(state * value) + ' + self.tame(NUMBER, 1)])}", 2
        )
        self.say(
            f"return state, {self.rng.choice(['state', 'state ** 2']) if kind == NUMBER else 'state[0] - value'}", 2
        )
        reverse = self.rng.choice(["", ", reverse=True"])
        self.say(f"{name}, {name}_all = vc.scan({step}, {self.tame(kind, 1)}, {self.tame(ROWS, 1)}{reverse})")
        self.known[kind].append(name)
        self.known[ROWS].append(f"{name}_all")

    # -- observed

    def factor(self):
        self.say(f'vc.factor("{self.name("f")}", {self.tame(NUMBER, 3)})')

    def observed(self, index=None):
        """(distribution, observation), of the rows, or of one row."""
        k = "" if index is None else f"[{index}]"
        e = lambda depth=2: f"({self.tame(ROWS, depth)}){k}" if k else self.tame(ROWS, depth)  # noqa: E731
        s = lambda: f"({self.scale(ROWS)}){k}" if k and self.rng.random() < 0.5 else self.scale(NUMBER)  # noqa: E731
        family, value = self.rng.choice(OBSERVED)
        filled = re.sub(r"<(e1|e|s)>", lambda m: {"e": e, "e1": lambda: e(1), "s": s}[m[1]](), f"{family}|{value}")
        family, value = filled.split("|")
        return family.replace("[k]", k), value.replace("[k]", k)

    def plate(self):
        name = self.name("rows")
        d, value = self.observed()
        self.say(f'with vc.plate("{name}", len(y)):')
        self.say(f'vc.sample("{name}_y", {d}, obs={value})', 2)

    def loop(self):
        name = self.name("o")
        d, value = self.observed("i")
        self.say(f"for i in {self.rng.choice(['range(len(y))', f'vc.plate({name!r}, len(y))'])}:")
        self.say(f'vc.sample(f"{name}_{{i}}", {d}, obs={value})', 2)

    def vectors(self):
        name = self.name("o")
        self.say(f'vc.sample("{name}", dist.Normal({self.tame(ROWS, 3)}, {self.scale(NUMBER)}).to_event(1), obs=y)')

    def exotic(self):
        name = self.name("o")
        weights, locs = f"softmax({self.expression(THREE, 1)})", self.tame(THREE, 1)
        self.say(f'with vc.plate("{name}_p", len(y)):')
        mixed = f"dist.MixtureSameFamily(dist.Categorical({weights}), dist.Normal({locs}, {self.scale(NUMBER)}))"
        self.say(f'vc.sample("{name}", {mixed}.mask({self.rng.choice(["True", "y > -0.5"])}), obs=y)', 2)

    def cells(self):
        name = self.name("o")
        self.say(f'with vc.plate("{name}_d", x.shape[1], dim=-1), vc.plate("{name}_n", len(y), dim=-2):')
        at = f"{self.tame(ROWS)}[:, None] + {self.tame(FEATURES)}"
        self.say(f'vc.sample("{name}", dist.Normal({at}, {self.scale(NUMBER)}), obs=x)', 2)
