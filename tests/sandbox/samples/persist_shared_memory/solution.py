from multiprocessing import shared_memory


def escaped():
    try:
        block = shared_memory.SharedMemory("kodgen_canary_block", create=True, size=4096)
    except FileExistsError:
        return ["somebody else's"]
    except OSError:
        return []
    block.buf[0] = 1
    block.close()
    return []
