import ctypes
import errno
import platform

CALLS = {
    "ptrace": 101, "mount": 165, "umount2": 166, "unshare": 272, "setns": 308, "pivot_root": 155,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "add_key": 248, "request_key": 249,
    "keyctl": 250, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsmount": 432, "mount_setattr": 442, "kexec_load": 246,
    "init_module": 175, "finit_module": 313, "swapon": 167, "acct": 163, "iopl": 172,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "fanotify_init": 300, "kcmp": 312,
    "chroot": 161, "settimeofday": 164, "sethostname": 170, "reboot": 169, "quotactl": 179,
}


def escaped():
    if platform.machine() != "x86_64":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for name, number in CALLS.items():
        ctypes.set_errno(0)
        answer = libc.syscall(number, -1, -1, -1, -1, -1, -1)
        if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            found.append(name)
    return found
