#!/usr/bin/env python3
"""The worker of PyTorch, NumPy and JAX: peers.py LIBRARY THREADS.

Speaks the protocol of Benchmarks/README.md on standard input and output. A workload is a function that makes
its data and returns what is timed; all numbers are float32. torch.compile is left out: Math is compared with
PyTorch as it is written, operation by operation.
"""
import os
import resource
import sys
import time

LIBRARY, THREADS = sys.argv[1], int(sys.argv[2])
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"):
    os.environ[name] = str(THREADS)
os.environ["JAX_PLATFORMS"] = "cpu"
if THREADS == 1:
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"

import numpy as np  # noqa: E402  (after the numbers of threads are set)

rng = np.random.default_rng(1)
WORKLOADS = {}
SIZES = (32, 64, 128, 256, 1024, 2048)
N = 10_000_000
# Batch, channels in and out, side of the image.
CONVOLUTIONS = {
    "conv1": (64, 1, 32, 28), "conv2": (64, 32, 64, 14), "conv3": (64, 64, 128, 7),
    "conv32": (64, 32, 32, 28), "conv64": (64, 64, 64, 14),
}


def normal(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def workload(name, *arguments):
    """Registers a function that prepares a workload, called with the arguments."""
    def register(prepare):
        WORKLOADS[name] = lambda: prepare(*arguments)
        return prepare
    return register


def some_boxes():
    corner, size = rng.random((4096, 2), np.float32), rng.random((4096, 2), np.float32) * np.float32(0.3)
    return np.concatenate([corner, corner + size], 1)


def torch_workloads():
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)

    def t(*shape):
        return torch.from_numpy(normal(*shape))

    def leaf(*shape):
        return t(*shape).requires_grad_()

    def classes(count, n):
        return torch.from_numpy(rng.integers(0, n, count))

    def backward(leaves, loss, gradient=None):
        def run():
            for x in leaves:
                x.grad = None
            loss().backward(gradient)
        return run

    @workload("cos10")
    def _():
        a, b = leaf(10), leaf(10)
        return backward([a, b], lambda: 1 - F.cosine_similarity(a, b, dim=0))

    @workload("cos10_prim")
    def _():
        a, b = leaf(10), leaf(10)
        return backward([a, b], lambda: 1 - (a * b).sum() / ((a * a).sum().sqrt() * (b * b).sum().sqrt()))

    def chain(a, b):
        x = a
        for _ in range(50):
            x = x * b
            x = x + a
        return x

    @workload("chain100")
    def _():
        a, b = leaf(10), leaf(10)
        return backward([a, b], lambda: chain(a, b).sum())

    @workload("chain100_fwd")
    def _():
        a, b = leaf(10), leaf(10)
        return lambda: chain(a, b)

    @workload("chain100_nograd")
    def _():
        a, b = t(10), t(10)
        return lambda: chain(a, b)

    @workload("mlp", True)
    @workload("mlp_nostep", False)
    def _(steps):
        model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4))
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        x, y = t(8, 16), classes(8, 4)

        def run():
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            if steps:
                optimizer.step()
        return run

    @workload("adam200", lambda p: torch.optim.Adam(p, 1e-3))
    @workload("sgd200", lambda p: torch.optim.SGD(p, 1e-3, momentum=0.9))
    def _(optimizer):
        parameters = [leaf(64) for _ in range(200)]
        for p in parameters:
            p.grad = t(64)
        return optimizer(parameters).step

    for n in SIZES:
        @workload(f"matmul{n}", n)
        def _(n):
            a, b = t(n, n), t(n, n)
            return lambda: a @ b

    @workload("fma1e7")
    def _():
        x, y, z = t(N), t(N), t(N)
        return lambda: x * y + z

    @workload("exp1e7")
    def _():
        x = t(N)
        return lambda: torch.exp(x)

    for function in ("exp", "log", "tanh", "erf", "sigmoid"):
        @workload(f"{function}1e7_out", function)
        def _(function):
            x, out, call = t(N).abs_() + 0.1, torch.empty(N), getattr(torch, function)
            return lambda: call(x, out=out)

    @workload("add1e5")
    def _():
        x, y = t(100_000), t(100_000)
        return lambda: x + y

    @workload("sum4096")
    def _():
        x = t(4096, 4096)
        return lambda: x.sum()

    @workload("sum4096_d0", 0)
    @workload("sum4096_d1", 1)
    def _(dim):
        x = t(4096, 4096)
        return lambda: x.sum(dim)

    @workload("softmax4096")
    def _():
        x = t(4096, 4096)
        return lambda: torch.softmax(x, 1)

    @workload("softmax4096_out")
    def _():
        x, out = t(4096, 4096), torch.empty(4096, 4096)
        return lambda: torch.softmax(x, 1, out=out)

    @workload("bcast4096")
    def _():
        x, y = t(4096, 4096), t(4096)
        return lambda: x + y

    @workload("bcast4096_out", (4096,))
    @workload("bcastcol4096_out", (4096, 1))
    def _(shape):
        x, y, out = t(4096, 4096), t(*shape), torch.empty(4096, 4096)
        return lambda: torch.add(x, y, out=out)

    @workload("transpose4096")
    def _():
        x = t(4096, 4096)
        return lambda: x.t().contiguous()

    @workload("cosmat5000")
    def _():
        x = t(5000, 512)

        def run():
            unit = F.normalize(x)
            return unit @ unit.t()
        return run

    @workload("top10_q100")
    def _():
        points, queries = F.normalize(t(60000, 128)), F.normalize(t(100, 128))
        return lambda: torch.topk(queries @ points.t(), 10)

    @workload("top10_q1")
    def _():
        points, query = F.normalize(t(60000, 128)), F.normalize(t(128), dim=0)
        return lambda: torch.topk(points @ query, 10)

    for name, sizes in CONVOLUTIONS.items():
        @workload(f"{name}_fb", *sizes)
        def _(n, channels, filters, side):
            x = t(n, channels, side, side).requires_grad_(channels > 1)
            w, b, g = leaf(filters, channels, 3, 3), leaf(filters), t(n, filters, side, side)
            return backward([x, w, b], lambda: F.conv2d(x, w, b, padding=1), g)

        @workload(f"{name}_f", *sizes)
        def _(n, channels, filters, side):
            x, w, b = t(n, channels, side, side), t(filters, channels, 3, 3), t(filters)
            return lambda: F.conv2d(x, w, b, padding=1)

    @workload("maxpool_fb")
    def _():
        x, g = leaf(64, 32, 28, 28), t(64, 32, 14, 14)
        return backward([x], lambda: F.max_pool2d(x, 2), g)

    @workload("batchnorm_fb")
    def _():
        x, g, layer = leaf(64, 32, 28, 28), t(64, 32, 28, 28), nn.BatchNorm2d(32)
        return backward([x, layer.weight, layer.bias], lambda: layer(x), g)

    @workload("layernorm_fb")
    def _():
        x, g, layer = leaf(4096, 768), t(4096, 768), nn.LayerNorm(768)
        return backward([x, layer.weight, layer.bias], lambda: layer(x), g)

    @workload("relu_fb")
    def _():
        x, g = leaf(64, 32, 28, 28), t(64, 32, 28, 28)
        return backward([x], lambda: F.relu(x), g)

    class VGG(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(
                nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
                nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1),
                nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 49, 128))
            self.head = nn.Linear(128, 10)

        def forward(self, x):
            return self.features(x)

    def contrastive(e, y):
        squares = e.pow(2)
        d2 = (squares.sum(1, keepdim=True) + squares.sum(1) - 2 * e @ e.t()).clamp_min(1e-12)
        same = (y[:, None] == y[None]).float()
        return (same * d2 + (1 - same) * F.relu(1 - d2.sqrt()).pow(2)).mean()

    def training_step(kind, channels_last):
        model = VGG()
        if channels_last:
            model = model.to(memory_format=torch.channels_last)
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        images, labels = t(6016, 1, 28, 28), classes(6016, 10)
        steps = [0]

        def run():
            i = steps[0] % 94 * 64
            steps[0] += 1
            x, y = images[i:i + 64], labels[i:i + 64]
            if channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            e = model(x)
            loss = F.cross_entropy(model.head(e), y) if kind == "ce" else contrastive(e, y)
            loss.backward()
            optimizer.step()
        return run

    for kind in ("ce", "contrastive"):
        workload(f"vgg_{kind}", kind, False)(training_step)
        workload(f"vgg_{kind}_cl", kind, True)(training_step)

    @workload("vgg_epoch")
    def _():
        step = training_step("ce", False)

        def run():
            for _ in range(94):
                step()
        return run

    @workload("vgg_infer")
    def _():
        model, x = VGG(), t(256, 1, 28, 28)

        def run():
            with torch.no_grad():
                return model(x)
        return run

    @workload("ce4096")
    def _():
        x, y = leaf(4096, 1000), classes(4096, 1000)
        return backward([x], lambda: F.cross_entropy(x, y))

    @workload("triplet512")
    def _():
        x, y = leaf(512, 128), classes(512, 16)
        same = y[:, None] == y[None]

        def loss():
            d = torch.cdist(x, x)
            far = torch.where(same, d, 0.0).amax(1)
            near = torch.where(same, torch.inf, d).amin(1)
            return F.relu(far - near + 0.2).mean()
        return backward([x], loss)

    @workload("cosrows_fb")
    def _():
        a, b, g = leaf(4096, 512), leaf(4096, 512), t(4096)
        return backward([a, b], lambda: F.cosine_similarity(a, b), g)

    @workload("cosembed_fb")
    def _():
        a, b, y = leaf(4096, 512), leaf(4096, 512), classes(4096, 2) * 2 - 1
        return backward([a, b], lambda: F.cosine_embedding_loss(a, b, y, margin=0.2))

    @workload("contrastive_fb")
    def _():
        a, b, y = leaf(4096, 128), leaf(4096, 128), classes(4096, 2).float()

        def loss():
            d = (a - b).norm(dim=1)
            return ((1 - y) * d.square() / 2 + y * F.relu(20 - d).square() / 2).mean()
        return backward([a, b], loss)

    @workload("iou4096")
    def _():
        a, b = torch.from_numpy(some_boxes()), torch.from_numpy(some_boxes())

        def run():  # as torchvision.ops.box_iou
            area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
            area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
            sides = (torch.min(a[:, None, 2:], b[:, 2:]) - torch.max(a[:, None, :2], b[:, :2])).clamp(min=0)
            inter = sides[..., 0] * sides[..., 1]
            return inter / (area_a[:, None] + area_b - inter)
        return run


