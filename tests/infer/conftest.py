import pytest

import vicompile as vc


@pytest.fixture(autouse=True)
def empty_store():
    vc.clear_param_store()
    yield
    vc.clear_param_store()
