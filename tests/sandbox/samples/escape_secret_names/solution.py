import os
import re

NAME = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY|CREDENTIAL|^AWS_|^HF_|^GITHUB_|WANDB", re.I)


def escaped():
    names = list(os.environ)
    for pid in ("1", str(os.getppid())):
        try:
            text = open(f"/proc/{pid}/environ", errors="replace").read()
            names += [entry.partition("=")[0] for entry in text.split("\0")]
        except OSError:
            continue
    return [name for name in names if NAME.search(name)]
