/// Where the links of one page lead.
struct PageLinks: Sendable {
  /// The pages of the site by the file they come from, such as `zh/01-cosine.md`.
  private let pages: [String: String]
  /// Lessons of the course that this site leaves out.
  private let absent: Set<String>
  private let language: PageLanguage
  private let anchors: [String: PageOutline.Anchor]

  enum Target: Equatable {
    case address(String)
    /// A lesson that exists, but not on this site: its text stands without a link.
    case absent
    case refused
    case missingAnchor(near: String?)
    case missingLesson
  }

  init(plan: SitePlan, page: PageLesson, anchors: [String: PageOutline.Anchor]) {
    pages = Dictionary(
      plan.lessons.map { ("\($0.language.folder)\($0.slug).md", $0.page) },
      uniquingKeysWith: { first, _ in first })
    absent = plan.absentLessons
    language = page.language
    self.anchors = anchors
  }

  func target(of destination: String) -> Target {
    if destination.hasPrefix("#") {
      let name = String(destination.dropFirst())
      if let anchor = anchors[name] { return .address("#\(anchor.id)") }
      return .missingAnchor(near: EditDistance.nearest(to: name, among: anchors.keys.sorted()))
    }
    if let colon = destination.firstIndex(of: ":"),
      !destination[..<colon].contains(where: { "/?#".contains($0) })
    {
      let scheme = destination[..<colon].lowercased()
      return ["http", "https", "mailto"].contains(scheme)
        ? .address(Self.encoded(destination)) : .refused
    }
    let parts = destination.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = Self.normalised(language.folder + parts[0])
    guard let page = pages[path] else { return absent.contains(path) ? .absent : .missingLesson }
    // A heading of another page is named as on this one.
    let fragment = parts.count > 1 ? "#" + Self.fragment(parts[1]) : ""
    return .address(href(to: page) + fragment)
  }

  /// What stands for `#` in the text of a link to an equation, a figure or a cell of this page.
  func label(of destination: String) -> String? {
    destination.hasPrefix("#") ? anchors[String(destination.dropFirst())]?.label : nil
  }

  /// Returns the way from this page to another of the site.
  func href(to page: String) -> String {
    language.href(to: page)
  }

  /// Returns an address with every byte escaped that has no place in one, as cmark does.
  static func encoded(_ address: String) -> String {
    let kept = Set("-_.+!*'(),%#@?=;:/&$~".utf8)
    return address.utf8.map { byte in
      Ascii.isLetter(byte) || Ascii.isDigit(byte) || kept.contains(byte)
        ? String(Unicode.Scalar(byte)) : "%" + LessonLimits.hexadecimal(byte)
    }.joined()
  }

  private static func fragment(_ name: Substring) -> String {
    for prefix in ["eq-", "fig-", "cell-"] where name.hasPrefix(prefix) {
      return prefix == "cell-" ? "c-\(name)" : String(name)
    }
    return "h-\(name)"
  }

  static func normalised(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { if !parts.isEmpty { parts.removeLast() } } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}

extension PageLanguage {
  /// Returns the way from a page in this language to a file of the site.
  func href(to path: String) -> String {
    if folder.isEmpty { return path }
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : "../\(path)"
  }
}
