"""What a case of the corpus is, and the list of all of them."""

from dataclasses import dataclass, field


@dataclass
class Case:
    """A model, its guide and the arguments of a call."""

    model: object
    guide: object
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    particles: int = 2

    @property
    def name(self):
        return self.model.__name__


CASES: list[Case] = []


def case(guide, *args, particles=2, **kwargs):
    """Register the decorated model with its guide and arguments."""

    def register(model):
        CASES.append(Case(model, guide, args, kwargs, particles))
        return model

    return register
