import csv
import json
import shelve
import sqlite3
import tempfile
from pathlib import Path


def save(rows, folder):
    path = Path(folder) / "rows.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def count(rows):
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "rows.db")
        connection.execute("create table rows (a, b)")
        connection.executemany("insert into rows values (?, ?)", rows)
        (number,) = connection.execute("select count(*) from rows").fetchone()
        connection.close()
        with shelve.open(str(Path(folder) / "shelf")) as shelf:
            shelf["rows"] = rows
            return number, json.loads(json.dumps(shelf["rows"]))
