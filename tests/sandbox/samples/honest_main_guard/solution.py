import argparse
import sys


def main(arguments=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int)
    print(parser.parse_args(arguments).number * 2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
