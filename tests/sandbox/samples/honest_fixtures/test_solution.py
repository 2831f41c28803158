import pytest

from solution import Basket


@pytest.fixture(scope="module")
def names():
    return ["pear", "plum"]


@pytest.fixture(params=[1, 3])
def basket(request, names):
    basket = Basket()
    for name in names:
        basket.add(name, request.param)
    yield basket
    basket.items.clear()


def test_size(basket):
    assert len(basket) in (2, 6)


@pytest.mark.usefixtures("names")
class TestAdd:
    @pytest.mark.parametrize(("count", "size"), [(1, 1), pytest.param(4, 4, id="four")])
    def test_add(self, count, size):
        assert len(Basket().add("fig", count)) == size

    @staticmethod
    def test_chained():
        assert len(Basket().add("a").add("a")) == 2
