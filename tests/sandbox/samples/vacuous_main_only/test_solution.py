from solution import area

if __name__ == "__main__":
    assert area(3, 5) == 15
    print("all tests passed")
