# ruff: noqa
# fmt: off
class Model:
    pass


model = Model()
guide = None
