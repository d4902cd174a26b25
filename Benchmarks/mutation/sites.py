"""Where a lesson can be changed: the digits and signs that it promises, the constants and signs that it computes with."""
import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(.*?)\s*$")
CLAIM = re.compile(r'//\s*[Pp]rints\s+"')
NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
# Constants that a changed run can't be held to: how many digits are shown, the seeds of claims over seeds, and the
# fallbacks that Swift demands where nothing is ever missing.
SHOWN = re.compile(r"(?:\?\?\s*|\.(?:fixed|scientific)\(|\b(?:width|digits|[sS]eed\w*)(?::|\s=)\s*)$")


@dataclass
class Cell:
    """A fence of Swift: its words, its code as (first, last) lines, and its fences of promises likewise."""
    id: str
    words: list
    code: tuple
    promises: list = field(default_factory=list)
    judge: str = ""  # the cell whose verdict tells whether the promises hold

    def has(self, word):
        return word in self.words


@dataclass(frozen=True)
class Site:
    lesson: str
    cell: str
    judge: str
    kind: str  # digit, sign, constant
    isPromise: bool
    line: int
    column: int
    length: int
    replacement: str


def cells(lines):
    """The cells of a lesson, with the fences that stand under them."""
    found, number, k = [], 0, 0
    while k < len(lines):
        opening = FENCE.match(lines[k])
        if not opening:
            k += 1
            continue
        end = next(n for n in range(k + 1, len(lines)) if lines[n].strip() == opening[1])
        words = re.split(r"[\s,]+", opening[2])
        if words[0] == "swift":
            number += 1
            name = next((w[3:] for w in words if w.startswith("id=")), f"cell-{number}")
            cell = Cell(name, words[1:], (k + 1, end), judge=name)
            if cell.has("solution"):
                next(c for c in reversed(found) if c.has("exercise")).judge = name
            found.append(cell)
        elif words[0] in ("output", "diagnostics") and found:
            found[-1].promises.append((k + 1, end))
        k = end + 1
    return found


def code_mask(lines):
    """For each line of a cell, which characters are code: not in a comment, not in a string outside \\(…)."""
    masks, stack, in_block = [], [], 0  # the stack holds '"', '\"\"\"', and depths of open interpolations
    for line in lines:
        mask, k = [False] * len(line), 0
        while k < len(line):
            inside = stack[-1] if stack else None
            if in_block:
                if line.startswith("*/", k):
                    in_block, k = in_block - 1, k + 1
            elif isinstance(inside, str):
                if line.startswith("\\(", k):
                    stack.append(1)
                    k += 1
                elif line[k] == "\\":
                    k += 1
                elif line.startswith(inside, k):
                    stack.pop()
                    k += len(inside) - 1
            elif line.startswith("//", k):
                break
            elif line.startswith("/*", k):
                in_block, k = in_block + 1, k + 1
            elif line.startswith('"""', k):
                stack.append('"""')
                k += 2
            elif line[k] == '"':
                stack.append('"')
            else:
                mask[k] = True
                if inside is not None:
                    stack[-1] += {"(": 1, ")": -1}.get(line[k], 0)
                    if stack[-1] == 0:
                        stack.pop()
            k += 1
        masks.append(mask)
    return masks


def other_digit(digit, draw):
    return draw.choice([d for d in "0123456789" if d != digit])


def promised(lesson, cell, lines, draw):
    """Every digit of the promises of a cell, and every number whose sign can be turned."""
    spans = [(n, 0, len(lines[n])) for first, end in cell.promises for n in range(first, end)]
    for n in range(*cell.code):
        claim = CLAIM.search(lines[n])
        if claim:
            spans.append((n, claim.end(), len(lines[n].rstrip().rstrip('."')) + 1))
    for n, start, stop in spans:
        text = lines[n][:stop]
        for k in range(start, len(text)):
            if text[k].isdigit():
                yield Site(lesson, cell.id, cell.judge, "digit", True, n, k, 1, other_digit(text[k], draw))
        for number in NUMBER.finditer(text, start):
            before = text[max(start, number.start() - 2):number.start()]
            # A zero has no sign to turn; what touches a letter, digit or bracket is no number of its own.
            if not re.search("[1-9]", number[0]) or re.match(r"[A-Za-z_.]", text[number.end():] or " "):
                continue
            if before.endswith("-") and not re.match(r"[\w)]", before):
                yield Site(lesson, cell.id, cell.judge, "sign", True, n, number.start() - 1, 1, "")
            elif not before or before[-1] in " ([=:":
                yield Site(lesson, cell.id, cell.judge, "sign", True, n, number.start(), 0, "-")


def computed(lesson, cell, lines, draw):
    """The constants of a cell's code, one digit of each changed, and the plus and minus signs between terms."""
    code = lines[cell.code[0]:cell.code[1]]
    for offset, (line, mask) in enumerate(zip(code, code_mask(code))):
        n = cell.code[0] + offset
        for number in NUMBER.finditer(line):
            start = number.start()
            before, after = line[:start], line[number.end():]
            is_member = before.endswith(".") and not before.endswith("..")
            if not mask[start] or re.search(r"[\w$]$", before) or is_member or re.match(r"\w", after):
                continue
            if SHOWN.search(before):
                continue
            k = draw.choice([k for k, c in enumerate(number[0].split("e")[0]) if c.isdigit()])
            new = number[0][:k] + other_digit(number[0][k], draw) + number[0][k + 1:]
            yield Site(lesson, cell.id, cell.id, "constant", False, n, start, len(number[0]), new)
        for sign in re.finditer(r"(?<= )[+-](?= )", line):
            if mask[sign.start()]:
                turned = "-" if sign[0] == "+" else "+"
                yield Site(lesson, cell.id, cell.id, "sign", False, n, sign.start(), 1, turned)


def sites(lesson, text, draw):
    """Every place of a lesson that a mutation may take."""
    lines = text.split("\n")
    for cell in cells(lines):
        if not cell.has("nondeterministic"):
            yield from promised(lesson, cell, lines, draw)
        # A starter promises to fail, and code that must not compile promises its errors alone.
        if not (cell.has("exercise") or cell.has("compile-fail") or cell.has("no-run")):
            yield from computed(lesson, cell, lines, draw)


def mutated(text, chosen):
    """The lesson with all chosen sites changed; at most one a line."""
    lines = text.split("\n")
    for site in chosen:
        line = lines[site.line]
        lines[site.line] = line[:site.column] + site.replacement + line[site.column + site.length:]
    return "\n".join(lines)
