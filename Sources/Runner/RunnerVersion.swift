/// Which release this is, and where an installed one keeps its course.
package enum RunnerVersion {
  package static let text = "0.1.0"

  /// The course that `Scripts/install` puts beside the executable; nil in a build folder.
  package static func installedCourse(executable: String) -> String? {
    guard let directory = FileSystem.parent(of: executable) else { return nil }
    let course = "\(directory)/Lessons"
    return FileSystem.isDirectory(course) ? course : nil
  }
}
