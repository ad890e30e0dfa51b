"""Random expressions of the language as text: of numbers and of vectors of a few kinds."""

ROWS, GROUPS, FEATURES, THREE, NUMBER = "rows", "groups", "features", "three", "number"
SIZES = {ROWS: "len(y)", GROUPS: "groups", FEATURES: "x.shape[1]", THREE: "3"}
UNARY = [
    "np.tanh({})", "np.sin({})", "squashed({})", "np.exp(-np.abs({}))", "np.log1p(np.abs({}))", "-{}", "expit({})",
    "np.sqrt(1.0 + ({}) ** 2)", "np.clip({}, -1.3, 1.7)", "(lambda v: v * 0.7 + 0.1)({})", "np.maximum({}, -0.37)",
    "np.minimum({}, 0.61)", "np.where({0} > 0.123, 0.5 * {0}, 0.3)", "np.arctan({})", "np.square(np.cos({}))",
]  # fmt: skip
BINARY = [
    "{} + {}", "{} - {}", "{} * {}", "{} / (2.0 + np.cos({}))", "blended({}, {})", "np.maximum({}, {})",
    "np.where({} > {} + 0.17, 0.4, -0.2)", "np.logaddexp({}, {})", "np.hypot({}, 1.0 + {})",
]  # fmt: skip
ALONG = [
    "np.cumsum({}) / (1.0 + len({}))", "{}[::-1]", "np.roll({}, 1)", "({} - np.sum({}))", "softmax({0})",
    "({0} - logsumexp({0}))", "np.append({0}[1:], {0}[:1])", "np.where(np.arange(len({0})) > 0, {0}, 0.2)",
]  # fmt: skip
TO_NUMBER = ["np.sum({})", "np.mean({})", "np.max({})", "np.min({})", "logsumexp({})", "np.prod(np.tanh({}))",
             "{0} @ {0}", "{}[-1]", "{}[0]", "np.sum(np.diff({}))", "np.std(np.append({}, 0.31))"]  # fmt: skip


class Expressions:
    """Makes expressions over the names that are `known` by kind. rng: a random.Random."""

    def __init__(self, rng):
        self.rng, self.count, self.model = rng, 0, []
        self.known = {
            NUMBER: ["0.7", "-1.2"],
            ROWS: ["y", "x[:, 0]", "counts"],
            GROUPS: [],
            FEATURES: ["x[0]"],
            THREE: [],
        }

    def name(self, stem="v"):
        self.count += 1
        return f"{stem}{self.count}"

    def say(self, line, depth=1):
        self.model.append("    " * depth + line)

    def expression(self, kind, depth=2):
        """Text of an expression whose value is a number, or a vector of this kind."""
        rng = self.rng
        roll = rng.random()
        if depth == 0 or roll < 0.2:
            leaves = self.known[kind]
            if kind != NUMBER and (not leaves or rng.random() < 0.25):
                return f"({self.expression(NUMBER, 0)} * np.ones({SIZES[kind]}))"
            return rng.choice(leaves)
        inner = lambda k: "(" + self.expression(k, depth - 1) + ")"  # noqa: E731
        if roll < 0.45:
            return rng.choice(UNARY).format(inner(kind))
        if roll < 0.7:
            other = inner(kind if rng.random() < 0.6 else NUMBER)
            pair = [inner(kind), other]
            rng.shuffle(pair)
            text = rng.choice(BINARY).format(*pair)
            return text
        if kind == NUMBER:
            vector = rng.choice([ROWS, GROUPS, FEATURES, THREE])
            one = inner(vector)
            return "squashed(" + rng.choice(TO_NUMBER).format(one, one) + ")"
        if kind == ROWS and roll < 0.82:
            return rng.choice(
                [f"{inner(GROUPS)}[group]", f"(x @ {inner(FEATURES)})", f"{inner(THREE)}[group % 3]",
                 f"np.sum(x * {inner(FEATURES)}, axis=1)", f"np.einsum('nd,d->n', x, {inner(FEATURES)})",
                 f"np.max(x * {inner(FEATURES)}, axis=-1)", f"np.stack([{inner(ROWS)}, {inner(ROWS)}], axis=1)[:, 1]",
                 f"np.sum({inner(ROWS)}[:, None] * {inner(GROUPS)}[None, :], axis=1)"]
            )  # fmt: skip
        if kind == GROUPS and roll < 0.82:
            return f"np.where(np.arange(groups) % 2 == 0, {inner(GROUPS)}, {inner(NUMBER)})"
        if kind == FEATURES and roll < 0.82:
            return rng.choice([f"({inner(ROWS)} @ x)", f"np.sum(x * {inner(ROWS)}[:, None], axis=0)"])
        if kind == THREE and roll < 0.82:
            return f"np.array([{inner(NUMBER)}, {inner(NUMBER)}, {inner(THREE)}[1]])"
        one = inner(kind)
        return "(" + rng.choice(ALONG).format(one, one) + ")"

    def tame(self, kind, depth=2):
        return f"squashed({self.expression(kind, depth)})"

    def scale(self, kind, depth=1):
        return f"(0.4 + np.exp(squashed({self.expression(kind, depth)}, 1.0)))"
