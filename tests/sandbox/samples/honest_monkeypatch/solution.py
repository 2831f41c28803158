import os
import time


def home():
    return os.environ.get("APP_HOME", "/srv")


def age(born):
    return time.time() - born
