"""The quality gate: expectations on what has landed, looked at before anything is built on it.

Not to be confused with `pipelines.serving.gate`, which keeps a build from being published that did not pass its tests.
"""

from pipelines.quality.gate import Failure, GateError, GateResult, data_docs, run_gate
from pipelines.quality.records import record_unlanded
from pipelines.quality.step import gate_step

__all__ = ["Failure", "GateError", "GateResult", "data_docs", "gate_step", "record_unlanded", "run_gate"]
