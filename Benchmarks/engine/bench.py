#!/usr/bin/env python3
"""Times the engine against one program a lesson made with swiftc, in turn, and prints ratios.

usage: Benchmarks/engine/bench.py [--rounds N]

Machines are noisy, so that every comparison alternates its sides and takes the best of the rounds; the ratios
count, not the times. Needs the release build (Scripts/lessons makes it) and swiftc on PATH.
"""
import argparse
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LESSONS = os.path.join(ROOT, ".build/release/lessons")
CELLS = 20


def cells(salt):
    """The cells of a lesson without heavy maths: declarations, a little work, a printed line each."""
    yield f"var total = {salt}\nprint(total)"
    for k in range(2, CELLS + 1):
        yield (
            f"struct Item{k} {{ var size: Int; var price: Double }}\n"
            f"func area{k}(_ side: Int) -> Int {{ side * side + {k} }}\n"
            f"total += area{k}({k})\n"
            f"let item{k} = Item{k}(size: total, price: 2.5)\n"
            f'print("{k}:", item{k}.size, item{k}.price)'
        )


def lesson(path, salt):
    with open(path, "w") as file:
        file.write("# Benchmark\n\n")
        for number, code in enumerate(cells(salt), 1):
            file.write(f"Prose before cell {number}.\n\n```swift\n{code}\n```\n\n")


def timed(*command, cwd=None, environment=None):
    """Returns wall-clock and processor seconds of a command that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, LESSONS_CACHE=os.path.join(folder, "cache"), NO_COLOR="1")
        self.salt = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def fresh(self, name):
        """Writes a lesson that no cache has seen."""
        self.salt += 1
        lesson(self.path(name), self.salt)

    def verify(self, *arguments):
        return timed(LESSONS, "verify", *arguments, cwd=self.folder, environment=self.environment)

    def cold(self):
        self.fresh("a.md")
        return self.verify("a.md")

    def unchanged(self):
        return self.verify("a.md")

    def edited(self):
        """Changes the last cell of the warm lesson; from the edit to the verdict."""
        self.salt += 1
        with open(self.path("a.md")) as file:
            text = file.read()
        head, tail = text.rsplit("```swift\n", 1)
        with open(self.path("a.md"), "w") as file:
            file.write(f"{head}```swift\n// edit {self.salt}\n{tail}")
        return self.verify("a.md")

    def merged(self):
        """The whole lesson as one program: compiled and run as a reader without the runner would."""
        self.salt += 1
        source = self.path("main.swift")
        with open(source, "w") as file:
            file.write("\n".join(cells(self.salt)) + "\n")
        start_wall, start_cpu = timed("swiftc", "-Onone", source, "-o", self.path("program"), cwd=self.folder)
        run_wall, run_cpu = timed(self.path("program"))
        return start_wall + run_wall, start_cpu + run_cpu

    def one_after_the_other(self):
        self.fresh("b.md")
        self.fresh("c.md")
        return self.verify("b.md", "c.md", "--jobs", "1")

    def side_by_side(self):
        self.fresh("b.md")
        self.fresh("c.md")
        return self.verify("b.md", "c.md", "--jobs", "2")

    def start(self):
        return timed(LESSONS, "--version")

    def peak_memory(self):
        """The runner's own peak, without the cells and compilers it starts."""
        process = subprocess.Popen(
            [LESSONS, "verify", "a.md"], cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            try:
                with open(f"/proc/{process.pid}/status") as file:
                    for line in file:
                        if line.startswith("VmHWM:"):
                            peak = max(peak, int(line.split()[1]))
            except (FileNotFoundError, ProcessLookupError):
                break
            time.sleep(0.001)
        return peak / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    folder = tempfile.mkdtemp(prefix="lessons-bench-")
    try:
        bench = Bench(folder)
        bench.cold()  # fills the compiler's module cache
        names = ["start", "cold", "unchanged", "edited", "merged", "one_after_the_other", "side_by_side"]
        samples = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                samples[name].append(getattr(bench, name)())
        wall = {name: min(wall for wall, _ in samples[name]) for name in names}
        cpu = {name: min(cpu for _, cpu in samples[name]) for name in names}
        peak = bench.peak_memory()
    finally:
        shutil.rmtree(folder)

    rows = [
        ("start to the first byte", f"{wall['start'] * 1e3:.0f} ms", "at most 50 ms", wall["start"] <= 0.05),
        ("edit of the last of 20 cells to its verdict", f"{wall['edited']:.2f} s", "at most 0.25 s idle",
         wall["edited"] <= 0.25),
        ("that / the whole lesson compiled by swiftc and run", f"{wall['edited'] / wall['merged']:.2f}",
         "at most 0.5", wall["edited"] <= 0.5 * wall["merged"]),
        ("cold run / run of the unchanged lesson", f"{wall['cold'] / wall['unchanged']:.0f}×", "at least 10×",
         wall["cold"] >= 10 * wall["unchanged"]),
        ("cold, processor time a cell", f"{cpu['cold'] / CELLS:.3f} s", "at most 0.15 s",
         cpu["cold"] / CELLS <= 0.15),
        ("two lessons one after the other / side by side",
         f"{wall['one_after_the_other'] / wall['side_by_side']:.2f}×", "at least 1.7×",
         wall["one_after_the_other"] >= 1.7 * wall["side_by_side"]),
        ("memory of the runner beside the cells", f"{peak:.0f} MB", "below 100 MB", peak < 100),
    ]
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, best of {rounds} rounds\n")
    print("| what | measured | aim | |")
    print("|---|---|---|---|")
    for what, measured, aim, is_met in rows:
        print(f"| {what} | {measured} | {aim} | {'met' if is_met else 'missed'} |")
    print("\nwall-clock seconds: " + json.dumps({name: round(value, 3) for name, value in wall.items()}))


if __name__ == "__main__":
    main()
