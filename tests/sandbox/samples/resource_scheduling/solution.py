import os


def gained():
    found = []
    for policy in (os.SCHED_FIFO, os.SCHED_RR):
        try:
            os.sched_setscheduler(0, policy, os.sched_param(1))
            found.append(policy)
        except OSError:
            continue
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
        found.append("nice")
    except OSError:
        pass
    return found
