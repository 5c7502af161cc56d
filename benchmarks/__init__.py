"""Speed and accuracy, run by name: python -m benchmarks.NAME."""
