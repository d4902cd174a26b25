internal import CWorker
internal import Glibc

/// A site on disk: replaced as a whole or left as it was.
package struct SiteFolder {
  package let path: String

  /// The file that lists what belongs to the site; a folder with anything else in it isn't ours.
  private static let listName = ".lessons-site"

  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Why a folder can't become a site.
  package struct Refusal: Error, Sendable, Equatable {
    package var message: String
    package var help: String
  }

  /// Checks that nothing but an earlier site is in the way.
  package func check() throws(Refusal) {
    if path.isEmpty {
      throw Refusal(message: "the folder has no name", help: "name one with --output")
    }
    if FileSystem.isLink(path) || FileSystem.isFile(path) {
      throw Refusal(
        message: "'\(path)' is no folder", help: "name a folder for the site with --output")
    }
    guard FileSystem.isDirectory(path) else { return }
    let known = Set(list?.files ?? [])
    let found = Self.files(in: path)
    guard let foreign = found.first(where: { $0 != Self.listName && !known.contains($0) })
    else { return }
    throw Refusal(
      message: "'\(path)' holds a file that is no part of a site: \(foreign)",
      help: "name another folder with --output, or move the file away")
  }

  /// Checks, before lessons run, that a site can be written at all.
  package func prepare() throws(Refusal) {
    try check()
    var place = FileSystem.parent(of: path) ?? "."
    while FileSystem.stamp(place) == nil { place = FileSystem.parent(of: place) ?? "." }
    guard FileSystem.isDirectory(place) else {
      throw Refusal(message: "'\(place)' is no folder", help: "name another folder with --output")
    }
    do throws(SystemError) {
      FileSystem.remove(try FileSystem.makeTemporaryDirectory(in: place))
    } catch {
      throw Refusal(
        message: "'\(path)' can't be made: \(error)",
        help: "name another folder with --output, or mend its permissions")
    }
  }

  /// What the site's own list says; nil where there is no site.
  private var list: SiteList? {
    (try? FileSystem.read("\(path)/\(Self.listName)")).map { SiteList(bytes: $0) }
  }

  /// The files of the lessons that the site shows, in order; none where there is no site.
  package func lessons() throws(Refusal) -> [String] {
    guard let list, !list.files.isEmpty else { return [] }
    guard !list.lessons.isEmpty else {
      throw Refusal(
        message: "the site in '\(path)' doesn't say which lessons it shows",
        help: "render 'all' to make it anew, or name another folder with --output")
    }
    var found: [String] = []
    for lesson in list.lessons {
      guard let file = FileSystem.canonical("\(path)/\(lesson)") else {
        throw Refusal(
          message: "the site in '\(path)' shows '\(lesson)', which isn't there any more",
          help: "render 'all' to make it anew, or name another folder with --output")
      }
      found.append(SiteList.way(from: FileSystem.currentDirectory, to: file))
    }
    return found
  }

  /// Writes a site beside the old one and puts it in its place in one step.
  ///
  /// - Parameter lessons: The files that the pages are made of, for later updates.
  package func replace(with files: [SiteFile], lessons: [String]) throws {
    try check()
    let parent = FileSystem.parent(of: path) ?? "."
    try FileSystem.makeDirectory(parent)
    let fresh = try FileSystem.makeTemporaryDirectory(in: parent)
    defer { FileSystem.remove(fresh) }
    var made: Set<String> = []
    for file in files {
      let target = "\(fresh)/\(file.path)"
      if let folder = FileSystem.parent(of: target), made.insert(folder).inserted {
        try FileSystem.makeDirectory(folder)
      }
      try FileSystem.write(file.bytes, to: target)
    }
    // As seen from the site, so that nobody who gets it learns where it was made.
    let home = "\(FileSystem.canonical(parent) ?? parent)/\(FileSystem.name(of: path))"
    let list = SiteList(
      files: files.map(\.path).sorted(),
      lessons: lessons.map { SiteList.way(from: home, to: FileSystem.canonical($0) ?? $0) })
    try FileSystem.write(list.bytes, to: "\(fresh)/\(Self.listName)")
    _ = unsafe chmod(fresh, 0o755)
    try exchange(fresh)
  }

  /// Puts a folder in the site's place; the old site is in the folder's afterwards.
  private func exchange(_ fresh: String) throws(SystemError) {
    guard FileSystem.isDirectory(path) else {
      guard unsafe rename(fresh, path) == 0 else { throw SystemError(path) }
      return
    }
    if unsafe worker_exchange(fresh, path) == 0 { return }
    // A file system that can't exchange: for a moment there is no site.
    let old = "\(fresh).old"
    guard unsafe rename(path, old) == 0 else { throw SystemError(path) }
    guard unsafe rename(fresh, path) == 0 else {
      let failure = SystemError(path)
      unsafe rename(old, path)
      throw failure
    }
    FileSystem.remove(old)
  }

  /// The files in a folder and below it, as paths from there.
  private static func files(in folder: String, below prefix: String = "") -> [String] {
    FileSystem.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      let isFolder = FileSystem.isDirectory(path) && !FileSystem.isLink(path)
      return isFolder ? files(in: path, below: "\(prefix)\(name)/") : ["\(prefix)\(name)"]
    }
  }
}
