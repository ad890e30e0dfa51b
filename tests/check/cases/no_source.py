# ruff: noqa
# fmt: off
namespace = {}
exec("def model():\n    return 1.0\n", namespace)
model = namespace["model"]
guide = None
