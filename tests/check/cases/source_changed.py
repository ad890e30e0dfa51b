# ruff: noqa
# fmt: off
import linecache

namespace = {}
exec(compile("def model(x):\n    return x + 1.0\n", "<edited>", "exec"), namespace)
edited = ["def model(x):\n", "    return x - 1.0\n"]
linecache.cache["<edited>"] = (sum(map(len, edited)), None, edited, "<edited>")
model = namespace["model"]
guide = None
