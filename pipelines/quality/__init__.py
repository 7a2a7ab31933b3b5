"""The quality gate: expectations on what has landed, looked at before anything is built on it.

Not to be confused with `pipelines.serving.gate`, which keeps a build from being published that did not pass its tests.
Import from the modules: `gate` and `step` for the refresh, `records` for what it leaves behind. Nothing is imported
here, because the process that runs Great Expectations must not pay for dlt as well.
"""
