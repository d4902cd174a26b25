/// What a site says of itself: its files, then a blank line, then the lessons it shows.
struct SiteList {
  var files: [String]
  /// The lessons' files in order, as seen from the site's folder.
  var lessons: [String]

  init(files: [String], lessons: [String]) {
    self.files = files
    self.lessons = lessons
  }

  init(bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    files = Array(lines.prefix { !$0.isEmpty })
    lessons = lines.dropFirst(files.count).filter { !$0.isEmpty }
  }

  var bytes: [UInt8] {
    let lines = files + [""] + lessons
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Returns the way from a folder to a file, both given from the root.
  static func way(from folder: String, to file: String) -> String {
    let here = folder.split(separator: "/")
    let there = file.split(separator: "/")
    let shared = zip(here, there).prefix { $0 == $1 }.count
    let ups = Array(repeating: "..", count: here.count - shared)
    return (ups + there[shared...].map(String.init)).joined(separator: "/")
  }
}
