from solution import report


def test_report(capsys, caplog):
    report(["a", "b"])
    out, err = capsys.readouterr()
    assert out == "1. a\n2. b\n"
    assert err == "done\n"
    assert "2 items" in caplog.text


def test_descriptors(capfd):
    report([])
    assert capfd.readouterr().err.startswith("done")
