"""python make_tensorboard.py DIR TAGS POINTS: one event file as tensorboardX writes it."""

import math
import sys

from tensorboardX import SummaryWriter

folder, tags, points = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with SummaryWriter(folder, max_queue=100_000, flush_secs=600) as writer:
    for point in range(points):
        for tag in range(tags):
            writer.add_scalar(f"train/tag_{tag}", math.exp(-point / 20_000) * (1 + tag) + 0.05 * math.sin(point * 0.37), point)
