/// What the engine needs of the runner's own installation: the executable that serves as the worker,
/// and the modules a cell may import from it.
package struct Installation: Sendable {
  /// The `lessons` executable; cells are loaded into it.
  package var executable: String
  /// The launcher that foreign code is held by.
  package var launcher: String
  /// The importable modules by name: Math and LessonKit.
  package var modules: [String: String]

  /// The names of the modules whose code is linked into the executable for cells to use.
  package static let moduleNames = ["LessonKit", "Math"]

  /// Finds the modules beside an executable.
  ///
  /// `swift build` puts them into `Modules/`, and so does `Scripts/install`.
  package init(executable: String) throws(EnvironmentFailure) {
    guard let executable = FileSystem.canonical(executable),
      let directory = FileSystem.parent(of: executable)
    else {
      throw EnvironmentFailure("\(executable) is not there", help: "build it with Scripts/lessons")
    }
    self.executable = executable
    launcher = "\(directory)/confine"
    guard FileSystem.isExecutable(launcher) else {
      throw EnvironmentFailure(
        "the launcher is missing: \(launcher)",
        help: "build again with Scripts/lessons, or install again with Scripts/install")
    }
    modules = [:]
    for name in Self.moduleNames {
      let path = "\(directory)/Modules/\(name).swiftmodule"
      guard FileSystem.isFile(path) else {
        throw EnvironmentFailure(
          "the module \(name) is missing: \(path)",
          help: "build again with Scripts/lessons, or install again with Scripts/install")
      }
      modules[name] = path
    }
  }
}
