"""Runs untrusted solution and test pairs, and says what can be believed of the outcome."""

from kodgen.sandbox.isolation import Probe, probe_isolation
from kodgen.sandbox.pool import Sandbox

__all__ = ["Probe", "Sandbox", "probe_isolation"]
