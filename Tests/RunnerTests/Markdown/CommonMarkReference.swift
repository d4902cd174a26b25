import CMark
import Foundation

/// What cmark itself makes of a Markdown text, with the differences that our pages have on purpose.
///
/// - Raw HTML is shown as text.
/// - A link leads to a web page or a mail address; any other must lead to something in the course, and an
///   image must lie beside the lesson: of those that don't, the text stays.
/// - The page's title is its one first-level heading; others are second-level ones.
enum CommonMarkReference {
  struct Link: Equatable {
    var destination: String
    var title: String
  }

  static func html(of text: String) -> String {
    withDocument(text) { document in
      for node in nodes(document) { change(node) }
      guard let html = cmark_render_html(document, CMARK_OPT_UNSAFE) else { return "" }
      defer { free(html) }
      return String(cString: html)
    }
  }

  /// The links and images in their order, those inside others last.
  static func links(of text: String) -> [Link] {
    withDocument(text) { document in
      nodes(document).filter { isLink($0) }.map {
        Link(destination: string(cmark_node_get_url($0)), title: string(cmark_node_get_title($0)))
      }
    }
  }

  private static func withDocument<Result>(_ text: String, _ body: (OpaquePointer) -> Result)
    -> Result
  {
    guard let document = cmark_parse_document(text, text.utf8.count, CMARK_OPT_DEFAULT) else {
      fatalError("cmark has no memory")
    }
    defer { cmark_node_free(document) }
    return body(document)
  }

  private static func nodes(_ document: OpaquePointer) -> [OpaquePointer] {
    var found: [OpaquePointer] = []
    guard let iterator = cmark_iter_new(document) else { return [] }
    defer { cmark_iter_free(iterator) }
    while cmark_iter_next(iterator) != CMARK_EVENT_DONE {
      guard let node = cmark_iter_get_node(iterator), !found.contains(node) else { continue }
      found.append(node)
    }
    return found
  }

  private static func change(_ node: OpaquePointer) {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HTML_BLOCK:
      replace(node, by: CMARK_NODE_CUSTOM_BLOCK) {
        cmark_node_set_on_enter($0, "<p>\(escaped(string(cmark_node_get_literal(node))))</p>")
      }
    case CMARK_NODE_HTML_INLINE:
      replace(node, by: CMARK_NODE_TEXT) {
        cmark_node_set_literal($0, cmark_node_get_literal(node))
      }
    case CMARK_NODE_HEADING where cmark_node_get_heading_level(node) == 1:
      cmark_node_set_heading_level(node, 2)
    case CMARK_NODE_IMAGE:
      replace(node, by: CMARK_NODE_TEXT) { cmark_node_set_literal($0, plainText(node)) }
    case CMARK_NODE_LINK where !leavesTheCourse(string(cmark_node_get_url(node))):
      while let child = cmark_node_first_child(node) { cmark_node_insert_before(node, child) }
      cmark_node_unlink(node)
    default: break
    }
  }

  private static func replace(
    _ node: OpaquePointer, by type: cmark_node_type, _ fill: (OpaquePointer) -> Void
  ) {
    guard let other = cmark_node_new(type) else { return }
    fill(other)
    cmark_node_replace(node, other)
  }

  private static func plainText(_ node: OpaquePointer) -> String {
    nodes(node).map { part in
      switch cmark_node_get_type(part) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: string(cmark_node_get_literal(part))
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: " "
      default: ""
      }
    }.joined()
  }

  private static func isLink(_ node: OpaquePointer) -> Bool {
    let type = cmark_node_get_type(node)
    return type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE
  }

  private static func leavesTheCourse(_ address: String) -> Bool {
    ["http:", "https:", "mailto:"].contains { address.lowercased().hasPrefix($0) }
  }

  private static func string(_ characters: UnsafePointer<CChar>?) -> String {
    characters.map { String(cString: $0) } ?? ""
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
