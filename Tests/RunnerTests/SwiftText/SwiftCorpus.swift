import Foundation

@testable import Runner

/// All Swift text of the repository: sources, tests, benchmarks, the package and the cells of every lesson
/// and document.
enum SwiftCorpus {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func texts() throws -> [(name: String, bytes: [UInt8])] {
    var texts: [(name: String, bytes: [UInt8])] = []
    for folder in ["Sources", "Tests", "Benchmarks", "Lessons", "Fuzz", "docs", "README.md"] {
      for path in files(in: root.appending(path: folder)) {
        let bytes = Array(try Data(contentsOf: path))
        if path.pathExtension == "swift" {
          texts.append((path.lastPathComponent, bytes))
        } else if let lesson = try? LessonParser.parse(path: path.path(), bytes: bytes) {
          // A cell that promises not to compile may not even be Swift.
          for cell in lesson.cells where cell.options.ending != .compileFail {
            texts.append(("\(path.lastPathComponent)#\(cell.id)", Array(cell.source.utf8)))
          }
        }
      }
    }
    texts.append(
      ("Package.swift", Array(try Data(contentsOf: root.appending(path: "Package.swift")))))
    return texts
  }

  private static func files(in folder: URL) -> [URL] {
    if folder.pathExtension == "md" { return [folder] }
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let urls = (found?.allObjects as? [URL]) ?? []
    return urls.filter { ["swift", "md"].contains($0.pathExtension) }
      .sorted { $0.path() < $1.path() }
  }
}
