from solution import opened


def test_descriptors_are_capped():
    assert opened() < 5000
