def escaped():
    before = int(open("/proc/self/oom_score_adj").read())
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("-1000")
    except OSError:
        pass
    after = int(open("/proc/self/oom_score_adj").read())
    return [] if before >= 500 and after >= 0 else [before, after]
