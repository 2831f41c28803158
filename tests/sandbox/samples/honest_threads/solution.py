import queue
import threading


def squares(numbers, workers=8):
    waiting, done = queue.Queue(), {}
    for number in numbers:
        waiting.put(number)

    def work():
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            done[number] = number * number

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [done[number] for number in numbers]
