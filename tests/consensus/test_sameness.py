"""Sources that say the same."""

from kodgen.consensus.sameness import fingerprint

PLAIN = "def add(a, b):\n    return a + b\n"


def test_comments_layout_and_docstrings_do_not_count():
    dressed = '"""Adds."""\n\ndef add( a,b ):\n    """Add."""\n    # both\n    return (a + b)\n'
    assert fingerprint(dressed) == fingerprint(PLAIN)


def test_code_counts():
    assert fingerprint(PLAIN.replace("+", "-")) != fingerprint(PLAIN)
    assert fingerprint(PLAIN + "LIMIT = 1\n") != fingerprint(PLAIN + "LIMIT = '1'\n")
    assert fingerprint("x = 1") != fingerprint("x = True")


def test_what_is_no_python_has_none():
    assert fingerprint("def add(a, b) return") is None
