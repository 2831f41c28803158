import uuid


def token():
    return uuid.uuid4().hex
