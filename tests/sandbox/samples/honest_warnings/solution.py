import warnings


def old(value):
    warnings.warn("use new()", DeprecationWarning, stacklevel=2)
    return value
