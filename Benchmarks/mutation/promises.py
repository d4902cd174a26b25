#!/usr/bin/env python3
"""Lists cells that promise nothing, and how much of what is promised is computed.

usage: Benchmarks/mutation/promises.py [FOLDER]

A cell has to promise something unless it only declares: a fence of output or diagnostics, a claim in a comment, an
`expect`, or the kind of its failure. A promised line counts as computed if it holds a number, true or false, and the
cell doesn't say that line literally: what an interpolation prints is computed, a heading isn't. Exits with 1 where a
cell promises nothing or where less than 70 % of a lesson's lines are computed.
"""
import os
import re
import sys

from sites import CLAIM, cells, code_mask

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KINDS = {"throws", "traps", "compile-fail", "no-run", "solution"}
COMPUTED = re.compile(r"\d|\b(?:true|false|nan|inf)\b|[●○✖]")
NEEDED = 0.7


def bare(code):
    """The code without comments and the text of strings."""
    return "\n".join(
        "".join(c for c, is_code in zip(line, mask) if is_code) for line, mask in zip(code, code_mask(code)))


def declares_only(code):
    """Whether nothing is shown: a cell that prints or draws shows something that can be wrong."""
    return not re.search(r"\b(?:print|display|debugPrint|dump)\(", bare(code))


def promised_lines(cell, lines, code):
    shown = [lines[n] for first, end in cell.promises for n in range(first, end)]
    return shown + [line[CLAIM.search(line).end():] for line in code if CLAIM.search(line)]


def examine(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    silent, computed, total = [], 0, 0
    for cell in cells(lines):
        code = lines[cell.code[0]:cell.code[1]]
        promised = [l for l in promised_lines(cell, lines, code) if l.strip() not in ("", "...")]
        # An `expect` is a promise as well, and what it compares is computed.
        expected = len(re.findall(r"\bexpect\(", bare(code)))
        if not promised and not expected and not KINDS & set(cell.words) and not declares_only(code):
            silent.append((cell.code[0], cell.id))
        said = {text for line in code for text in re.findall(r'"([^"]*)"', line)}
        total += len(promised) + expected
        computed += sum(bool(COMPUTED.search(l)) and l.strip() not in said for l in promised) + expected
    return silent, computed, total


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "Lessons")
    failed, sums = False, [0, 0]
    for name in sorted(n for n in os.listdir(folder) if n[:2].isdigit() and n.endswith(".md")):
        silent, computed, total = examine(os.path.join(folder, name))
        share = computed / max(total, 1)
        print(f"{name:28} {computed:4} of {total:4} lines computed ({100 * share:3.0f} %)")
        for line, cell in silent:
            print(f"  {name}:{line}: cell {cell} shows something and promises nothing")
        failed = failed or bool(silent) or share < NEEDED
        sums = [sums[0] + computed, sums[1] + total]
    print(f"{'all':28} {sums[0]:4} of {sums[1]:4} lines computed ({100 * sums[0] / max(sums[1], 1):3.0f} %)")
    sys.exit(failed)


if __name__ == "__main__":
    main()
