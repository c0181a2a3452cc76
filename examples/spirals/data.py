"""Two spirals wound into each other: the classic task that no straight line solves (Lang and Witbrock, 1988)."""

import math
import random


def spirals(count, turns, noise, seed):
    """`count` points per arm as [x, y] in about [-1, 1], and their arm (0 or 1), shuffled."""
    draw = random.Random(seed)
    rows = []
    for arm in (0, 1):
        for i in range(count):
            way = (i + 0.5) / count
            angle = way * turns * 2 * math.pi + arm * math.pi
            x = way * math.cos(angle) + draw.gauss(0, noise)
            y = way * math.sin(angle) + draw.gauss(0, noise)
            rows.append(([x, y], arm))
    draw.shuffle(rows)
    return [point for point, _ in rows], [arm for _, arm in rows]
