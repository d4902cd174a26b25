import ConformanceCases
import Glibc

/// Reads a whole file, or says why not and ends with code 2.
func contents(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    print("conformance: cannot read \(path): \(String(cString: strerror(errno)))")
    exit(2)
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let n = fread(&buffer, 1, buffer.count, file)
    if n == 0 {
      if ferror(file) == 0 { return bytes }
      print("conformance: cannot read \(path): \(String(cString: strerror(errno)))")
      exit(2)
    }
    bytes += buffer[..<n]
  }
}

/// Says what is wrong with the command and how it is written, and ends with code 2.
func misuse(_ text: String) -> Never {
  print("conformance: \(text)")
  print("usage: conformance FILE.jsonl[.gz]… [--op NAME] [--list-failures]")
  exit(2)
}

var files: [String] = []
var only: String?
var listsFailures = false
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let argument = arguments.next() {
  switch argument {
  case "--op":
    only = arguments.next()
    if only == nil { misuse("--op needs the name of an operation") }
  case "--list-failures": listsFailures = true
  case let option where option.hasPrefix("--"): misuse("no option '\(option)'")
  default: files.append(argument)
  }
}
if files.isEmpty { misuse("no file of cases given") }

struct Counts {
  var passed = 0
  var failed = 0
  var skipped = 0
}

var cases: [Case] = []
for file in files {
  do {
    cases += try Case.read(contents(of: file))
  } catch {
    print("conformance: \(file): \(error)")
    exit(2)
  }
}
if let only {
  cases = cases.filter { $0.op == only }
  if cases.isEmpty {
    print("conformance: no case of '\(only)' in \(files.joined(separator: ", "))")
    exit(2)
  }
}

var table: [String: Counts] = [:]
var total = Counts()
Replay.run(cases) { test, verdict in
  switch verdict {
  case .passed:
    table[test.op, default: Counts()].passed += 1
    total.passed += 1
  case .failed(let reason):
    table[test.op, default: Counts()].failed += 1
    total.failed += 1
    if listsFailures { print("\(test.id): \(reason)") }
  case .skipped(let reason):
    table[test.op, default: Counts()].skipped += 1
    total.skipped += 1
    print("\(test.id): skipped, \(reason)")
  }
}

func right(_ n: Int, _ width: Int) -> String {
  let text = "\(n)"
  return String(repeating: " ", count: max(0, width - text.count)) + text
}
let width = max(9, table.keys.map(\.count).max() ?? 0)
func left(_ text: String) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
print(left("operation") + "  passed  failed  skipped")
for (op, counts) in table.sorted(by: { $0.key < $1.key }) {
  print(
    left(op) + right(counts.passed, 8) + right(counts.failed, 8) + right(counts.skipped, 9))
}
print("\(total.passed) passed, \(total.failed) failed, \(total.skipped) skipped")
exit(total.failed == 0 ? 0 : 1)
