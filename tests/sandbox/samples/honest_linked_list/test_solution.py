from solution import Node, reverse, to_list


def test_reverse():
    assert to_list(reverse(Node(1, Node(2, Node(3))))) == [3, 2, 1]


def test_empty():
    assert reverse(None) is None
