internal import CDuktape

/// KaTeX, as the system's package installs it, inside a JavaScript engine within this process.
///
/// The engine gives a program neither files nor network; `trust: false` refuses links and images in TeX,
/// and the two limits stop macros and rules that grow without end.
@safe package final class KaTeX: FormulaRenderer {
  private let context: OpaquePointer

  /// Where Debian's `libjs-katex` puts its files.
  package static let directory = "/usr/share/javascript/katex"

  package init(directory: String = KaTeX.directory) throws(EnvironmentFailure) {
    let program: [UInt8]
    do {
      program = try FileSystem.read("\(directory)/katex.js")
    } catch {
      throw EnvironmentFailure(
        "KaTeX is missing: \(error)", help: "install the packages libjs-katex and fonts-katex")
    }
    guard let context = unsafe duktape_new() else {
      throw EnvironmentFailure("no memory is left for the JavaScript engine", help: "try again")
    }
    unsafe self.context = context
    let text = Self.missingInEngine + String(decoding: program, as: UTF8.self) + Self.entry
    let failure = unsafe duktape_evaluate(context, text, text.utf8.count)
    let result = unsafe Self.takeResult(context)
    if failure != 0 {
      throw EnvironmentFailure(
        "KaTeX doesn't start: \(result)", help: "install the packages libjs-katex and duktape-dev")
    }
  }

  deinit {
    unsafe duktape_free(context)
  }

  package func markup(of formula: Formula) throws(FormulaError) -> String {
    let failure = unsafe duktape_call(
      context, "lessonsFormula", formula.tex, formula.tex.utf8.count, formula.isDisplay ? 1 : 0)
    let result = unsafe Self.takeResult(context)
    if failure != 0 { throw FormulaError(result) }
    if result.hasPrefix("+") { return String(result.dropFirst()) }
    let parts = result.dropFirst().split(separator: " ", maxSplits: 1)
    let offset = parts.first.flatMap { Int($0) } ?? -1
    throw FormulaError(Self.wording(parts.last ?? ""), offset: offset >= 0 ? offset : nil)
  }

  /// KaTeX's message without its own account of the position, which we give by line and column.
  private static func wording(_ message: Substring) -> String {
    var text = message
    if let range = text.firstRange(of: "KaTeX parse error: ") { text = text[range.upperBound...] }
    if let range = text.firstRange(of: " at position ") { text = text[..<range.lowerBound] }
    if let range = text.firstRange(of: " at end of input") { text = text[..<range.upperBound] }
    return String(text)
  }

  private static func takeResult(_ context: OpaquePointer) -> String {
    var length = 0
    guard let bytes = unsafe duktape_result(context, &length) else { return "" }
    let text = unsafe String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    unsafe duktape_drop(context)
    return text
  }

  /// What KaTeX calls and the engine, an older JavaScript, lacks.
  private static let missingInEngine = """
    if (!Array.prototype.fill) Array.prototype.fill = function (value, from, to) {
      for (var i = from || 0; i < (to === undefined ? this.length : to); i++) this[i] = value;
      return this;
    };
    """

  private static let entry = """
    ;var lessonsKaTeX = typeof katex !== 'undefined' ? katex : this.katex;
    function lessonsFormula(tex, isDisplay) {
      try {
        return '+' + lessonsKaTeX.renderToString(tex, {displayMode: isDisplay, throwOnError: true,
          trust: false, maxExpand: 1000, maxSize: 20, strict: 'ignore'});
      } catch (error) {
        return '-' + (error.position === undefined ? -1 : error.position) + ' ' + error.message;
      }
    }
    """
}
