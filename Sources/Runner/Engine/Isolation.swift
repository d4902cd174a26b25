/// The layers of isolation that this machine gives to foreign code.
package struct Isolation: Sendable, Equatable {
  /// The layers in force, such as `landlock7`.
  package var layers: [String]
  /// The layers that this machine or its configuration refuses.
  package var missing: [String]

  package init(layers: [String], missing: [String]) {
    self.layers = layers
    self.missing = missing
  }

  /// Tries every layer on a process that does nothing.
  package static func probe(launcher: String) -> Isolation {
    let command = Command(launcher, ["--probe"])
    guard let run = try? ToolRun.run(command, within: .seconds(10), interruption: nil),
      run.end == .status(.exited(0))
    else { return Isolation(layers: [], missing: Self.all) }
    var lists: [Substring: [String]] = [:]
    for field in String(decoding: run.output, as: UTF8.self).split(whereSeparator: \.isWhitespace) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { lists[parts[0]] = parts[1].split(separator: ",").map(String.init) }
    }
    guard let layers = lists["layers"], let missing = lists["missing"] else {
      return Isolation(layers: [], missing: Self.all)
    }
    return Isolation(layers: layers, missing: missing)
  }

  private static let all = [
    "userns", "pidns", "mntns", "netns", "ipcns", "utsns", "readonly", "landlock", "seccomp",
    "rlimits",
  ]

  /// True where every promise of `docs/security.md` holds.
  package var isComplete: Bool { missing.isEmpty }

  /// One line that says what is missing and what that means; nil where nothing is.
  package var warning: String? {
    guard !isComplete else { return nil }
    let meaning: String
    if missing.contains("landlock") {
      meaning = "cells can read and change your files"
    } else if missing.contains("seccomp") {
      meaning = "cells can reach the network"
    } else if missing.contains("rlimits") {
      meaning = "memory, files and processes of cells are not limited"
    } else {
      meaning = "a process that a cell leaves could outlive the run"
    }
    return "this machine can't isolate cells by \(missing.joined(separator: ", ")): \(meaning)"
  }

  /// What to do about missing layers.
  package var remedy: String {
    missing.contains("landlock") || missing.contains("seccomp")
      ? "run lessons of others only on a Linux with landlock (5.13 or later) and seccomp"
      : "allow user namespaces: on Ubuntu sysctl kernel.apparmor_restrict_unprivileged_userns=0, "
        + "in Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
  }
}