def numpy_workloads():
    for n in SIZES:
        @workload(f"matmul{n}", n)
        def _(n):
            a, b = normal(n, n), normal(n, n)
            return lambda: a @ b

    @workload("fma1e7")
    def _():
        x, y, z = normal(N), normal(N), normal(N)
        return lambda: x * y + z

    @workload("exp1e7")
    def _():
        x = normal(N)
        return lambda: np.exp(x)

    for function in ("exp", "log", "tanh"):
        @workload(f"{function}1e7_out", function)
        def _(function):
            x, out, call = np.abs(normal(N)) + np.float32(0.1), np.empty(N, np.float32), getattr(np, function)
            return lambda: call(x, out=out)

    @workload("add1e5")
    def _():
        x, y = normal(100_000), normal(100_000)
        return lambda: x + y

    @workload("sum4096", None)
    @workload("sum4096_d0", 0)
    @workload("sum4096_d1", 1)
    def _(axis):
        x = normal(4096, 4096)
        return lambda: x.sum(axis)

    @workload("softmax4096")
    def _():
        x = normal(4096, 4096)

        def run():
            e = np.exp(x - x.max(1, keepdims=True))
            e /= e.sum(1, keepdims=True)
            return e
        return run

    @workload("bcast4096")
    def _():
        x, y = normal(4096, 4096), normal(4096)
        return lambda: x + y

    @workload("bcast4096_out", (4096,))
    @workload("bcastcol4096_out", (4096, 1))
    def _(shape):
        x, y, out = normal(4096, 4096), normal(*shape), np.empty((4096, 4096), np.float32)
        return lambda: np.add(x, y, out=out)

    @workload("transpose4096")
    def _():
        x = normal(4096, 4096)
        return lambda: np.ascontiguousarray(x.T)

    @workload("cosmat5000")
    def _():
        x = normal(5000, 512)

        def run():
            unit = x / np.linalg.norm(x, axis=1, keepdims=True)
            return unit @ unit.T
        return run

    def top(scores, k):
        i = np.argpartition(-scores, k, axis=-1)[..., :k]
        return np.take_along_axis(i, np.argsort(-np.take_along_axis(scores, i, -1), -1), -1)

    @workload("top10_q100", (100, 128))
    @workload("top10_q1", (128,))
    def _(shape):
        points, queries = normal(60000, 128), normal(*shape)
        return lambda: top(queries @ points.T, 10)

    @workload("mlp")  # with the gradients written out by hand
    def _():
        weights = [normal(16, 32), normal(32), normal(32, 4), normal(4)]
        first, second = [np.zeros_like(p) for p in weights], [np.zeros_like(p) for p in weights]
        x, y, rows, steps = normal(8, 16), rng.integers(0, 4, 8), np.arange(8), [0]

        def run():
            w1, b1, w2, b2 = weights
            h = x @ w1 + b1
            a = np.maximum(h, 0)
            o = a @ w2 + b2
            g = np.exp(o - o.max(1, keepdims=True))
            g /= g.sum(1, keepdims=True)
            g[rows, y] -= 1
            g /= 8
            inner = g @ w2.T
            inner[h <= 0] = 0
            gradients = [x.T @ inner, inner.sum(0), a.T @ g, g.sum(0)]
            steps[0] += 1
            k = steps[0]
            for p, d, m, v in zip(weights, gradients, first, second):
                m *= 0.9
                m += 0.1 * d
                v *= 0.999
                v += 0.001 * d * d
                p -= 1e-3 * (m / (1 - 0.9 ** k)) / (np.sqrt(v / (1 - 0.999 ** k)) + 1e-8)
        return run

    @workload("iou4096")
    def _():
        a, b = some_boxes(), some_boxes()

        def run():
            area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
            area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
            w = np.maximum(np.minimum(a[:, None, 2], b[:, 2]) - np.maximum(a[:, None, 0], b[:, 0]), 0)
            h = np.maximum(np.minimum(a[:, None, 3], b[:, 3]) - np.maximum(a[:, None, 1], b[:, 1]), 0)
            inter = w * h
            return inter / (area_a[:, None] + area_b - inter)
        return run


