/// What stands around the main part of every page: head, header, chapters, foot.
struct PageFrame {
  let plan: SitePlan
  let language: PageLanguage
  /// The page's path below the site's folder.
  let path: String
  let title: String
  let description: String
  /// The lesson that the page is, or nil for the contents.
  var slug: String?
  /// The same page in other languages.
  var twins: [(language: PageLanguage, path: String)] = []
  var previous: PageLesson?
  var next: PageLesson?
  var headings: [PageOutline.Heading] = []
  /// Extra words on the body element, for scripts.
  var data: HTML = ""

  private var words: PageWords { language.words }

  /// What a page may load: its own style sheets, scripts, fonts and images, and nothing else.
  ///
  /// KaTeX sets sizes by style attributes.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    + "font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

  func html(main: HTML, hasFormulas: Bool) -> HTML {
    let assets = language.href(to: "assets/")
    let formulas: HTML =
      hasFormulas ? "<link rel=\"stylesheet\" href=\"\(assets)katex.css\">\n" : ""
    return """
      <!DOCTYPE html>
      <html lang="\(language.tag)">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>\(title)\(slug == nil ? "" : " · \(words.course)")</title>
      <meta name="description" content="\(description)">
      <meta property="og:title" content="\(title)">
      <meta property="og:description" content="\(description)">
      <meta property="og:type" content="\(slug == nil ? "website" : "article")">
      <meta name="color-scheme" content="light dark">
      <script src="\(assets)theme.js"></script>
      <link rel="stylesheet" href="\(assets)style.css">
      \(formulas)<link rel="icon" href="\(assets)icon.svg" type="image/svg+xml">
      \(alternates)\(neighbours)<script defer src="\(assets)lessons.js"></script>
      </head>
      <body data-assets="\(assets)" data-root="\(language == .english ? "" : "../")" \
      data-language="\(language.rawValue)"\(data)>
      <a class="skip" href="#main">\(words.skip)</a>
      \(header)<div class="layout\(headings.isEmpty ? "" : " has-outline")">
      \(chapters)<div class="column">\(resume)<main id="main" tabindex="-1">
      \(main)\(foot)</main></div>
      \(outline)</div>
      \(dialogs)</body>
      </html>

      """
  }

  /// Where a script puts the way back to the place that the reader left.
  private var resume: HTML {
    slug == nil
      ? "<aside class=\"resume\" aria-label=\"\(words.continueHere)\" hidden></aside>\n" : ""
  }

  private var alternates: HTML {
    twins.map { twin -> HTML in
      """
      <link rel="alternate" hreflang="\(twin.language.tag)" href="\(language.href(to: twin.path))">

      """
    }.joined()
  }

  private var neighbours: HTML {
    var links: HTML = ""
    if let previous {
      links += "<link rel=\"prev\" href=\"\(language.href(to: previous.page))\">\n"
    }
    if let next { links += "<link rel=\"next\" href=\"\(language.href(to: next.page))\">\n" }
    return links
  }

  private var header: HTML {
    let languages = twins.map { twin -> HTML in
      """
      <a class="language" lang="\(twin.language.tag)" hreflang="\(twin.language.tag)" \
      href="\(language.href(to: twin.path))">\(twin.language.ownName)</a>

      """
    }.joined()
    let themes = [("auto", words.automatic), ("light", words.light), ("dark", words.dark)]
      .map { value, name -> HTML in "<option value=\"\(value)\">\(name)</option>" }.joined()
    // What needs a script appears with it, in room that is kept for it.
    return """
      <header class="top"><a class="home" href="\(contentsPath)">\(words.course)</a>
      <div class="tools">
      <div class="search needs-script"><label class="unseen" for="search">\(words.search)</label>\
      <input id="search" type="text" autocomplete="off" spellcheck="false" placeholder="\(words.search)  /" \
      role="combobox" aria-expanded="false" aria-controls="search-results" aria-autocomplete="list">\
      <ul id="search-results" role="listbox" aria-label="\(words.search)" hidden></ul></div>
      \(languages)<label class="theme needs-script"><span class="unseen">\(words.theme)</span>\
      <select id="theme" autocomplete="off">\(themes)</select></label>
      </div></header>

      """
  }

  private var contentsPath: String { language.href(to: "\(language.folder)index.html") }

  private var chapters: HTML {
    let items = plan.lessons(in: language).map { lesson -> HTML in
      let current: HTML = lesson.slug == slug ? " aria-current=\"page\"" : ""
      let mark: HTML =
        lesson.report.isPassing
        ? "" : " <span class=\"chapter-fails\" title=\"\(words.failing)\">✗</span>"
      let number: HTML =
        lesson.number.isEmpty ? "" : "<span class=\"chapter-number\">\(lesson.number)</span> "
      return """
        <li><a href="\(language.href(to: lesson.page))"\(current)>\(number)\
        <span>\(lesson.title)</span>\(mark)</a></li>

        """
    }.joined()
    let current: HTML = slug == nil ? " aria-current=\"page\"" : ""
    let list: HTML = """
      <ul><li><a href="\(contentsPath)"\(current)>\(words.contents)</a></li>
      \(items)</ul>
      """
    return """
      <nav class="chapters wide" aria-label="\(words.chapters)"><p class="nav-title">\(words.chapters)</p>\(list)</nav>
      <details class="chapters narrow"><summary>\(words.chapters)</summary>
      <nav aria-label="\(words.chapters) (2)">\(list)</nav></details>

      """
  }

  private var outline: HTML {
    let shown = headings.dropFirst().filter { (2...3).contains($0.level) }
    guard !shown.isEmpty else { return "" }
    let items = shown.map { heading -> HTML in
      "<li class=\"level-\(heading.level)\"><a href=\"#\(heading.id)\">\(heading.text)</a></li>\n"
    }.joined()
    return """
      <nav class="outline" aria-label="\(words.onThisPage)"><p class="nav-title">\(words.onThisPage)</p>
      <ul>\(items)</ul></nav>

      """
  }

  private var foot: HTML {
    guard slug != nil else { return "" }
    var links: HTML = ""
    if let previous {
      links += """
        <a class="previous" href="\(language.href(to: previous.page))">\
        <span>← \(words.previous)</span>\(previous.title)</a>

        """
    }
    if let next {
      links += """
        <a class="next" href="\(language.href(to: next.page))">\
        <span>\(words.next) →</span>\(next.title)</a>

        """
    }
    return links.isEmpty
      ? "" : "<nav class=\"turn\" aria-label=\"\(words.previous) / \(words.next)\">\(links)</nav>\n"
  }

  private var dialogs: HTML {
    let keys = [
      ("/", words.search), ("←", words.previous), ("→", words.next), ("?", words.keysHelp),
      ("Esc", words.close),
    ].map { key, meaning -> HTML in "<dt><kbd>\(key)</kbd></dt><dd>\(meaning)</dd>" }.joined()
    return """
      <dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">\(words.keys)</h2><dl>\(keys)</dl>\
      <form method="dialog"><button>\(words.close)</button></form></dialog>
      <template id="words" data-copy="\(words.copy)" data-copied="\(words.copied)" \
      data-nothing="\(words.noResults)" data-continue="\(words.continueHere)" \
      data-forget="\(words.forget)"></template>

      """
  }
}
