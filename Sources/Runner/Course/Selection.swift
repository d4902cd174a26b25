/// Finds the lesson files that a user names: by slug, by path, by folder, or all of a course.
package enum Selection {
  /// Returns the paths that some names mean, in order and without repeats.
  ///
  /// - Parameter course: Opened only where a name is no path.
  package static func paths(
    _ names: [String], course: () throws(Course.SelectionError) -> Course
  ) throws(Course.SelectionError) -> [String] {
    var paths: [String] = []
    for name in names {
      for path in try self.paths(name, course: course) where !paths.contains(path) {
        paths.append(path)
      }
    }
    guard !paths.isEmpty else {
      throw Course.SelectionError(
        message: "no lesson is selected", help: "name a lesson, a file, a folder, or 'all'")
    }
    return paths
  }

  private static func paths(
    _ name: String, course: () throws(Course.SelectionError) -> Course
  ) throws(Course.SelectionError) -> [String] {
    if name == "all" {
      let course = try course()
      guard !course.paths.isEmpty else {
        throw Course.SelectionError(
          message: "'\(course.directory)' holds no lessons",
          help: "lessons are named NN-slug.md, such as 01-cosine.md")
      }
      return course.paths
    }
    if name.contains("/") || isFileName(name) || name == "." || name == ".." {
      if FileSystem.isDirectory(name) { return try files(in: name) }
      // A file that isn't there is reported by whoever opens it, with the system's reason.
      return [name]
    }
    if FileSystem.isDirectory(name) { return try files(in: name) }
    return [try lesson(name, in: try course())]
  }

  private static func isFileName(_ name: String) -> Bool {
    [".md", ".swift", ".ipynb"].contains { name.hasSuffix($0) }
  }

  private static func lesson(_ name: String, in course: Course) throws(Course.SelectionError)
    -> String
  {
    for (slug, path) in zip(course.slugs, course.paths) where slug == name { return path }
    // `1-cosine`, `01` and `cosine` mean the one lesson that ends or begins so.
    let near = zip(course.slugs, course.paths).filter { slug, _ in
      slug.hasSuffix("-\(name)") || slug.hasPrefix("\(name)-") || slug.hasSuffix("0\(name)")
    }
    if near.count == 1 { return near[0].1 }
    let candidates = near.isEmpty ? course.slugs : near.map(\.0)
    let nearest = EditDistance.nearest(to: name, among: candidates)
    throw Course.SelectionError(
      message: near.isEmpty
        ? "'\(name)' is no lesson of '\(course.directory)'"
        : "'\(name)' may mean \(near.map { "'\($0.0)'" }.joined(separator: " or "))",
      help: nearest.map { "did you mean '\($0)'? 'lessons list' shows all" }
        ?? "'lessons list' shows the lessons there are")
  }

  /// The Markdown files in a folder and below it, in order of their paths.
  private static func files(in directory: String) throws(Course.SelectionError) -> [String] {
    var found: [String] = []
    var pending = [directory]
    while let next = pending.popLast() {
      for name in FileSystem.names(in: next) where !name.hasPrefix(".") {
        let path = "\(next)/\(name)"
        if FileSystem.isDirectory(path), !FileSystem.isLink(path) {
          pending.append(path)
        } else if name.hasSuffix(".md") {
          found.append(path)
        }
      }
    }
    guard !found.isEmpty else {
      throw Course.SelectionError(
        message: "'\(directory)' holds no Markdown files", help: "name a folder with .md files")
    }
    return found.sorted()
  }
}

/// One part of a course, to verify it on several machines: `2/3` is every third lesson from the second.
package struct Shard: Sendable, Equatable {
  package var index: Int
  package var count: Int

  /// Reads `I/N` with 1 ≤ I ≤ N.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      1 <= index, index <= count
    else { return nil }
    (self.index, self.count) = (index, count)
  }

  package func part<Element>(of all: [Element]) -> [Element] {
    stride(from: index - 1, to: all.count, by: count).map { all[$0] }
  }
}
