/// A folder of lessons, `Lessons/` by default, and what its users may call them.
package struct Course: Sendable {
  package var directory: String
  /// The lessons' paths in order of their file names.
  package var paths: [String]

  /// Why nothing can be run.
  package struct SelectionError: Error, Sendable, Equatable {
    package var message: String
    package var help: String

    package init(message: String, help: String) {
      self.message = message
      self.help = help
    }
  }

  /// Opens a course folder: the one named, or the nearest `Lessons/` at or above a directory.
  package static func find(named name: String?, from directory: String, installed: String? = nil)
    throws(SelectionError) -> Course
  {
    if let name {
      guard FileSystem.isDirectory(name) else {
        throw SelectionError(
          message: "'\(name)' is no folder", help: "name a folder of Markdown lessons")
      }
      return Course(directory: name)
    }
    var place: String? = directory
    while let above = place {
      let candidate = above == "/" ? "/Lessons" : "\(above)/Lessons"
      if FileSystem.isDirectory(candidate) {
        // A path that a reader can use from where they are.
        let isHere = above == directory
        return Course(directory: isHere ? "Lessons" : candidate)
      }
      place = above == "/" ? nil : FileSystem.parent(of: above)
    }
    if let installed, FileSystem.isDirectory(installed) { return Course(directory: installed) }
    throw SelectionError(
      message: "there is no folder 'Lessons' here or above",
      help: "go to a course, or name its folder with --lessons")
  }

  package init(directory: String) {
    self.directory = directory
    paths = FileSystem.names(in: directory)
      .filter { Self.isLessonName($0) }.map { "\(directory)/\($0)" }
  }

  /// The slugs of the lessons, in order.
  package var slugs: [String] { paths.map(Self.slug) }

  /// Returns a lesson's name as its users type it.
  static func slug(_ path: String) -> String {
    String(FileSystem.name(of: path).dropLast(3))
  }

  /// Two digits and a name: the lessons proper, without their README.
  private static func isLessonName(_ name: String) -> Bool {
    let parts = name.split(separator: "-", maxSplits: 1)
    return name.hasSuffix(".md") && parts.count == 2 && parts[0].utf8.count == 2
      && parts[0].utf8.allSatisfy { (48...57).contains($0) }
  }
}
