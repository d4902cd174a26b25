/// The style sheet and the fonts that set formulas need, from the system's KaTeX.
package enum FormulaAssets {
  /// Returns the files as a site has them: of each font the compressed form alone.
  package static func files(directory: String = KaTeX.directory) throws(EnvironmentFailure)
    -> [SiteFile]
  {
    do throws(SystemError) {
      let style = String(
        decoding: try FileSystem.read("\(directory)/katex.min.css"), as: UTF8.self)
      var files = [SiteFile("assets/katex.css", compressedOnly(style))]
      for name in FileSystem.names(in: "\(directory)/fonts") where name.hasSuffix(".woff2") {
        files.append(
          SiteFile("assets/fonts/\(name)", bytes: try FileSystem.read("\(directory)/fonts/\(name)"))
        )
      }
      return files
    } catch {
      throw EnvironmentFailure(
        "KaTeX is missing: \(error)", help: "install the packages libjs-katex and fonts-katex")
    }
  }

  /// Drops the other forms of each font, which no file stands for.
  private static func compressedOnly(_ style: String) -> String {
    var result = ""
    var rest = style[...]
    while let source = rest.firstRange(of: ",url(fonts/") {
      result += rest[..<source.lowerBound]
      let after = rest[source.upperBound...]
      let end = after.firstIndex { $0 == ";" || $0 == "}" } ?? after.endIndex
      rest = after[end...]
    }
    return result + rest
  }
}
