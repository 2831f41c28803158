def load(path="data/cities.csv"):
    with open(path) as file:
        return file.read().splitlines()
