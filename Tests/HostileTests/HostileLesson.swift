import Foundation
import Testing

/// A lesson of the corpus: a template in `Tests/Hostile` and a row of `expected.txt`.
struct HostileLesson: Sendable, CustomTestStringConvertible {
  var name: String
  /// The status of the lesson as a whole.
  var status: String
  /// The Markdown line of the cause, or those that may be told.
  var lines: [Int]
  var seconds: Double
  var megabytes: Int

  var testDescription: String { name }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Hostile")

  /// The rows of the table.
  static let all: [HostileLesson] = {
    let text =
      (try? String(contentsOf: folder.appending(path: "expected.txt"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { row in
      let words = row.split(separator: " ").map(String.init)
      guard words.count == 5, let seconds = Double(words[3]),
        let megabytes = Int(words[4])
      else { return nil }
      return HostileLesson(
        name: words[0], status: words[1],
        lines: words[2].split(separator: "/").compactMap { Int($0) }, seconds: seconds,
        megabytes: megabytes)
    }
  }()

  /// The lesson's bytes: `@BYTES{FF 00}@` and `@REPEAT{3}{text}@` written out, names of places put in.
  func bytes(in place: Place) throws -> Data {
    let template = try Data(contentsOf: Self.folder.appending(path: "\(name).md"))
    var rest = String(decoding: template, as: UTF8.self)
      .replacing("@CANARY@", with: place.canary.path)
      .replacing("@LESSONS@", with: place.lessons.path)[...]
    var result = Data()
    while let mark = rest.firstRange(of: "@BYTES{") ?? rest.firstRange(of: "@REPEAT{") {
      let repeated = rest.firstRange(of: "@REPEAT{")
      let first = [mark, repeated].compactMap(\.self).min { $0.lowerBound < $1.lowerBound } ?? mark
      result += rest[..<first.lowerBound].utf8
      let isRepeat = rest[first] == "@REPEAT{"
      rest = rest[first.upperBound...]
      guard let end = rest.firstRange(of: "}@") else { throw CocoaError(.formatting) }
      let body = rest[..<end.lowerBound]
      rest = rest[end.upperBound...]
      if isRepeat {
        let parts = body.split(separator: "}{", maxSplits: 1, omittingEmptySubsequences: false)
        let text = Data(parts[1].utf8)
        for _ in 0..<(Int(parts[0]) ?? 0) { result += text }
      } else {
        result += body.split(separator: " ").compactMap { UInt8($0, radix: 16) }
      }
    }
    return result + rest.utf8
  }
}

/// Folders for one run: the lesson, a canary that nothing may touch, a home and a place for scratch.
struct Place {
  let root: URL
  var lessons: URL { root.appending(path: "lessons") }
  var canary: URL { root.appending(path: "canary") }
  var home: URL { root.appending(path: "home") }
  var temporary: URL { root.appending(path: "tmp") }
  /// Where compiled cells are kept.
  let cache: URL

  /// - Parameter cache: A folder that other places use, too; one of its own if not given.
  init(cache: URL? = nil) throws {
    root = URL(filePath: "/tmp/hostile-\(UUID().uuidString)")
    let cache = cache ?? root.appending(path: "cache")
    self.cache = cache
    for folder in [lessons, canary, home, temporary, cache] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let secret = canary.appending(path: "secret")
    try Data("secret\n".utf8).write(to: secret)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: secret.path)
    try Data("mine\n".utf8).write(to: home.appending(path: ".profile"))
  }

  func remove() {
    try? FileManager.default.removeItem(at: root)
  }

  /// Every file with its content, mode and time of change; the cache is left out.
  func snapshot() -> [String: String] {
    var result: [String: String] = [:]
    for folder in [lessons, canary, home, temporary] {
      let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
      for path in [""] + paths {
        let full = folder.appending(path: path).path
        let attributes = (try? FileManager.default.attributesOfItem(atPath: full)) ?? [:]
        let digest = FileManager.default.contents(atPath: full).map {
          "\($0.count) \($0.hashValue)"
        }
        // The scratch folder comes and goes, which changes the time of the one above it.
        let time = full == temporary.path ? "" : "\(attributes[.modificationDate] ?? "")"
        result[full] = "\(digest ?? "") \(attributes[.posixPermissions] ?? "") \(time)"
      }
    }
    return result
  }
}
