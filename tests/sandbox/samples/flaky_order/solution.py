class Account:
    balance = 0

    @classmethod
    def deposit(cls, amount):
        cls.balance += amount
        return cls.balance
