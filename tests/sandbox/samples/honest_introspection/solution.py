import inspect


def signature(function):
    return str(inspect.signature(function))


class Plugin:
    registry = {}

    def __init_subclass__(cls, name):
        Plugin.registry[name] = cls


class Upper(Plugin, name="upper"):
    def __call__(self, text):
        return text.upper()
