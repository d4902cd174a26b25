import Glibc

/// Reads tables of numbers separated by commas.
public enum CSV {
  /// The numbers of a file, a row a line.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - skipHeader: Whether the first line holds names.
  ///   - separator: What stands between numbers; blanks and quotation marks around them are passed
  ///     over.
  ///   - dtype: The type of the elements; the default one if absent.
  /// - Returns: Shape `[rows, columns]`; empty lines are no rows.
  /// - Throws: `TensorFileError` if the file cannot be read, a field is no number, or a line is
  ///   longer or shorter than the first.
  public static func load(
    _ path: String, skipHeader: Bool = false, separator: Character = ",", dtype: DType? = nil
  ) throws(TensorFileError) -> Tensor {
    guard let bytes = readFile(path) else {
      throw TensorFileError(path: path, offset: 0, expectation: "a file that can be read")
    }
    return try parse(
      String(decoding: bytes, as: UTF8.self), path, skipHeader, separator, dtype)
  }

  /// The numbers of a text, a row a line.
  ///
  /// - Parameters:
  ///   - text: Lines of numbers.
  ///   - name: What errors call the text.
  ///   - skipHeader: Whether the first line holds names.
  ///   - separator: What stands between numbers; blanks and quotation marks around them are passed
  ///     over.
  ///   - dtype: The type of the elements; the default one if absent.
  /// - Returns: Shape `[rows, columns]`; empty lines are no rows.
  /// - Throws: `TensorFileError` if a field is no number or a line is longer or shorter than the
  ///   first.
  public static func parse(
    _ text: String, _ name: String = "text", _ skipHeader: Bool = false,
    _ separator: Character = ",", _ dtype: DType? = nil
  ) throws(TensorFileError) -> Tensor {
    var values: [Double] = []
    var width: Int?
    var rows = 0
    var offset = 0
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      defer { offset += line.utf8.count + 1 }
      let skips = isFirst && skipHeader
      isFirst = false
      let content = line.filter { $0 != "\r" }
      if skips || content.allSatisfy({ $0 == " " }) { continue }
      var fields = 0
      for field in content.split(separator: separator, omittingEmptySubsequences: false) {
        let word = field.filter { $0 != " " && $0 != "\"" }
        guard let value = Double(word) else {
          throw TensorFileError(
            path: name, offset: offset, expectation: "a number in line \(rows + 1), not '\(field)'")
        }
        values.append(value)
        fields += 1
      }
      if let width, width != fields {
        throw TensorFileError(
          path: name, offset: offset, expectation: "\(width) numbers in a line, not \(fields)")
      }
      width = fields
      rows += 1
    }
    return Tensor(values, shape: [rows, width ?? 0], dtype: dtype)
  }
}
