#!/usr/bin/env python3
"""Times workers side by side and prints the ratios: compare.py [options].

Every round asks each worker in turn (A B A B ...), so that what else the machine does hits all of them; of each
worker the median of the rounds' best blocks counts. A worker is LIBRARY:THREADS or PATH:THREADS.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# What the project wants to reach against PyTorch: row, workloads, at least, aim. Lower ends of a range count.
GOALS = [
    ("MLP 16-32-4 step with Adam", ["mlp"], 20, 100),
    ("1 - cosine of 10-vectors, primitives", ["cos10_prim"], 20, 75),
    ("recorded operation, 10 elements", ["chain100"], 20, 120),
    ("product of matrices 256 to 2048", ["matmul256", "matmul1024", "matmul2048"], 1.0, 1.07),
    ("x * y + z as written", ["fma1e7"], 3, 6),
    ("exp", ["exp1e7_out"], 1.6, 2),
    ("erf", ["erf1e7_out"], 3, 4),
    ("tanh", ["tanh1e7_out"], 6, 8),
    ("softmax, sum over dim 0, broadcast add", ["softmax4096_out", "sum4096_d0", "bcast4096_out"], 1.5, 2),
    ("cosine matrix; top 10 of 60,000", ["cosmat5000", "top10_q100", "top10_q1"], 1.0, 1.7),
    ("3 x 3 convolutions", ["conv1_fb", "conv2_fb", "conv3_fb", "conv32_fb", "conv64_fb"], 1.2, 2.5),
    ("max pool", ["maxpool_fb"], 5, 26),
    ("batch norm", ["batchnorm_fb"], 1.2, 1.9),
    ("VGG step", ["vgg_ce", "vgg_contrastive"], 1.3, 2.4),
    ("cross-entropy 4096 x 1000", ["ce4096"], 2, 4),
    ("batch-hard triplet", ["triplet512"], 2, 5),
    ("overlap of 4096 x 4096 boxes", ["iou4096"], 20, 180),
]


class Worker:
    def __init__(self, spec, python):
        self.spec = spec
        library, threads = spec.rsplit(":", 1)
        is_program = os.path.exists(library)
        self.name = f"{'Math' if is_program else library} {threads}"
        command = [library, threads] if is_program else [python, os.path.join(HERE, "peers.py"), library, threads]
        # Set for some processors, these slow the libraries' own choice of kernels.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        while self.read() != ["READY"]:
            pass

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.spec} ended; run it by hand to see why")
        return line.split()

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        first = "OK" if question.startswith("DROP") else question.split()[0]
        while True:
            words = self.read()
            if question == "LIST" or (words and words[0] == first):
                return words

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(workers, names, rounds, seconds):
    """Best block of every round by worker and workload; a worker without a workload is left out."""
    found = {}
    for name in names:
        times = {worker.name: [] for worker in workers}
        absent = set()
        for _ in range(rounds):
            for worker in workers:
                if worker.name in absent:
                    continue
                words = worker.ask(f"{name} {seconds}")
                if words[1] in ("NONE", "ERR"):
                    absent.add(worker.name)
                    if words[1] == "ERR":
                        print(f"{worker.name} failed at {name}: {' '.join(words[2:])}", file=sys.stderr)
                    continue
                times[worker.name].append(float(words[2]))
        for worker in workers:
            worker.ask(f"DROP {name}")
        found[name] = {w: statistics.median(t) for w, t in times.items() if t}
        print(f"{name} done", file=sys.stderr)
    return found


def ratio(found, name, other, ours):
    """How many times as long the other takes; for a VGG step the better of PyTorch's two formats counts."""
    theirs = [found[n][other] for n in (name, f"{name}_cl") if other in found.get(n, {})]
    if ours not in found.get(name, {}) or not theirs:
        return None
    return min(theirs) / found[name][ours]


def shown(value):
    return "" if value is None else f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 5 else f"{value:.2f}"


