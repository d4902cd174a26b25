internal import CMark

/// What cmark can't be given or can't be trusted with, as one diagnostic.
package struct MarkdownError: Error, Sendable, Equatable {
  package var diagnostic: Diagnostic
}

/// Turns Markdown into blocks that know where they stand.
///
/// This file alone calls cmark. It walks the finished tree once, without recursion, and copies it, so
/// that no C pointer outlives a call to `parse`. cmark 0.30's own columns are wrong for inlines and its
/// end lines for half of the blocks, so only the line and column where a block begins are taken from it;
/// `CodeBlockLocator` and `InlineLocator` find everything else in the bytes.
///
/// `MarkdownExtensions` goes on from here with what cmark 0.30 doesn't know.
package enum MarkdownParser {
  /// The version of the library in use.
  static var version: String { unsafe String(cString: cmark_version_string()) }

  /// How many blocks and inlines may stand inside each other.
  package static let nestingLimit = 100

  package static func parse(_ source: SourceText) throws(MarkdownError) -> [MarkdownBlock] {
    try MarkdownGuard.check(source, nestingLimit: nestingLimit)
    let document = unsafe source.bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
      unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
        unsafe cmark_parse_document(characters.baseAddress, characters.count, CMARK_OPT_DEFAULT)
      }
    }
    guard let document = unsafe document else { return [] }
    defer { unsafe cmark_node_free(document) }

    var tree = MarkdownTree(source: source, blockLines: unsafe blockLines(of: document, in: source))
    guard let iterator = unsafe cmark_iter_new(document) else { return [] }
    defer { unsafe cmark_iter_free(iterator) }
    while true {
      let event = unsafe cmark_iter_next(iterator)
      guard event == CMARK_EVENT_ENTER || event == CMARK_EVENT_EXIT,
        let node = unsafe cmark_iter_get_node(iterator)
      else { break }
      let line = Int(unsafe cmark_node_get_start_line(node))
      let column = Int(unsafe cmark_node_get_start_column(node))
      if event == CMARK_EVENT_EXIT {
        tree.close()
      } else if let kind = unsafe container(node) {
        try tree.open(kind, line: line, column: column, limit: nestingLimit)
      } else {
        tree.append(unsafe leaf(node), line: line, column: column)
      }
    }
    return tree.finished
  }

  /// Returns which lines a block begins on: such a line doesn't close the fence above it.
  private static func blockLines(
    of document: OpaquePointer, in source: SourceText
  ) -> Set<Int> {
    var lines: Set<Int> = []
    guard let iterator = unsafe cmark_iter_new(document) else { return [] }
    defer { unsafe cmark_iter_free(iterator) }
    while true {
      let event = unsafe cmark_iter_next(iterator)
      guard event == CMARK_EVENT_ENTER || event == CMARK_EVENT_EXIT else { return lines }
      guard event == CMARK_EVENT_ENTER, let node = unsafe cmark_iter_get_node(iterator) else {
        continue
      }
      let type = unsafe cmark_node_get_type(node)
      if type.rawValue <= CMARK_NODE_LAST_BLOCK.rawValue, type != CMARK_NODE_DOCUMENT {
        lines.insert(Int(unsafe cmark_node_get_start_line(node)))
      }
    }
  }

  /// Returns what a node with children becomes, or nil for a leaf.
  private static func container(_ node: OpaquePointer) -> MarkdownTree.Container? {
    switch unsafe cmark_node_get_type(node) {
    case CMARK_NODE_DOCUMENT: return .document
    case CMARK_NODE_BLOCK_QUOTE: return .quote
    case CMARK_NODE_LIST:
      let isOrdered = unsafe cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      return .list(
        start: isOrdered ? Int(unsafe cmark_node_get_list_start(node)) : nil,
        isTight: unsafe cmark_node_get_list_tight(node) != 0)
    case CMARK_NODE_ITEM: return .item
    case CMARK_NODE_PARAGRAPH: return .paragraph
    case CMARK_NODE_HEADING: return .heading(level: Int(unsafe cmark_node_get_heading_level(node)))
    case CMARK_NODE_EMPH: return .emphasis
    case CMARK_NODE_STRONG: return .strong
    case CMARK_NODE_LINK:
      return .link(
        destination: unsafe text(cmark_node_get_url(node)),
        title: unsafe text(cmark_node_get_title(node)))
    case CMARK_NODE_IMAGE:
      return .image(
        source: unsafe text(cmark_node_get_url(node)),
        title: unsafe text(cmark_node_get_title(node)))
    default: return nil
    }
  }

  private static func leaf(_ node: OpaquePointer) -> MarkdownTree.Leaf {
    let literal = unsafe text(cmark_node_get_literal(node))
    switch unsafe cmark_node_get_type(node) {
    case CMARK_NODE_CODE_BLOCK:
      return .codeBlock(info: unsafe text(cmark_node_get_fence_info(node)), literal)
    case CMARK_NODE_HTML_BLOCK, CMARK_NODE_CUSTOM_BLOCK: return .htmlBlock(literal)
    case CMARK_NODE_THEMATIC_BREAK: return .thematicBreak
    case CMARK_NODE_CODE: return .inline(.code(literal))
    case CMARK_NODE_HTML_INLINE, CMARK_NODE_CUSTOM_INLINE: return .inline(.html(literal))
    case CMARK_NODE_SOFTBREAK: return .inline(.softBreak)
    case CMARK_NODE_LINEBREAK: return .inline(.lineBreak)
    default: return .inline(.text(literal))
    }
  }

  private static func text(_ characters: UnsafePointer<CChar>?) -> String {
    guard let characters = unsafe characters else { return "" }
    return unsafe String(cString: characters)
  }
}