def jax_workloads():
    """JAX compiles each of these as a whole: what it can do, not what it does operation by operation."""
    import jax
    import jax.numpy as jnp

    def j(*shape):
        return jnp.asarray(normal(*shape))

    def compiled(function, *arguments):
        run = jax.jit(function)
        return lambda: jax.block_until_ready(run(*arguments))

    def simple(name, function, *shapes):
        WORKLOADS[name] = lambda: compiled(function, *[j(*shape) for shape in shapes])

    def cross_entropy(x, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x, 1), y[:, None], 1))

    def classes(count, n):
        return jnp.asarray(rng.integers(0, n, count))

    def cosine(a, b):
        return 1 - (a * b).sum() / (jnp.sqrt((a * a).sum()) * jnp.sqrt((b * b).sum()))

    def chain(a, b):
        x = a
        for _ in range(50):
            x = x * b
            x = x + a
        return x.sum()

    simple("cos10", jax.value_and_grad(cosine, (0, 1)), (10,), (10,))
    simple("cos10_prim", jax.value_and_grad(cosine, (0, 1)), (10,), (10,))
    simple("chain100", jax.value_and_grad(chain, (0, 1)), (10,), (10,))
    for n in SIZES:
        simple(f"matmul{n}", jnp.matmul, (n, n), (n, n))
    simple("fma1e7", lambda x, y, z: x * y + z, (N,), (N,), (N,))
    simple("exp1e7", jnp.exp, (N,))
    for name, function in (
        ("exp", jnp.exp), ("log", jnp.log), ("tanh", jnp.tanh), ("erf", jax.scipy.special.erf),
        ("sigmoid", jax.nn.sigmoid),
    ):
        @workload(f"{name}1e7_out", function)
        def _(function):
            return compiled(function, jnp.abs(j(N)) + 0.1)
    simple("sum4096", jnp.sum, (4096, 4096))
    simple("sum4096_d0", lambda x: x.sum(0), (4096, 4096))
    simple("sum4096_d1", lambda x: x.sum(1), (4096, 4096))
    simple("softmax4096", lambda x: jax.nn.softmax(x, 1), (4096, 4096))
    simple("bcast4096", jnp.add, (4096, 4096), (4096,))
    simple("top10_q100", lambda p, q: jax.lax.top_k(q @ p.T, 10), (60000, 128), (100, 128))
    simple("top10_q1", lambda p, q: jax.lax.top_k(p @ q, 10), (60000, 128), (128,))

    @workload("cosmat5000")
    def _():
        def cosines(x):
            unit = x / jnp.linalg.norm(x, axis=1, keepdims=True)
            return unit @ unit.T
        return compiled(cosines, j(5000, 512))

    def conv(x, w, b):
        y = jax.lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NCHW", "OIHW", "NCHW"))
        return y + b[None, :, None, None]

    for name, sizes in CONVOLUTIONS.items():
        @workload(f"{name}_fb", *sizes)
        def _(n, channels, filters, side):
            def run(x, w, b, g):
                if channels == 1:
                    y, back = jax.vjp(lambda w, b: conv(x, w, b), w, b)
                else:
                    y, back = jax.vjp(conv, x, w, b)
                return y, back(g)
            return compiled(run, j(n, channels, side, side), j(filters, channels, 3, 3), j(filters),
                            j(n, filters, side, side))

    def pool(x):
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    def adam(p, g, m, v, k):
        m = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree_util.tree_map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        p = jax.tree_util.tree_map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9 ** k)) / (jnp.sqrt(v / (1 - 0.999 ** k)) + 1e-8), p, m, v)
        return p, m, v

    def train(parameters, loss, batches):
        """One compiled step of Adam after another."""
        step = jax.jit(lambda p, m, v, k, *batch: adam(p, jax.grad(loss)(p, *batch), m, v, k))
        zeros = jax.tree_util.tree_map(jnp.zeros_like, parameters)
        state, count = [(parameters, zeros, zeros)], [0]

        def run():
            batch = batches(count[0])
            count[0] += 1
            state[0] = jax.block_until_ready(step(*state[0], float(count[0]), *batch))
        return run

    @workload("mlp")
    def _():
        x, y = j(8, 16), classes(8, 4)
        parameters = [j(16, 32), j(32), j(32, 4), j(4)]

        def loss(p, x, y):
            return cross_entropy(jax.nn.relu(x @ p[0] + p[1]) @ p[2] + p[3], y)
        return train(parameters, loss, lambda k: (x, y))

    def contrastive(e, y):
        squares = (e * e).sum(1)
        d2 = jnp.maximum(squares[:, None] + squares[None] - 2 * e @ e.T, 1e-12)
        same = (y[:, None] == y[None]).astype(jnp.float32)
        return (same * d2 + (1 - same) * jax.nn.relu(1 - jnp.sqrt(d2)) ** 2).mean()

    def training_step(kind):
        scale = np.float32(0.1)
        shapes = [(32, 1, 3, 3), (32,), (32, 32, 3, 3), (32,), (64, 32, 3, 3), (64,), (64, 64, 3, 3), (64,),
                  (3136, 128), (128,), (128, 10), (10,)]
        parameters = [j(*shape) * scale for shape in shapes]
        images, labels = j(6016, 1, 28, 28), classes(6016, 10)

        def loss(p, x, y):
            for i in (0, 4):
                x = jax.nn.relu(conv(x, p[i], p[i + 1]))
                x = pool(jax.nn.relu(conv(x, p[i + 2], p[i + 3])))
            e = x.reshape(x.shape[0], -1) @ p[8] + p[9]
            return cross_entropy(e @ p[10] + p[11], y) if kind == "ce" else contrastive(e, y)

        def batch(k):
            i = k % 94 * 64
            return images[i:i + 64], labels[i:i + 64]
        return train(parameters, loss, batch)

    workload("vgg_ce", "ce")(training_step)
    workload("vgg_contrastive", "contrastive")(training_step)

    @workload("ce4096")
    def _():
        return compiled(jax.value_and_grad(cross_entropy), j(4096, 1000), classes(4096, 1000))

    @workload("triplet512")
    def _():
        y = classes(512, 16)
        same = y[:, None] == y[None]

        def loss(x):
            squares = (x * x).sum(1)
            d = jnp.sqrt(jnp.maximum(squares[:, None] + squares - 2 * x @ x.T, 1e-12))
            far, near = jnp.where(same, d, 0).max(1), jnp.where(same, jnp.inf, d).min(1)
            return jax.nn.relu(far - near + 0.2).mean()
        return compiled(jax.value_and_grad(loss), j(512, 128))

    def rows(x):
        return x / jnp.maximum(jnp.linalg.norm(x, axis=1, keepdims=True), 1e-8)

    @workload("cosrows_fb")
    def _():
        def run(a, b, g):
            y, back = jax.vjp(lambda a, b: (rows(a) * rows(b)).sum(1), a, b)
            return y, back(g)
        return compiled(run, j(4096, 512), j(4096, 512), j(4096))

    @workload("contrastive_fb")
    def _():
        def loss(a, b, y):
            d = jnp.linalg.norm(a - b, axis=1)
            return ((1 - y) * d ** 2 / 2 + y * jax.nn.relu(20 - d) ** 2 / 2).mean()
        return compiled(jax.value_and_grad(loss, (0, 1)), j(4096, 128), j(4096, 128), classes(4096, 2))

    @workload("layernorm_fb")
    def _():
        def layer(x, w, b):
            d = x - x.mean(1, keepdims=True)
            return d * jax.lax.rsqrt((d * d).mean(1, keepdims=True) + 1e-5) * w + b

        def run(x, w, b, g):
            y, back = jax.vjp(layer, x, w, b)
            return y, back(g)
        return compiled(run, j(4096, 768), j(768), j(768), j(4096, 768))

    @workload("iou4096")
    def _():
        def overlap(a, b):
            area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
            area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
            sides = jnp.clip(jnp.minimum(a[:, None, 2:], b[:, 2:]) - jnp.maximum(a[:, None, :2], b[:, :2]), 0)
            inter = sides[..., 0] * sides[..., 1]
            return inter / (area_a[:, None] + area_b - inter)
        return compiled(overlap, jnp.asarray(some_boxes()), jnp.asarray(some_boxes()))


