# ruff: noqa
# fmt: off
class Model:
    def __call__(self):
        return 1.0


model = Model()
guide = None
