"""Wrong programs by the thousand: one or a few nodes of a program's syntax tree are replaced by others."""

import ast
import copy

VALUES = [
    "None",
    "True",
    "0",
    "-1",
    "1",
    "2",
    "7",
    "1.5",
    "0.0",
    "1j",
    "'a'",
    "''",
    "[]",
    "()",
    "{}",
    "[1, 2]",
    "(0.5, None)",
    "np",
    "np.nan",
    "np.inf",
    "np.zeros(3)",
    "np.zeros((2, 0))",
    "np.eye(2)",
    "np.array([True, False])",
    "np.array('a')",
    "dist",
    "dist.Normal",
    "dist.Normal(0.0, 1.0)",
    "dist.Normal(np.zeros(3), 1.0).to_event(1)",
    "vc",
    "vc.sample",
    "model",
    "len",
    "constraints.positive",
    "constraints.simplex",
    "lambda v: v",
    "lambda: 1.0",
    "y",
    "x",
    "y[0]",
    "len(y)",
    "range(3)",
    "range(len(y))",
    "unknown",
    "slice(None)",
    "...",
    "1 / 0",
    "np.linalg",
    "f'{y}'",
    "{'a': 1}",
    "y.shape",
    "vc.param('fresh', 1.0)",
    "vc.sample('fresh', dist.Normal(0.0, 1.0))",
    "max",
    "str(y)",
    "10 ** 400",
    "-0.0",
    "dist.Categorical(np.array([0.5, 0.5]))",
    "dist.Beta(1.0, 1.0)",
    "handlers.block",
    "object()",
    "int",
    "float('nan')",
]
STATEMENTS = [
    "pass",
    "return",
    "y = 3.0",
    "y[0] = 1.0",
    "y = y + 1",
    "x, y = y, x",
    "vc.sample('late', dist.Normal(0.0, 1.0))",
    "del y",
    "vc.sample('late', dist.Normal(0.0, 1.0), obs=y)",
    "vc.factor('late', y)",
    "vc.factor('late', 1.0)",
    "x = unknown",
    "for q in y:\n    pass",
    "for q in range(len(y)):\n    y = q",
    "while True:\n    pass",
    "if y[0] > 0:\n    y = 1",
    "y.shape",
    "with vc.plate('late', 3):\n    vc.factor('in', np.zeros(3))",
    "with y:\n    pass",
    "assert y",
    "import os",
    "y.a = 3",
    "def inner(a):\n    return inner(a)\ny = inner(y)",
    "y = [k for k in y]",
    "y = [k for k in range(3)]",
    "x: int = 3",
    "vc.deterministic('late', y)",
    "vc.deterministic('late', None)",
    "raise ValueError",
    "a, b, c = y",
    "(a, *b) = y",
    "y = x = 2",
    "for a, b in zip(y, y):\n    x = a",
    "y = y if len(y) else x",
    "lambda: 0",
    "vc.plate('late', 3)",
    "y = vc.plate('late', 3)",
    "for q in vc.plate('late', 3):\n    vc.sample(f's_{q}', dist.Normal(0.0, 1.0), obs=1.0)",
    "global y2",
    "y = f'{x}' + 'a'",
]


def mutated(text, rng, changes=1, functions=("model", "guide")):
    """The program with `changes` places changed at random. rng: a random.Random. None if it is no Python any more."""
    tree = ast.parse(text)
    for _ in range(changes):
        _mutate(tree, rng, functions)
    try:
        found = ast.unparse(ast.fix_missing_locations(tree))
        compile(found, "<mutated>", "exec")
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return None
    return found


def _mutate(tree, rng, functions):
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in functions]
    inside = [node for body in bodies for statement in body.body for node in ast.walk(statement)]
    places = []
    for node in inside:
        for name, value in ast.iter_fields(node):
            places += [(node, name, None)] if isinstance(value, ast.expr) else []
            if isinstance(value, list):
                places += [(node, name, k) for k, one in enumerate(value) if isinstance(one, ast.expr)]
    blocks = [(n, "body") for n in [*bodies, *inside] if isinstance(n, (ast.FunctionDef, ast.With, ast.For, ast.If))]
    roll = rng.random()
    if roll < 0.25:
        block = getattr(*rng.choice(blocks))
        if rng.random() < 0.3 and len(block) > 1:
            block.pop(rng.randrange(len(block)))
        elif rng.random() < 0.3:
            block.insert(rng.randrange(len(block) + 1), copy.deepcopy(rng.choice(block)))
        else:
            block[(at := rng.randrange(len(block) + 1)) : at] = ast.parse(rng.choice(STATEMENTS)).body
    elif roll < 0.35:
        calls = [n for n in inside if isinstance(n, ast.Call)]
        call = rng.choice(calls)
        if rng.random() < 0.5 and call.args:
            call.args.pop(rng.randrange(len(call.args)))
        elif rng.random() < 0.5 and call.keywords:
            call.keywords[0].arg = rng.choice(["obs", "axis", "wrong", "dim", "constraint"])
        else:
            call.args.append(ast.parse(rng.choice(VALUES), mode="eval").body)
    elif roll < 0.45:
        names = [n for n in inside if isinstance(n, (ast.Attribute, ast.Constant))]
        one = rng.choice(names)
        if isinstance(one, ast.Attribute):
            one.attr = rng.choice([n.attr for n in names if isinstance(n, ast.Attribute)])
        else:
            one.value = rng.choice([n.value for n in names if isinstance(n, ast.Constant)])
    else:
        node, name, k = rng.choice(places)
        if roll < 0.7:
            new = copy.deepcopy(rng.choice([n for n in inside if isinstance(n, ast.expr)]))
        else:
            new = ast.parse(rng.choice(VALUES), mode="eval").body
        if k is None:
            setattr(node, name, new)
        else:
            getattr(node, name)[k] = new
