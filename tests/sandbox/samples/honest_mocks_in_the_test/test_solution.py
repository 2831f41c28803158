from unittest.mock import MagicMock, Mock, call

from solution import notify


def test_notify():
    sender = Mock()
    assert notify(sender, ["a", "b"]) == 2
    assert sender.send.call_args_list == [call("a", subject="news"), call("b", subject="news")]


def test_none():
    sender = MagicMock()
    assert notify(sender, []) == 0
    sender.send.assert_not_called()
