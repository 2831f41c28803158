raise RuntimeError("not finished")
