import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

SCRIPT = """\
import copy, datetime, pickle, time
from datetime import date, datetime as moment
true_day, true_now, true_time = date.today(), moment.now(), time.time()
from kodgen.sandbox.harness import almanac
almanac.shift()

ahead = datetime.timedelta(seconds=almanac.SHIFT)
slack = datetime.timedelta(seconds=30)
assert abs(datetime.datetime.now() - true_now - ahead) < slack
assert abs(datetime.datetime.now(datetime.timezone.utc).timestamp() - time.time()) < 30
assert datetime.date.today().year != true_day.year
assert datetime.date.today().weekday() != true_day.weekday()
assert abs(time.time() - true_time - almanac.SHIFT) < 30
assert time.localtime().tm_year == datetime.date.today().year
assert time.strftime("%Y") == str(datetime.date.today().year)
assert time.gmtime(0).tm_year == 1970

# What is made, and what was made before, is of the classes as a test sees them.
for value in (datetime.datetime(2020, 2, 29, 1), datetime.datetime.now(), true_now):
    assert isinstance(value, datetime.datetime) and isinstance(value, datetime.date)
    assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)
    assert value - ahead < value and value.date() == datetime.date(value.year, value.month, value.day)
assert not isinstance(datetime.date(2020, 1, 1), datetime.datetime)
assert datetime.datetime.fromisoformat("2020-02-29").day == 29
assert datetime.datetime.strptime("2020", "%Y") == datetime.datetime(2020, 1, 1)
assert issubclass(datetime.datetime, datetime.date)


class Mine(datetime.datetime):
    pass


assert type(Mine.now()) is Mine and Mine(2020, 1, 1) == datetime.datetime(2020, 1, 1)
"""


def test_another_day_and_all_else_as_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
