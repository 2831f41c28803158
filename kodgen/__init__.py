"""kodgen builds synthetic coding datasets whose every row is verified by running it."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kodgen")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"
