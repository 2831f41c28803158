def describe(thing):
    match thing:
        case {"kind": str(kind), "size": int(size)} if size > 10:
            return f"large {kind}"
        case [first, *rest]:
            return f"{first} and {len(rest)}"
        case None | False:
            return "nothing"
        case _:
            return "something"
