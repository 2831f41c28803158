def area(width, height):
    raise GeneratorExit
