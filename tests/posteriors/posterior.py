"""What a reference posterior is here, and where its data and its draws lie."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Beside the project, not inside of it: it is too large to be part of every clone.
FOLDER = Path(__file__).parents[3] / "shared" / "posteriordb"
POSTERIORS = []


@dataclass
class Posterior:
    """A model in our language for one posterior, and the same density in NumPy.

    name: folder and file, such as "dev/arK-arK". arguments: the data -> the model's arguments. reference: of the data
    and a dict of constrained parameters, as the Stan program declares them: the log density, up to a constant.
    sites: the parameters -> the values of the model's sites. parameters: its inverse, also of many at once.
    """

    name: str
    model: object
    arguments: object
    reference: object
    sites: object = dict
    parameters: object = dict

    def data(self):
        """The data as arrays and numbers by name."""
        data = json.loads((FOLDER / f"{self.name}.json").read_text(encoding="utf-8"))["data"]
        return {name: np.asarray(v) if isinstance(v, list) else v for name, v in data.items()}

    def draws(self, count=None):
        """The first reference draws: dicts of numbers and arrays by name."""
        with np.load(FOLDER / f"{self.name}.npz") as file:
            names, rows = [str(name) for name in file["params"]], file["draws"][:count]
        return [_grouped(names, row) for row in rows]

    def effective_draws(self):
        """As how many independent draws the reference counts: by importance resampling they are worth fewer."""
        about = json.loads((FOLDER / f"{self.name}.json").read_text(encoding="utf-8"))
        return min(len(self.draws()), about.get("is_ess") or np.inf)


def posterior(name, arguments, reference, **more):
    """Register the decorated model for the posterior of this name."""

    def register(model):
        POSTERIORS.append(Posterior(name, model, arguments, reference, **more))
        return model

    return register


def _grouped(names, row):
    """`beta[1], beta[2], sigma` as a vector and a number."""
    groups = {}
    for name, value in zip(names, row):
        groups.setdefault(name.partition("[")[0], []).append((name, float(value)))
    return {
        group: members[0][1] if members[0][0] == group else np.array([value for _, value in members])
        for group, members in groups.items()
    }
