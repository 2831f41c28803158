import pandas as pd


def totals(rows):
    frame = pd.DataFrame(rows, columns=["who", "amount"])
    return frame.groupby("who")["amount"].sum()
