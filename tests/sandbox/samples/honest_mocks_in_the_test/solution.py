def notify(sender, names):
    for name in names:
        sender.send(name, subject="news")
    return len(names)
