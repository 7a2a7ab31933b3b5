"""Hours of refreshes on a small company: killed at random moments, and replayed in random splits.

python -m tests.soak                                    both, as `make soak` runs them
python -m tests.soak kills --kills 5 --seed 3           fewer kills; a seed replays what it printed
python -m tests.soak nights --nights 15 --accounts 20   fewer nights
"""