def print_table(found, others, ours):
    print("| workload | " + " | ".join(f"{other} / {ours}" for other in others) + " |")
    print("|---" * (len(others) + 1) + "|")
    for name in found:
        ratios = [ratio(found, name, other, ours) for other in others]
        if any(r is not None for r in ratios):
            print(f"| `{name}` | " + " | ".join(shown(r) for r in ratios) + " |")


def print_goals(found, other, ours):
    """Rows of the goals with the least of their ratios."""
    print(f"\n| against {other} | at least | aim | reached | |\n|---|---|---|---|---|")
    for title, names, least, aim in GOALS:
        ratios = [ratio(found, name, other, ours) for name in names]
        ratios = [r for r in ratios if r is not None]
        if len(ratios) < len(names):
            continue
        low, high = min(ratios), max(ratios)
        reached = shown(low) if len(ratios) == 1 else f"{shown(low)} to {shown(high)}"
        verdict = "aim" if low >= aim else "yes" if low >= least else "no"
        print(f"| {title} | {least} | {aim} | {reached} | {verdict} |")


def print_faults(workers, names):
    print("\n| page faults a run | " + " | ".join(w.name for w in workers) + " |")
    print("|---" * (len(workers) + 1) + "|")
    for name in names:
        answers = [worker.ask(f"FAULTS {name} 20")[1] for worker in workers]
        if any(a != "NONE" for a in answers):
            print(f"| `{name}` | " + " | ".join("" if a == "NONE" else f"{float(a):.0f}" for a in answers) + " |")
        for worker in workers:
            worker.ask(f"DROP {name}")


def print_busy(program, names, rounds, seconds):
    """Two threads beside a process that takes the last processor, against one thread alone on the first."""
    last = max(os.sched_getaffinity(0))
    two, one = Worker(f"{program}:2", ""), Worker(f"{program}:1", "")
    rows = []
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.sched_setaffinity(hog.pid, {last})
        for name in names:
            # Speeds are compared by the wall clock, the samples' means: what was taken counts here.
            times = {worker: [] for worker in (two, one)}
            for _ in range(rounds):
                for worker in (two, one):
                    times[worker].append(float(worker.ask(f"{name} {seconds}")[1]))
            rows.append((name, statistics.median(times[one]) / statistics.median(times[two])))
    finally:
        hog.kill()
        hog.wait()
    two.close()
    one.close()
    print("\n| two threads, one processor taken, against one thread | speed |\n|---|---|")
    for name, value in rows:
        print(f"| `{name}` | {value:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="our worker, math-bench")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the libraries")
    parser.add_argument("--libraries", default="torch,numpy,jax")
    parser.add_argument("--threads", default="1", help="numbers of threads, separated by commas")
    parser.add_argument("--workloads", default="", help="names, separated by commas; all if left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.1, help="the length of a sample")
    parser.add_argument("--json", default="", help="where to keep the times")
    parser.add_argument("--no-extras", action="store_true", help="leave out page faults and the busy machine")
    options = parser.parse_args()

    kept = {}
    for threads in options.threads.split(","):
        workers = [Worker(f"{options.program}:{threads}", options.python)]
        workers += [Worker(f"{library}:{threads}", options.python)
                    for library in options.libraries.split(",") if library]
        if options.workloads:
            names = options.workloads.split(",")
        else:
            names = []
            for worker in workers:
                names += [n for n in worker.ask("LIST") if n not in names and n != "vgg_epoch"]
        found = measure(workers, names, options.rounds, options.seconds)
        kept[threads] = found
        print(f"\nThreads: {threads}\n")
        print_table(found, [w.name for w in workers[1:]], workers[0].name)
        if any(w.name.startswith("torch") for w in workers):
            print_goals(found, f"torch {threads}", workers[0].name)
        if not options.no_extras and threads == options.threads.split(",")[0]:
            print_faults([w for w in workers if not w.name.startswith("jax")],
                         ["mlp", "vgg_ce", "vgg_contrastive"])
        for worker in workers:
            worker.close()
    if not options.no_extras:
        print_busy(options.program, ["matmul1024", "vgg_ce", "exp1e7_out"], 5, 0.3)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(kept, file, indent=1)


if __name__ == "__main__":
    main()
