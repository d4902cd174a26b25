/// A directory that is removed with its last owner.
final class TemporaryDirectory: Sendable {
  let path: String

  init(path: String) {
    self.path = path
  }

  deinit {
    FileSystem.remove(path)
  }
}
