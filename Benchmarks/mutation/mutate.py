#!/usr/bin/env python3
"""Changes the course in random places and counts the changes that `lessons verify` lets pass.

usage: Benchmarks/mutation/mutate.py [--seed N] [--count N] [--part I/N] [LESSON…]

A third of the places are digits (of promised output and claims), a third signs (of promised numbers and of terms in
cells), a third constants (number literals of cells). Not changed are how many digits are printed and seeds, since
claims have to hold for other seeds; nor fallbacks behind ??; nor an exercise's starter, which promises to fail.

Each place is one mutant. A mutant is killed when the cell that it belongs to, or a later one, no longer passes.
Changed promises of different cells don't influence each other and are judged in one run; changed code runs by itself.
A run with changed code stops at the first cell that notices. What was compiled is kept in .build/mutation, so that
parts share it; remove that folder when it has grown too large.

A seed names a list of mutants for a state of the lessons; --part 2/4 runs every fourth of it. Exits with 1 where
more than 5 % survive. Needs the release build (Scripts/lessons makes it).
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

from sites import mutated, sites

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LESSONS = os.path.join(ROOT, ".build/release/lessons")
CACHE = os.path.realpath(os.path.join(ROOT, ".build/mutation"))
TOLERATED = 0.05


def texts(names):
    folder = os.path.join(ROOT, "Lessons")
    found = sorted(n[:-3] for n in os.listdir(folder) if n[:2].isdigit() and n.endswith(".md"))
    unknown = [n for n in names if n not in found]
    if unknown:
        raise SystemExit(f"error: no lesson {unknown[0]}; the lessons are {', '.join(found)}")
    return {n: open(os.path.join(folder, n + ".md"), encoding="utf-8").read() for n in names or found}


def draw_mutants(lessons, seed, count):
    draw = random.Random(seed)
    places = collections.defaultdict(list)
    for lesson, text in lessons.items():
        for site in sites(lesson, text, draw):
            places[site.kind].append(site)
    kinds = ["digit", "sign", "constant"]
    share = [count // 3 + (k < count % 3) for k in range(3)]
    short = [kind for kind, n in zip(kinds, share) if len(places[kind]) < n]
    if short:
        raise SystemExit(f"error: fewer than {count // 3} places of kind {short[0]}; ask for less with --count")
    mutants = [site for kind, n in zip(kinds, share) for site in draw.sample(places[kind], n)]
    draw.shuffle(mutants)
    return mutants, {kind: len(places[kind]) for kind in kinds}


def verify(lesson, text, folder, options=()):
    """The verdicts of a lesson's cells: id to status. A lesson that is none has one verdict, of itself.

    A time-out is believed the second time only: a busy machine can cause one.
    """
    verdicts = verify_once(lesson, text, folder, options)
    return verify_once(lesson, text, folder, options) if "timeout" in verdicts.values() else verdicts


def verify_once(lesson, text, folder, options):
    path = os.path.join(folder, lesson + ".md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    environment = dict(os.environ, LESSONS_CACHE=CACHE, NO_COLOR="1")
    run = subprocess.run(
        [LESSONS, "verify", path, "--format", "json", *options], env=environment, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"error: verify {lesson} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    report = json.loads(run.stdout)["lessons"][0]
    if not report["cells"]:
        return {"": report["status"]}
    return {cell["id"]: cell["status"] for cell in report["cells"]}


def judge_promises(lesson, text, mutants, folder):
    """Runs changed promises together, one a cell and run."""
    waiting = list(mutants)
    while waiting:
        chosen = {}
        for mutant in waiting:
            chosen.setdefault(mutant.judge, mutant)
        verdicts = verify(lesson, mutated(text, chosen.values()), folder)
        for mutant in chosen.values():
            verdict = verdicts.get("", verdicts.get(mutant.judge))
            if verdict == "not-run" and len(chosen) > 1:
                continue  # a mutant before it stopped the lesson: once more, without that one
            waiting.remove(mutant)
            yield mutant, verdict


def judge_code(lesson, text, mutant, folder):
    verdicts = verify(lesson, mutated(text, [mutant]), folder, ["--stop"])
    return next((v for v in verdicts.values() if v not in ("pass", "not-run")), "pass")


def describe(mutant, text):
    line = text.split("\n")[mutant.line]
    new = line[:mutant.column] + mutant.replacement + line[mutant.column + mutant.length:]
    return f"{mutant.lesson}.md:{mutant.line + 1} ({mutant.cell}), {mutant.kind}\n  - {line.strip()}\n  + {new.strip()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="slugs such as 01-cosine; all if none is named")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--part", default="1/1", help="I/N: every N-th mutant, from the I-th")
    parser.add_argument("--list", action="store_true", help="show the mutants, run nothing")
    options = parser.parse_args()
    index, parts = (int(n) for n in options.part.split("/"))
    if not 1 <= index <= parts:
        parser.error(f"--part takes I/N with 1 ≤ I ≤ N, got '{options.part}'")

    lessons = texts(options.lessons)
    mutants, places = draw_mutants(lessons, options.seed, options.count)
    mutants = mutants[index - 1::parts]
    print(f"seed {options.seed}, part {options.part}: {len(mutants)} mutants of", places, flush=True)
    if options.list:
        for mutant in mutants:
            print(describe(mutant, lessons[mutant.lesson]))
        return

    statuses, survivors = collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for lesson in sorted({m.lesson for m in mutants}):
            text = lessons[lesson]
            failing = {c: v for c, v in verify(lesson, text, folder).items() if v != "pass"}
            if failing:
                raise SystemExit(f"error: {lesson} fails without a change: {failing}")
            own = [m for m in mutants if m.lesson == lesson]
            verdicts = list(judge_promises(lesson, text, [m for m in own if m.isPromise], folder))
            verdicts += [(m, judge_code(lesson, text, m, folder)) for m in own if not m.isPromise]
            for mutant, status in verdicts:
                statuses[status] += 1
                if status == "pass":
                    survivors.append(mutant)
                    print("survived:", describe(mutant, text), flush=True)
            print(f"{lesson}: {len(own)} mutants, {sum(s == 'pass' for _, s in verdicts)} survived", flush=True)
    print(", ".join(f"{status}: {n}" for status, n in statuses.most_common()))
    share = len(survivors) / max(len(mutants), 1)
    print(f"{len(survivors)} of {len(mutants)} survived ({100 * share:.1f} %); at most {100 * TOLERATED:.0f} % may")
    sys.exit(share > TOLERATED)


if __name__ == "__main__":
    main()
