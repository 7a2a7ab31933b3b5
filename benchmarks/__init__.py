"""What the warehouse costs, as ratios within one run: `python -m benchmarks` measures, `docs/benchmarks.md` shows.

Each variant is a process of its own, variants take turns (A B A B), and what counts is their CPU time and their peak
memory. Nothing here is a test: a slow machine must not turn a change red.
"""