READY = {}


def prepared(name):
    """A workload's function and about how long it runs, after two runs."""
    if name not in READY:
        run = WORKLOADS[name]()
        run()
        run()
        start = time.perf_counter()
        run()
        READY[name] = (run, max(time.perf_counter() - start, 1e-9))
    return READY[name]


def sample(name, length):
    """Times blocks of about 10 ms: mean and best seconds a run, and the number of runs.

    With one thread a block takes the smaller of wall time and processor time, which leaves out what other
    processes took.
    """
    run, duration = prepared(name)
    per_block = max(1, int(0.01 / duration))
    blocks = max(1, int(length / duration) // per_block)
    times = []
    for _ in range(blocks):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(per_block):
            run()
        elapsed = time.perf_counter() - wall
        if THREADS == 1:
            elapsed = min(elapsed, time.process_time() - cpu)
        times.append(elapsed / per_block)
    READY[name] = (run, max(min(times), 1e-9))
    return sum(times) / blocks, min(times), blocks * per_block


def answer(words):
    if words[0] == "LIST":
        return " ".join(WORKLOADS)
    if words[0] == "DROP":
        READY.pop(words[1], None)
        return "OK"
    if words[0] == "FAULTS":
        if words[1] not in WORKLOADS:
            return "FAULTS NONE"
        run, runs = prepared(words[1])[0], int(words[2])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(runs):
            run()
        return f"FAULTS {(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / runs}"
    if words[0] not in WORKLOADS:
        return f"{words[0]} NONE"
    mean, best, runs = sample(words[0], float(words[1]) if len(words) > 1 else 0.2)
    return f"{words[0]} {mean:.9g} {best:.9g} {runs}"


if __name__ == "__main__":
    {"torch": torch_workloads, "numpy": numpy_workloads, "jax": jax_workloads}[LIBRARY]()
    print("READY", flush=True)
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        try:
            print(answer(words), flush=True)
        except Exception as error:  # the driver prints it beside the workload and goes on
            print(words[0], "ERR", repr(error)[:200].replace("\n", " "), flush=True)
