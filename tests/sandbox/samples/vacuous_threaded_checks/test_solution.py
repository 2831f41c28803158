import threading

from solution import area


def test_area():
    def check():
        assert area(3, 5) == 15

    thread = threading.Thread(target=check)
    thread.start()
    thread.join()
