internal import Glibc

/// The few file operations the runner needs, each with the system's own error.
package enum FileSystem {
  package static func isDirectory(_ path: String) -> Bool {
    guard let mode = mode(path) else { return false }
    return mode & S_IFMT == S_IFDIR
  }

  package static func isFile(_ path: String) -> Bool {
    guard let mode = mode(path) else { return false }
    return mode & S_IFMT == S_IFREG
  }

  package static func isExecutable(_ path: String) -> Bool {
    unsafe isFile(path) && access(path, X_OK) == 0
  }

  package static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  package static func isOwnedByUser(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_uid == getuid()
  }

  private static func mode(_ path: String) -> UInt32? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode : nil
  }

  /// A text that changes whenever a file is replaced: its size and its time of change.
  package static func stamp(_ path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return "\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }

  /// How long ago a file was changed; zero where it is not there.
  package static func age(_ path: String) -> Duration {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .zero }
    return .seconds(max(time(nil) - status.st_mtim.tv_sec, 0))
  }

  package static func read(_ path: String) throws(SystemError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(path) }
    let descriptor = Descriptor(owning: file)
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw SystemError(path) }
    // One more than there should be, so that the end is noticed without another array.
    var room = max(status.st_size, 0) + 1
    var bytes: [UInt8] = []
    while true {
      var count = 0
      let more = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        repeat {
          count = unsafe Glibc.read(descriptor.number, buffer.baseAddress, room)
        } while count < 0 && errno == EINTR
        initialized = max(count, 0)
      }
      guard count >= 0 else { throw SystemError(path) }
      if count == 0 { return bytes }
      if bytes.isEmpty { bytes = more } else { bytes += more }
      room = 1 << 16
    }
  }

  /// Writes a whole file or throws; the caller renames it into place.
  package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644)
    throws(SystemError)
  {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw SystemError(path) }
    let descriptor = Descriptor(owning: file)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor.number, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError(path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Replaces a file in one step: readers see the old bytes or the new ones.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let temporary = "\(path).\(getpid()).tmp"
    do throws(SystemError) {
      var mode: UInt32 = 0o644
      if let old = self.mode(path) { mode = old & 0o777 }
      try write(bytes, to: temporary, mode: mode)
      guard unsafe rename(temporary, path) == 0 else { throw SystemError(path) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// Makes a directory and those above it; one that exists is fine.
  package static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
    if isDirectory(path) { return }
    if let parent = parent(of: path), !isDirectory(parent) { try makeDirectory(parent, mode: mode) }
    guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw SystemError(path) }
  }

  /// Makes a fresh directory that only this user can enter.
  package static func makeTemporaryDirectory(in parent: String) throws(SystemError) -> String {
    var template = Array("\(parent)/lessons-XXXXXX".utf8CString)
    let made: String? = unsafe template.withUnsafeMutableBufferPointer {
      guard let path = $0.baseAddress, unsafe mkdtemp(path) != nil else { return nil }
      return unsafe String(cString: path)
    }
    guard let made else { throw SystemError(parent) }
    return made
  }

  /// The names in a directory, sorted; none where it can't be read.
  package static func names(in path: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a directory with everything in it, without following links.
  package static func remove(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      unsafe chmod(path, 0o700)
      for name in names(in: path) { remove("\(path)/\(name)") }
      unsafe rmdir(path)
    } else {
      unsafe unlink(path)
    }
  }

  /// Removes what is at a path, or moves it out of the way where parts of it are another user's.
  package static func moveAside(_ path: String) {
    remove(path)
    _ = unsafe rename(path, "\(path).\(getpid()).old")
  }

  /// The path without links, dots and doubled slashes; nil where nothing is there.
  package static func canonical(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The directory that the process runs in.
  package static var currentDirectory: String { canonical(".") ?? "/" }

  package static func parent(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// The value of an environment variable, or nil where it is unset or empty.
package func environmentVariable(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
