"""What a look at a machine finds, one thing at a time."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    detail: str
    advice: str = ""
    exit_code: int = 0
    """That a build would end with because of it; 0 where a build can do without."""

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return asdict(self)

    def __str__(self) -> str:
        mark = "ok  " if self.ok else ("FAIL" if self.exit_code else "no  ")
        advice = f"\n       {self.advice}" if self.advice and not self.ok else ""
        return f"{mark} {self.what}: {self.detail}{advice}"
