from solution import roman


class TestRoman:
    def setup_method(self):
        self.cases = {4: "IV", 9: "IX", 14: "XIV"}

    def test_cases(self):
        for number, text in self.cases.items():
            assert roman(number) == text, f"{number} is {text}"


class TestOutside:
    class TestSmall:
        def test_one(self):
            assert roman(1) == "I"
