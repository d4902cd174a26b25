internal import Glibc

/// Compiled units by key, one directory a unit, so that one rename publishes all of it.
///
/// Two runs may share a cache at any time and a killed run leaves nothing half-written: a directory
/// is complete or it does not exist. A damaged entry is found by its digest and made again. Where the
/// cache can't be written the units live in a directory of this run.
package struct UnitCache: Sendable {
  package var directory: String

  /// What a compiler run left: the record of one unit.
  package struct Record: Sendable, Equatable {
    /// Nil when the compiler refused the cell.
    package var library: String?
    package var module: String?
    /// The compiler's messages, in its own format.
    package var messages: [UInt8]
  }

  /// The name of the file whose presence makes an entry complete.
  private static let recordName = "record"

  /// Set for a cache of this run alone, which goes with its last copy.
  private var temporary: TemporaryDirectory?

  package init(directory: String) {
    self.directory = directory
  }

  private init(_ temporary: TemporaryDirectory) {
    directory = temporary.path
    self.temporary = temporary
  }

  /// The user's cache, by the XDG rules, or a fallback where there is no home.
  package static func userDirectory() -> String {
    if let chosen = environmentVariable("LESSONS_CACHE") { return chosen }
    if let cache = environmentVariable("XDG_CACHE_HOME"), cache.hasPrefix("/") {
      return "\(cache)/lessons"
    }
    if let home = environmentVariable("HOME"), home.hasPrefix("/") {
      return "\(home)/.cache/lessons"
    }
    return "\(environmentVariable("TMPDIR") ?? "/tmp")/lessons-cache-\(getuid())"
  }

  /// Opens the cache at a path, or one for this run alone where that can't be used.
  ///
  /// - Returns: The cache, and why it is a temporary one if it is.
  package static func open(_ path: String) throws(EnvironmentFailure) -> (
    UnitCache, warning: String?
  ) {
    let cache = UnitCache(directory: "\(path)/units-1")
    do {
      try FileSystem.makeDirectory(cache.directory, mode: 0o700)
      guard FileSystem.isOwnedByUser(cache.directory), unsafe access(cache.directory, W_OK) == 0
      else {
        throw SystemError(cache.directory, code: EACCES)
      }
      cache.removeStaleLocks()
      // One path however it is spelt: the compiler takes a C module at another path for another module.
      return (UnitCache(directory: FileSystem.canonical(cache.directory) ?? cache.directory), nil)
    } catch let error {
      do {
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let temporary = TemporaryDirectory(
          path: try FileSystem.makeTemporaryDirectory(in: parent))
        return (
          UnitCache(temporary), "no cache: \(error); using \(temporary.path) for this run"
        )
      } catch let second {
        throw EnvironmentFailure(
          "nowhere to keep compiled cells: \(error); \(second)",
          help: "name a writable directory in LESSONS_CACHE")
      }
    }
  }

  /// Where the module cache of the compiler's own C modules lies.
  ///
  /// One for each user: compilers started by another can't write in it, as after a run with sudo.
  package var moduleCache: String { "\(directory)/modules-\(geteuid())" }

  /// Removes locks of compilers that were killed while they made a C module.
  ///
  /// A lock names its owner by process number, and in namespaces of their own all compilers have the
  /// same: a later one would take the dead owner for itself and wait.
  private func removeStaleLocks() {
    for folder in FileSystem.names(in: moduleCache) {
      let folder = "\(moduleCache)/\(folder)"
      for name in FileSystem.names(in: folder) where name.hasSuffix(".lock") {
        if FileSystem.age("\(folder)/\(name)") > Self.lockLifetime {
          FileSystem.remove("\(folder)/\(name)")
        }
      }
    }
  }

  /// No compiler lives longer.
  private static let lockLifetime: Duration = .seconds(60)

  package func entry(_ key: String) -> String { "\(directory)/\(key)" }

  /// Returns the record under a key, or nil where there is none or it is damaged.
  package func record(_ key: String) -> Record? {
    let entry = entry(key)
    guard let bytes = try? FileSystem.read("\(entry)/\(Self.recordName)"),
      let lineEnd = bytes.firstIndex(of: 10)
    else { return nil }
    let head = String(decoding: bytes[..<lineEnd], as: UTF8.self)
    var record = Record(messages: Array(bytes[(lineEnd + 1)...]))
    let (library, module) = ("\(entry)/\(Self.libraryName)", "\(entry)/\(Self.moduleName)")
    let hasUnit = head.hasPrefix("unit ")
    if hasUnit { (record.library, record.module) = (library, module) }
    guard head == Self.head(of: record, key: key) else { return nil }
    return record
  }

  static let libraryName = "unit.so"
  static let moduleName = "unit.swiftmodule"

  /// Publishes a finished work directory under a key and returns its record.
  package func publish(_ work: String, key: String, hasUnit: Bool, messages: [UInt8])
    throws(SystemError) -> Record
  {
    var record = Record(messages: messages)
    if hasUnit {
      (record.library, record.module) = (
        "\(work)/\(Self.libraryName)", "\(work)/\(Self.moduleName)"
      )
    }
    guard let head = Self.head(of: record, key: key) else { throw SystemError(work, code: ENOENT) }
    try FileSystem.write(Array(head.utf8) + [10] + messages, to: "\(work)/\(Self.recordName)")
    let entry = entry(key)
    if unsafe rename(work, entry) != 0 {
      // Another run was faster, or a damaged entry is in the way.
      if let existing = self.record(key) {
        FileSystem.remove(work)
        return existing
      }
      FileSystem.moveAside(entry)
      guard unsafe rename(work, entry) == 0 else { throw SystemError(entry) }
    }
    if hasUnit {
      (record.library, record.module) = (
        "\(entry)/\(Self.libraryName)", "\(entry)/\(Self.moduleName)"
      )
    }
    return record
  }

  /// Makes the directory in which one compiler run works.
  package func makeWorkDirectory() throws(SystemError) -> String {
    try FileSystem.makeTemporaryDirectory(in: directory)
  }

  /// The line that proves an entry whole: its key and the digests of its files and messages.
  private static func head(of record: Record, key: String) -> String? {
    var digest = Digest()
    digest.add(key)
    digest.add(record.messages)
    for case let path? in [record.library, record.module] {
      guard let bytes = try? FileSystem.read(path) else { return nil }
      digest.add(bytes)
    }
    return "\(record.library == nil ? "refused" : "unit") \(digest.hexadecimal())"
  }
}
