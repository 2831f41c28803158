import decimal
import logging
import random
import signal
import sys
import warnings

logging.basicConfig(level=logging.DEBUG)
warnings.filterwarnings("ignore")
sys.setrecursionlimit(5000)
sys.set_int_max_str_digits(0)
random.seed(42)
decimal.getcontext().prec = 50
signal.signal(signal.SIGINT, signal.SIG_DFL)


def third():
    logging.info("dividing")
    return decimal.Decimal(1) / 3
