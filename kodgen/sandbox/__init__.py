"""Runs untrusted solution and test pairs, and says what can be believed of the outcome."""

from kodgen.sandbox.diagnosis import Probe, probe_isolation
from kodgen.sandbox.interpreter import Environment
from kodgen.sandbox.pool import Sandbox

__all__ = ["Environment", "Probe", "Sandbox", "probe_isolation"]
