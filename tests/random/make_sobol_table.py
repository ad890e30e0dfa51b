"""Writes `vicompile/reference/sobol_table.py` from the direction numbers that SciPy keeps.

They are those of new-joe-kuo-6.21201 (Joe and Kuo 2008), which its authors give away under a BSD licence.
"""

from pathlib import Path
from textwrap import fill

import numpy as np
import scipy.stats

DIMENSIONS = 250
HEAD = '''"""The direction numbers of Sobol points by Joe and Kuo (2008), "Constructing Sobol sequences with better
two-dimensional projections": new-joe-kuo-6.21201, whose authors give it away under a BSD licence. Written by
`tests/random/make_sobol_table.py`.
"""

# For each dimension a primitive polynomial, its bits as a number, and the first m, one for each degree.
TABLE = """
'''


def rows():
    file = Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz"
    with np.load(file) as stored:
        for polynomial, numbers in zip(stored["poly"][:DIMENSIONS], stored["vinit"]):
            degree = int(polynomial).bit_length() - 1
            yield " ".join(map(str, [polynomial, *numbers[:degree]]))


def text():
    return HEAD + fill("; ".join(rows()), 118) + '\n"""\n'


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "vicompile" / "reference" / "sobol_table.py"
    target.write_text(text(), encoding="utf-8")
