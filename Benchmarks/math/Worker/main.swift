import Glibc
import Math

// The worker of the maths benchmark: `math-bench THREADS`. Lines on standard input ask, lines on
// standard output answer, as those of `peers.py` do.

if let asked = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) {
  Math.threads = asked
}
var session = Session()
print("READY")
fflush(nil)
while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  if words.isEmpty { continue }
  print(session.answer(words))
  fflush(nil)
}
