"""Trains a small network to tell two spirals apart, and logs the run. `python train.py --help`"""

import argparse
import json
import math
import random
import struct
import time
import zlib
from pathlib import Path

from data import spirals
from model import Network
from track import Run

# Guessing costs ln 2 = 0.69 nats; what is a hundred times worse will not come back.
LOSS_LIMIT = 70.0


def train(params, run, pace=0.0, start_epoch=0, stop_epoch=None, network=None):
    points, labels = spirals(params["points"], params["turns"], params["noise"], seed=7)
    held_out = len(points) // 4
    valid = points[:held_out], labels[:held_out]
    rows = list(zip(points[held_out:], labels[held_out:]))
    network = network or Network([2, *params["hidden"], 2], params["seed"])
    speed = zero_like(network)
    draw = random.Random(params["seed"])
    per_epoch = math.ceil(len(rows) / params["batch"])
    step = start_epoch * per_epoch
    began = time.monotonic()
    for epoch in range(start_epoch, stop_epoch or params["epochs"]):
        draw.shuffle(rows)
        for first in range(0, len(rows), params["batch"]):
            loss, norm = update(network, speed, rows[first : first + params["batch"]], params)
            step += 1
            run.metrics({"train/loss": loss, "train/grad_norm": norm, "epoch": epoch + (first + 1) / len(rows)}, step)
            if not math.isfinite(loss) or loss > LOSS_LIMIT:
                raise ArithmeticError(f"the loss diverged at step {step}: {loss:.4g} nats, gradient norm {norm:.3g}")
            if pace:
                time.sleep(pace)
        val_loss, val_acc = network.loss_and_accuracy(*valid)
        # Whoever gave the run reads these from the line below.
        if not run.is_given:
            run.metrics({"val/loss": val_loss, "val/acc": val_acc}, step)
        run.metric("train/lr", params["lr"], step)
        run.metric("system/seconds_per_epoch", (time.monotonic() - began) / (epoch - start_epoch + 1), step)
        print(f"epoch {epoch + 1}/{params['epochs']}  step {step}  val/loss={val_loss:.4f} val/acc={val_acc:.3f}", flush=True)
        if (epoch + 1) % 10 == 0:
            run.artifact(f"checkpoints/epoch-{epoch + 1:03d}.npy", to_npy(network.weights[0]))
    return network, valid


def update(network, speed, batch, params):
    """One step of gradient descent with momentum; returns the mean loss and the norm of the mean gradient."""
    total, squares = 0.0, 0.0
    sums = zero_like(network)
    for point, label in batch:
        loss, steps = network.gradients(point, label)
        total += loss
        for index, rows, biases in steps:
            for to, row in zip(sums[index][0], rows):
                for i, value in enumerate(row):
                    to[i] += value
            for i, value in enumerate(biases):
                sums[index][1][i] += value
    for index, (rows, biases) in enumerate(sums):
        for r, row in enumerate([*rows, biases]):
            weights = network.weights[index][r] if r < len(rows) else network.biases[index]
            speeds = speed[index][0][r] if r < len(rows) else speed[index][1]
            for i, value in enumerate(row):
                value /= len(batch)
                squares += value * value
                speeds[i] = params["momentum"] * speeds[i] - params["lr"] * value
                weights[i] += speeds[i]
    return total / len(batch), math.sqrt(squares)


def zero_like(network):
    return [
        ([[0.0] * len(row) for row in rows], [0.0] * len(biases)) for rows, biases in zip(network.weights, network.biases)
    ]


def to_npy(rows):
    """NumPy's .npy format, version 1.0: a magic number, a header padded to 64 bytes, float64 values row by row."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    values = [value for row in rows for value in row]
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}d", *values)


def to_png(network, size=120):
    """What the network thinks of every place in [-1.2, 1.2]²: blue for arm 0, orange for arm 1."""
    lines = b""
    for row in range(size):
        lines += b"\x00"
        for column in range(size):
            chance = network.probabilities([2.4 * column / size - 1.2, 1.2 - 2.4 * row / size])[1]
            lines += bytes(int(a + (b - a) * chance) for a, b in ((32, 245), (110, 150), (190, 40)))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def report(run, network, valid, params):
    loss, accuracy = network.loss_and_accuracy(*valid)
    wrong = []
    for point, label in zip(*valid):
        chances = network.probabilities(point)
        wrong.append(f"{point[0]:.4f},{point[1]:.4f},{label},{chances[1]:.4f},{chances.index(max(chances)) == label}")
    run.artifact("predictions.csv", ("x,y,arm,chance_of_arm_1,right\n" + "\n".join(wrong) + "\n").encode())
    run.artifact("decision.png", to_png(network))
    run.artifact("params.json", json.dumps(params, indent=2).encode())
    run.artifact(
        "report.md",
        f"# Two spirals\n\n{accuracy:.1%} of {len(valid[0])} held-out points are right, "
        f"cross-entropy {loss:.3f} nats.\n\n| hidden | lr | momentum |\n| --- | --- | --- |\n"
        f"| {params['hidden']} | {params['lr']} | {params['momentum']} |\n".encode(),
    )


def main():
    parser = argparse.ArgumentParser(description="Trains a network on two spirals and logs an MLflow run.")
    parser.add_argument("--name", default="spirals")
    parser.add_argument("--experiment", default="spirals")
    parser.add_argument("--store", default="mlruns", help="folder of the MLflow file store")
    parser.add_argument("--parent", help="id of the run this one belongs to")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds to wait after each step")
    parser.add_argument("--interrupt-at", type=int, help="stop at this epoch and resume ten epochs earlier, as a spot machine would")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="overrides one of params.json")
    options = parser.parse_args()
    params = json.loads(Path("params.json").read_text(encoding="utf-8"))
    for change in options.set:
        key, value = change.split("=", 1)
        params[key] = json.loads(value)
    random.seed(params["seed"])
    with Run(options.store, options.experiment, options.name, params, options.parent) as run:
        print(f"run {run.id}", flush=True)
        if options.interrupt_at:
            network, _ = train(params, run, options.pace, stop_epoch=options.interrupt_at)
            time.sleep(1)
            network, valid = train(params, run, options.pace, start_epoch=max(0, options.interrupt_at - 10), network=network)
        else:
            network, valid = train(params, run, options.pace)
        report(run, network, valid, params)


if __name__ == "__main__":
    main()
