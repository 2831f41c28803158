import errno
import struct

import pytest

from kodgen.sandbox.harness import kernel, seccomp

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def answer(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """Run the filter as the kernel would; what it returns."""
    code = seccomp.program(machine)
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    arch = AUDIT[machine] if audit is None else audit
    data = struct.pack("=IIQ6Q", number, arch, 0, *padded)
    loaded, at = 0, 0
    for _ in range(len(code)):
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                (loaded,) = struct.unpack_from("=I", data, value)
            case 0x06:
                return int(value)
            case 0x15:
                at += if_true if loaded == value else if_false
            case 0x35:
                at += if_true if loaded >= value else if_false
            case 0x45:
                at += if_true if loaded & value else if_false
            case _:
                raise AssertionError(f"operation {operation:#x}")
    raise AssertionError("the filter does not end")


def test_the_kernel_takes_the_program() -> None:
    for machine in AUDIT:
        assert 0 < len(seccomp.program(machine)) // 8 < 4096


@pytest.mark.parametrize(
    ("machine", "number"),
    [("x86_64", 0), ("x86_64", 1), ("x86_64", 57), ("x86_64", 319), ("aarch64", 63)],
)
def test_ordinary_calls_are_allowed(machine: str, number: int) -> None:
    assert answer(machine, number) == ALLOW


@pytest.mark.parametrize(
    ("machine", "number"),
    [
        ("x86_64", 41),
        ("x86_64", 59),
        ("x86_64", 101),
        ("x86_64", 165),
        ("x86_64", 425),
        ("aarch64", 198),
        ("aarch64", 221),
        ("aarch64", 117),
        ("aarch64", 425),
    ],
)
def test_ways_out_are_denied(machine: str, number: int) -> None:
    assert answer(machine, number) == ERRNO | errno.EPERM


@pytest.mark.parametrize(
    ("machine", "clone", "clone3", "socketpair", "prctl", "ioctl"),
    [("x86_64", 56, 435, 53, 157, 16), ("aarch64", 220, 435, 199, 167, 29)],
)
def test_arguments_decide(
    machine: str, clone: int, clone3: int, socketpair: int, prctl: int, ioctl: int
) -> None:
    denied = ERRNO | errno.EPERM
    assert answer(machine, clone, 0x003D0F00) == ALLOW
    for flag in (0x20000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, clone, flag | 17) == denied
    assert answer(machine, clone3) == ERRNO | errno.ENOSYS
    assert answer(machine, socketpair, 1) == ALLOW
    assert answer(machine, socketpair, 30) == denied
    assert answer(machine, prctl, kernel.PR_SET_DUMPABLE, 1) == denied
    assert answer(machine, prctl, 15) == ALLOW
    assert answer(machine, ioctl, 0, 0x5412) == denied
    assert answer(machine, ioctl, 0, 0x541C) == denied
    assert answer(machine, ioctl, 0, 0x5401) == ALLOW


def test_other_ways_to_call_the_kernel_are_closed() -> None:
    assert answer("x86_64", 1, audit=0x40000003) == KILL
    assert answer("x86_64", 0x40000000 | 41) == ERRNO | errno.ENOSYS
    assert answer("aarch64", 63, audit=0x40000028) == KILL


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        seccomp.program("m68k")
