/// What the contents say of a lesson: what it is about, what it teaches, what it asks for, how long it
/// takes.
struct LessonSummary {
  private let page: PageLesson
  private let words: PageWords

  init(_ page: PageLesson) {
    self.page = page
    words = page.language.words
  }

  /// The first paragraph, cut to what a search result shows.
  var description: String {
    let blocks = page.lesson?.document ?? []
    for block in blocks {
      let inlines: [MarkdownInline]
      switch block.kind {
      case .paragraph(let text): inlines = text
      case .quote(let children):
        guard case .paragraph(let text)? = children.first?.kind else { continue }
        // The question that a lesson opens with, without the words "The question."
        if case .strong? = text.first?.kind {
          inlines = Array(text.dropFirst())
        } else {
          inlines = text
        }
      default: continue
      }
      let text = inlines.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard text.count > 160 else { return text }
      let cut = text.prefix(159)
      let end = cut.lastIndex(of: " ") ?? cut.endIndex
      return "\(cut[..<end])…"
    }
    return page.title
  }

  /// The items of the list after the words "**You will be able to**".
  var objectives: [[MarkdownInline]] {
    let blocks = page.lesson?.document ?? []
    for (block, next) in zip(blocks, blocks.dropFirst()) {
      guard begins(block, with: Self.objectiveWords) != nil, case .list(let list) = next.kind else {
        continue
      }
      return list.items.compactMap { item in
        guard case .paragraph(let inlines)? = item.first?.kind else { return nil }
        return inlines
      }
    }
    return []
  }

  /// What stands after the words "**Before you start:**".
  var prerequisites: [MarkdownInline] {
    (page.lesson?.document ?? []).lazy
      .compactMap { begins($0, with: Self.prerequisiteWords) }.first ?? []
  }

  private static let objectiveWords = [
    "you will be able to", "you will learn", "学完", "你将", "学习目标",
  ]
  private static let prerequisiteWords = [
    "before you start", "prerequisites", "预备知识", "开始之前", "先修",
  ]

  /// Returns the rest of a paragraph that begins with some words in bold.
  private func begins(_ block: MarkdownBlock, with words: [String]) -> [MarkdownInline]? {
    guard case .paragraph(let inlines) = block.kind, case .strong(let lead)? = inlines.first?.kind,
      words.contains(where: { lead.plainText.lowercased().hasPrefix($0) })
    else { return nil }
    return Array(inlines.dropFirst())
  }

  /// Minutes to read it: 200 words or 400 Chinese characters, or 60 lines of code.
  var minutes: Int {
    guard let lesson = page.lesson else { return 1 }
    var words = 0
    var characters = 0
    // By scalars: to find the characters of a whole lesson takes a tenth of the time that its page takes.
    let text = String(decoding: lesson.bytes, as: UTF8.self).unicodeScalars
    let isBetween = { (scalar: Unicode.Scalar) in
      scalar == " " || scalar == "\n" || scalar == "|"
        || (scalar.value > 0x7F && scalar.properties.isWhitespace)
    }
    for word in text.split(whereSeparator: isBetween) {
      let wide = word.count { SearchIndex.isIdeograph($0) }
      characters += wide
      if wide == 0 { words += 1 }
    }
    let lines = lesson.cells.reduce(0) { $0 + $1.lineStarts.count }
    let minutes = Double(words) / 200 + Double(characters) / 400 + Double(lines) / 60
    return max(Int(minutes.rounded()), 1)
  }
}
