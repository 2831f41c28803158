def withdraw(balance, amount):
    if amount > balance:
        raise ValueError("not enough")
    return balance - amount
