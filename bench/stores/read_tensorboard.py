"""python read_tensorboard.py DIR: seconds TensorBoard's own loader takes, every point kept; prints JSON."""

import json
import sys
import time

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

began = time.perf_counter()
accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
accumulator.Reload()
points = sum(len(accumulator.Scalars(tag)) for tag in accumulator.Tags()["scalars"])
print(json.dumps({"seconds": time.perf_counter() - began, "points": points}))
