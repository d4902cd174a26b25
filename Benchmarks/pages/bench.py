#!/usr/bin/env python3
"""Times the making of pages, weighs them, and prints a table.

usage: Benchmarks/pages/bench.py [--rounds N]

Renders the whole course once, which runs it, and then from what the cells did; then edits the last cell of a
lesson over and over, and compares a run of it with a page of it, alone and in the site. The best of the rounds
counts. Needs the release build, which Scripts/lessons makes.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LESSONS = ROOT / ".build/release/lessons"
EDITED = "06-mse"


def timed(*arguments, cwd, environment):
    """Returns the seconds of a command that must succeed."""
    start = time.perf_counter()
    run = subprocess.run([LESSONS, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"lessons {' '.join(arguments)} failed:\n{run.stdout}{run.stderr}")
    return time.perf_counter() - start


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.environment = dict(os.environ, NO_COLOR="1")
        shutil.copytree(ROOT / "Lessons", folder / "Lessons")
        self.lesson = folder / "Lessons" / f"{EDITED}.md"
        self.original = self.lesson.read_text()
        self.edits = 0

    def run(self, *arguments):
        return timed(*arguments, cwd=self.folder, environment=self.environment)

    def whole(self, *options):
        return self.run("render", "all", "--output", "site", *options)

    def edit(self):
        """Changes the last cell, so that no cache knows it."""
        self.edits += 1
        head, tail = self.original.rsplit("```swift", 1)
        info, code = tail.split("\n", 1)
        self.lesson.write_text(f"{head}```swift{info}\n// edit {self.edits} of {os.getpid()}\n{code}")

    def verified(self):
        self.edit()
        return self.run("verify", EDITED)

    def rendered(self):
        self.edit()
        return self.run("render", EDITED, "--output", "page")

    def updated(self):
        self.edit()
        return self.run("render", EDITED, "--output", "site")

    def weights(self):
        """Returns the bytes of each page with everything that any page loads with it."""
        site = self.folder / "site"
        shared = [path for path in (site / "assets").rglob("*") if path.is_file()]
        # The index is loaded by those who search.
        common = sum(path.stat().st_size for path in shared if not path.name.startswith("search-"))
        return {page.stem: page.stat().st_size + common for page in site.rglob("*.html")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lessons-bench-"))
    try:
        bench = Bench(folder)
        bench.whole()
        names = ["verified", "rendered", "updated"]
        samples = {name: [] for name in ["recalled", *names]}
        for round in range(rounds):
            samples["recalled"].append(bench.whole("--no-run"))
            # Whoever comes first finds the machine otherwise than whoever comes second.
            for name in names if round % 2 == 0 else reversed(names):
                samples[name].append(getattr(bench, name)())
            bench.lesson.write_text(bench.original)
            bench.run("render", EDITED, "--output", "page")
        weights = bench.weights()
    finally:
        shutil.rmtree(folder)

    best = {name: min(times) for name, times in samples.items()}
    alone, among = (best[name] - best["verified"] for name in ("rendered", "updated"))
    heaviest = max(weights, key=weights.get)
    rows = [
        (f"the whole course, {len(weights)} pages, from what its cells did", f"{best['recalled']:.2f} s",
         "at most 2 s", best["recalled"] <= 2),
        ("one changed lesson: its page, beside the run", f"{alone:.3f} s", "at most 0.15 s", alone <= 0.15),
        ("the same in the site of the course", f"{among:.3f} s", "at most 0.15 s", among <= 0.15),
        (f"the heaviest page with all that it loads ({heaviest})", f"{weights[heaviest] / 1000:.0f} kB",
         "at most 600 kB", weights[heaviest] <= 600_000),
    ]
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, best of {rounds} rounds\n")
    print("| what | measured | aim | |")
    print("|---|---|---|---|")
    for what, measured, aim, is_met in rows:
        print(f"| {what} | {measured} | {aim} | {'met' if is_met else 'missed'} |")
    print("\nrun {verified:.3f} s, run and page {rendered:.3f} s, run and site {updated:.3f} s".format(**best))


if __name__ == "__main__":
    main()
