import locale
import sys

from solution import größe, plain


def test_plain():
    assert plain("Crème brûlée 東京 🦊") == "Creme brulee 東京 🦊"


def test_größe():
    assert größe("ß") == 2


def test_surroundings(tmp_path, capsys):
    (tmp_path / "größe.txt").write_text("ñ")
    assert (tmp_path / "größe.txt").read_bytes() == b"\xc3\xb1"
    print("☃")
    assert capsys.readouterr().out == "☃\n"
    assert locale.getpreferredencoding(False).lower().replace("-", "") == "utf8"
