from solution import area


def test_area():
    try:
        assert area(3, 5) == 15
    except Exception as error:
        print("failed:", error)
