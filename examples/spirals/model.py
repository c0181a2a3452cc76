"""A multilayer perceptron with tanh units and two outputs, trained by stochastic gradient descent. Lists of floats only."""

import math
import random


class Network:
    def __init__(self, sizes, seed):
        draw = random.Random(seed)
        self.sizes = sizes
        # Glorot and Bengio (2010): the spread that keeps tanh units out of saturation.
        self.weights = [
            [[draw.uniform(-1, 1) * math.sqrt(6 / (n_in + n_out)) for _ in range(n_in)] for _ in range(n_out)]
            for n_in, n_out in zip(sizes, sizes[1:])
        ]
        self.biases = [[0.0] * n_out for n_out in sizes[1:]]

    def activations(self, point):
        """The value of every unit, layer by layer; the last layer is linear (logits)."""
        layers = [point]
        last = len(self.weights) - 1
        for index, (rows, biases) in enumerate(zip(self.weights, self.biases)):
            inputs = layers[-1]
            sums = [sum(w * x for w, x in zip(row, inputs)) + bias for row, bias in zip(rows, biases)]
            layers.append(sums if index == last else [math.tanh(s) for s in sums])
        return layers

    def probabilities(self, point):
        return softmax(self.activations(point)[-1])

    def gradients(self, point, label):
        """Loss (cross-entropy, nats) of one point and its gradient for every weight row and bias."""
        layers = self.activations(point)
        loss, chances = cross_entropy(layers[-1], label)
        delta = [p - (1.0 if k == label else 0.0) for k, p in enumerate(chances)]
        steps = []
        for index in range(len(self.weights) - 1, -1, -1):
            inputs = layers[index]
            steps.append((index, [[d * x for x in inputs] for d in delta], delta))
            if index > 0:
                rows = self.weights[index]
                delta = [
                    (1 - x * x) * sum(row[i] * d for row, d in zip(rows, delta)) for i, x in enumerate(inputs)
                ]
        return loss, steps

    def loss_and_accuracy(self, points, labels):
        total, right = 0.0, 0
        for point, label in zip(points, labels):
            loss, chances = cross_entropy(self.activations(point)[-1], label)
            total += loss
            right += chances.index(max(chances)) == label
        return total / len(points), right / len(points)


def softmax(logits):
    top = max(logits)
    powers = [math.exp(value - top) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]


def cross_entropy(logits, label):
    """Loss in nats, computed in log space so that a wrong, very sure network has a large loss and not an infinite one."""
    top = max(logits)
    loss = top + math.log(sum(math.exp(value - top) for value in logits)) - logits[label]
    return loss, softmax(logits)
