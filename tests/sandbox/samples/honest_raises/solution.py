def parse_age(text):
    age = int(text)
    if age < 0:
        raise ValueError(f"an age of {age}")
    return age
