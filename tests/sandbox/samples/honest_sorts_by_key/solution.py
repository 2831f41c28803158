import heapq


class Task:
    def __init__(self, name, priority):
        self.name, self.priority = name, priority

    def __lt__(self, other):
        return self.priority < other.priority


def order(tasks):
    heap = [Task(*task) for task in tasks]
    heapq.heapify(heap)
    return [heapq.heappop(heap).name for _ in range(len(heap))]
