internal import Glibc

/// Reads lesson files, which may be anything that a path can name.
package enum LessonFile {
  /// Returns a lesson file's bytes.
  ///
  /// - Throws: `LessonError` where the file is missing, unreadable, no regular file or larger than 4 MB.
  package static func read(path: String) throws(LessonError) -> [UInt8] {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let descriptor = unsafe path.withCString {
      unsafe open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    }
    guard descriptor >= 0 else {
      throw failure(path, "the file can't be read: \(reason(errno))", help: "check the path")
    }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw failure(path, "the file can't be read: \(reason(errno))", help: "check the path")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw failure(path, "this is no regular file", help: "name a Markdown file")
    }
    guard status.st_size <= LessonLimits.fileBytes else {
      throw LessonError(path: path, diagnostics: [LessonLimits.tooLarge])
    }
    // One byte more than allowed, so that a file that grows meanwhile is noticed.
    var bytes = [UInt8](repeating: 0, count: LessonLimits.fileBytes + 1)
    var count = 0
    while count < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw failure(path, "the file can't be read: \(reason(errno))", help: "check the disk")
      }
      if got == 0 { break }
      count += got
    }
    guard count <= LessonLimits.fileBytes else {
      throw LessonError(path: path, diagnostics: [LessonLimits.tooLarge])
    }
    return try DownloadedLesson.markdown(path: path, bytes: Array(bytes[..<count]))
  }

  private static func reason(_ code: Int32) -> String {
    unsafe String(cString: strerror(code)).lowercased()
  }

  private static func failure(_ path: String, _ message: String, help: String) -> LessonError {
    LessonError(
      path: path, diagnostics: [Diagnostic(at: SourcePosition(line: 1), message, help: help)])
  }
}
