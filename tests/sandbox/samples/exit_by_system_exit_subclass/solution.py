class Done(SystemExit):
    def __init__(self):
        super().__init__(0)
        self.code = 0


raise Done
