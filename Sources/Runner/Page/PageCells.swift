/// Turns cells and what came of them into markup.
struct PageCells {
  let page: PageLesson
  let outline: PageOutline

  private var words: PageWords { page.language.words }

  func html(_ index: Int, isFolded: Bool) -> HTML {
    guard index < page.report.cells.count else { return "" }
    let report = page.report.cells[index]
    let body = self.body(report, index: index)
    // A solution that its author left in the open is folded all the same.
    if report.cell.options.isSolution, !isFolded {
      return folded(words.solution, isOpen: report.verdict.status != .pass, body)
    }
    if report.cell.options.isHidden, !isFolded {
      let shown = outputs(report, index: index)
      let fold = folded(
        words.hidden, isOpen: report.verdict.status != .pass, frame(report, body: code(report)))
      return shown.isEmpty ? fold : fold + "<div class=\"cell shown\">\(shown)</div>\n"
    }
    return body
  }

  private func folded(_ summary: String, isOpen: Bool, _ body: HTML) -> HTML {
    """
    <details class="fold"\(isOpen ? " open" : "" as HTML)><summary>\(summary)</summary>
    <div class="fold-body">\(body)</div></details>

    """
  }

  private func body(_ report: CellReport, index: Int) -> HTML {
    frame(report, body: code(report) + outputs(report, index: index))
  }

  private func frame(_ report: CellReport, body: HTML) -> HTML {
    let id = report.cell.id
    let badge = CellBadge(report, words)
    let time = report.outcome.duration > .zero ? RunText.seconds(report.outcome.duration) : ""
    let seed = report.cell.options.seed.map { "seed \($0)" } ?? ""
    let details = [time, seed].filter { !$0.isEmpty }.joined(separator: " · ")
    let note: HTML = details.isEmpty ? "" : "<span class=\"cell-note\">\(details)</span>"
    return """
      <div class="cell \(badge.kind)" id="c-\(id)" role="group" aria-label="\(words.cell) \(id)">
      <div class="cell-head"><a class="cell-name" href="#c-\(id)">\(id)</a>\(badge.html)\(note)</div>
      \(body)</div>

      """
  }

  private func code(_ report: CellReport) -> HTML {
    CodeMarkup.block(
      report.cell.source, isSwift: true, name: "\(words.cell) \(report.cell.id)")
  }

  /// What the cell printed and displayed, under each value of the lesson's parameter where it differs.
  private func outputs(_ report: CellReport, index: Int) -> HTML {
    let own = OutputMarkup(report, outline: outline, words: words).html
    let others = page.variants.filter { index < $0.cells.count }
    guard let parameter = page.lesson?.parameter, !report.cell.options.isExercise,
      others.contains(where: { !$0.cells[index].showsTheSame(as: report) })
    else { return parameterChoice(report) + own }
    let parts = page.parameterValues(of: parameter).enumerated().map { position, value -> HTML in
      let shown =
        value == parameter.value
        ? own
        : others.first { $0.value == value }.map {
          OutputMarkup($0.cells[index], outline: outline, words: words, suffix: "-v\(position)")
            .html
        } ?? own
      let isDefault = value == parameter.value
      return """
        <div class="variant v\(position)\(isDefault ? " is-default" : "")">\
        <p class="variant-name">\(parameter.name) = \(value)</p>\(shown)</div>

        """
    }
    return parameterChoice(report) + parts.joined()
  }

  private func parameterChoice(_ report: CellReport) -> HTML {
    guard let parameter = page.lesson?.parameter, parameter.cell == report.cell.index,
      !page.variants.isEmpty
    else { return "" }
    let choices = page.parameterValues(of: parameter).enumerated().map { index, value -> HTML in
      let checked: HTML = value == parameter.value ? " checked" : ""
      return """
        <label><input type="radio" name="parameter" class="choose-v\(index)" \
        value="\(value)"\(checked)> \(value)</label>

        """
    }
    return """
      <fieldset class="parameter"><legend>\(words.tryValue) <code>\(parameter.name)</code></legend>
      \(choices.joined())</fieldset>

      """
  }
}

extension CellReport {
  /// True where a reader would see the same under two values of a parameter.
  fileprivate func showsTheSame(as other: CellReport) -> Bool {
    outcome.stdout == other.outcome.stdout && outcome.displays == other.outcome.displays
      && verdict.status == other.verdict.status
  }
}

/// The word over a cell that says whether it did what its lesson promises.
struct CellBadge {
  var kind: String
  var text: String

  init(_ report: CellReport, _ words: PageWords) {
    let options = report.cell.options
    switch report.verdict.status {
    case .pass where options.isExercise: (kind, text) = ("is-exercise", words.exercise)
    case .pass where options.isNoRun: (kind, text) = ("is-skipped", words.notRun)
    case .pass where options.ending != .success: (kind, text) = ("is-pass", words.failedAsPromised)
    case .pass: (kind, text) = ("is-pass", words.asExpected)
    case .notRun: (kind, text) = ("is-skipped", words.notRun)
    default: (kind, text) = ("is-fail", words.differs)
    }
  }

  var html: HTML {
    let sign = kind == "is-pass" ? "✓" : kind == "is-fail" ? "✗" : kind == "is-exercise" ? "✎" : "–"
    return "<span class=\"badge \(kind)\"><span aria-hidden=\"true\">\(sign)</span> \(text)</span>"
  }
}
