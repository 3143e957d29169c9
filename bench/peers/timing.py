"""How the programs in Python are timed."""
import time


def median_time(run, steps):
    """Nanoseconds a step of run(steps): the median of five, after one warm-up."""
    run(steps)
    times = []
    for _ in range(5):
        start = time.perf_counter_ns()
        run(steps)
        times.append((time.perf_counter_ns() - start) / steps)
    return sorted(times)[2]
