/// The numbers of a lesson's named equations, as on its page.
struct EquationNumbers {
  /// By where the equation begins in the file.
  private(set) var numbers: [Int: String] = [:]
  /// By the name that links use.
  private(set) var labels: [String: String] = [:]
  private let prefix: String

  init(of lesson: Lesson) {
    let digits = lesson.slug.prefix { $0.isASCII && $0.isNumber }
    prefix = Int(digits).map { "\($0)." } ?? ""
    visit(lesson.document)
  }

  private mutating func visit(_ blocks: [MarkdownBlock]) {
    for block in blocks {
      switch block.kind {
      case .math(let code):
        guard let id = EquationLabel(info: code.info).id, labels[id] == nil else { continue }
        let number = "\(prefix)\(numbers.count + 1)"
        numbers[block.span.bytes.lowerBound] = number
        labels[id] = number
      case .quote(let children), .alert(_, let children): visit(children)
      case .list(let list): for item in list.items { visit(item) }
      default: break
      }
    }
  }
}
