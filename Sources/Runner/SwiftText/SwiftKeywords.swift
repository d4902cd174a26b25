/// The words that Swift gives a meaning to.
enum SwiftKeywords {
  /// Words that are never names without backticks, apart from labels and members.
  static let reserved: Set<String> = [
    "Any", "Self", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue",
    "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
    "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is",
    "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
    "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
  ]

  /// Reserved words that stay values or ends of statements before a colon, where others are labels.
  static let beforeColon: Set<String> = [
    "Any", "Self", "default", "false", "nil", "self", "super", "true",
  ]

  /// Words that modify the declaration whose first word follows.
  static let modifiers: Set<String> = [
    "actor", "borrowing", "consuming", "convenience", "distributed", "dynamic", "each", "final",
    "indirect", "infix", "isolated", "lazy", "macro", "mutating", "nonisolated", "nonmutating",
    "open", "optional", "override", "package", "postfix", "prefix", "required", "sending",
    "unowned",
    "weak",
  ]

  /// Words before an expression that they act on.
  static let actions: Set<String> = ["consume", "copy", "discard", "yield"]

  static let accessors: Set<String> = ["_modify", "_read", "didSet", "get", "set", "willSet"]

  /// Reserved words after which an expression begins, so that a slash there opens a regex.
  static let beforeExpression: Set<String> = [
    "await", "case", "else", "guard", "if", "in", "let", "return", "throw", "try", "where", "while",
  ]

  /// Words with a hash that are part of the language; others are macros.
  static let pounds: Set<String> = [
    "#available", "#column", "#colorLiteral", "#dsohandle", "#file", "#fileID", "#fileLiteral",
    "#filePath", "#function", "#imageLiteral", "#isolation", "#keyPath", "#line", "#selector",
    "#unavailable",
  ]

  static let poundDirectives: Set<String> = ["#error", "#sourceLocation", "#warning"]
}
