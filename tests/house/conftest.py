import pytest


@pytest.fixture(scope="module")
def walls(request: pytest.FixtureRequest) -> str:
    """Which of the two stand in this module's world; asked for by the marks in `world`."""
    return getattr(request, "param", "both walls")
