class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next


def reverse(node):
    before = None
    while node:
        node.next, before, node = before, node, node.next
    return before


def to_list(node):
    values = []
    while node:
        values.append(node.value)
        node = node.next
    return values
