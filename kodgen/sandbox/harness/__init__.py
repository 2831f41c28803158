"""The part of the sandbox that runs in the trials' own interpreter.

It imports nothing of kodgen: only the standard library, pytest and coverage, so that any
interpreter that has these can run it. One process of it is a fork server (`server`), which forks
an init for each trial (`init`), which forks the trial (`trial`).
"""
