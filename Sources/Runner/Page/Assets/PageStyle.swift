/// The style sheet of the pages, in parts.
///
/// Colours are named once, each for both themes; the theme is the colour scheme of the root.
package enum PageStyle {
  package static let text =
    colours + figureColours + base + frame + prose + cells + folds + figures + search + print

  private static let colours = """
    :root {
      color-scheme: light dark;
      --ground: light-dark(#fdfcfa, #14171c);
      --raised: light-dark(#f5f3ee, #1c2128);
      --line: light-dark(#dcd8cf, #363d47);
      --ink: light-dark(#1d2127, #e4e8ee);
      --soft: light-dark(#5a616b, #a3adba);
      --link: light-dark(#0b5394, #7fb7f5);
      --accent: light-dark(#b3450b, #f2a267);
      --good: light-dark(#1a6b35, #74cf8d);
      --good-ground: light-dark(#e0f2e4, #16301f);
      --bad: light-dark(#a5231c, #ff9c92);
      --bad-ground: light-dark(#fbe5e2, #3b1b1a);
      --mark: light-dark(#fff0c4, #4a3b10);
      --keyword: light-dark(#9b2393, #f48fce);
      --type: light-dark(#3a4fa0, #9fc2ff);
      --string: light-dark(#a5231c, #ffa59b);
      --number: light-dark(#1c5a8a, #84cdf7);
      --comment: light-dark(#5b6570, #95a1af);
      --mono: "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono",
        "Noto Sans Mono CJK SC", monospace;
      --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei",
        "Noto Sans CJK SC", sans-serif;
      --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif",
        Georgia, "DejaVu Serif", "Songti SC", "Noto Serif CJK SC", serif;
    }
    :root[data-theme="light"] { color-scheme: light; }
    :root[data-theme="dark"] { color-scheme: dark; }

    """

  /// What a figure's classes look like, on pages and in files of their own.
  package static let figureColours = """
    .plot { display: block; width: 100%; height: auto; font: 14px system-ui, sans-serif; overflow: visible; }
    .plot text { fill: light-dark(#1d2127, #e4e8ee); }
    .plot .tick { fill: light-dark(#5a616b, #a3adba); font-size: 13px; }
    .plot .caption { fill: light-dark(#5a616b, #a3adba); font-size: 13px; }
    .plot .axis { stroke: light-dark(#5a616b, #a3adba); fill: none; }
    .plot .grid { stroke: light-dark(#dcd8cf, #363d47); fill: none; }
    .plot .s0 { --c: light-dark(#0b5fa5, #6cb6ff); }
    .plot .s1 { --c: light-dark(#b3450b, #f2a267); }
    .plot .s2 { --c: light-dark(#1a7a3c, #6fce87); }
    .plot .s3 { --c: light-dark(#7a3fc0, #d3b4ff); }
    .plot .s4 { --c: light-dark(#a81e5c, #ff9cc6); }
    .plot .s5 { --c: light-dark(#6b5900, #e2cb5c); }
    .plot .line { stroke: var(--c); stroke-width: 2; fill: none; stroke-linejoin: round; }
    .plot .fill { fill: var(--c); }
    .plot .band { fill: var(--c); opacity: 0.18; }
    .plot .dots { stroke: var(--c); stroke-width: 4; stroke-linecap: round; opacity: 0.65; fill: none; }
    .plot .pixels { image-rendering: pixelated; }
    .plot .heat { fill: light-dark(#0b5fa5, #6cb6ff); }

    """

  private static let base = """
    * { box-sizing: border-box; }
    html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.65 var(--sans); }
    a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 0.06em; }
    a:hover { text-decoration-thickness: 0.12em; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
    main:focus { outline: none; }
    :target { scroll-margin-top: 4.5rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: fixed; top: 0.5rem; left: 0.5rem; z-index: 9; padding: 0.4rem 0.9rem; background: var(--ground); transform: translateY(-200%); }
    .skip:focus { transform: none; }
    html:not(.has-script) .needs-script { visibility: hidden; }
    button, select, input { font: inherit; color: inherit; }

    """

  private static let frame = """
    .top { position: sticky; top: 0; z-index: 5; display: flex; align-items: center; gap: 1rem; height: 3.5rem; padding: 0 1.25rem; background: var(--ground); border-bottom: 1px solid var(--line); }
    .home { font: 600 1.15rem var(--serif); color: var(--ink); text-decoration: none; }
    .tools { display: flex; align-items: center; gap: 0.9rem; margin-left: auto; min-width: 0; }
    .language { font-size: 0.92rem; white-space: nowrap; }
    .search { position: relative; }
    #search, #theme { height: 2.2rem; padding: 0 0.6rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; font-size: 0.92rem; }
    #search { width: 13rem; }
    #search::placeholder { color: var(--soft); opacity: 1; }
    .layout { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 2.5rem; max-width: 88rem; margin: 0 auto; padding: 0 1.25rem; }
    .column { min-width: 0; max-width: 46rem; width: 100%; margin: 0 auto; }
    main { padding: 1.5rem 0 4rem; }
    .nav-title { margin: 0 0 0.4rem; font: 600 0.78rem var(--sans); letter-spacing: 0.06em; text-transform: uppercase; color: var(--soft); }
    .chapters ul, .outline ul { margin: 0; padding: 0; list-style: none; }
    .chapters a, .outline a { display: flex; gap: 0.55rem; padding: 0.32rem 0.6rem; color: var(--ink); text-decoration: none; font-size: 0.94rem; line-height: 1.45; border-radius: 6px; }
    .chapters a:hover, .outline a:hover { background: var(--raised); text-decoration: underline; }
    .chapters [aria-current] { background: var(--raised); font-weight: 600; box-shadow: inset 3px 0 var(--accent); }
    .chapter-number { color: var(--soft); font-variant-numeric: tabular-nums; }
    .chapters .chapter-number { flex: none; min-width: 1.4em; }
    .chapter-fails { color: var(--bad); }
    .chapters.wide, .outline { display: none; padding: 2rem 0; }
    .chapters.narrow { margin-top: 0.8rem; border: 1px solid var(--line); border-radius: 8px; }
    .chapters.narrow > summary { padding: 0.55rem 0.9rem; cursor: pointer; }
    .chapters.narrow nav { padding: 0 0.4rem 0.5rem; }
    .outline .level-3 a { padding-left: 1.5rem; color: var(--soft); }
    .outline a.is-here { color: var(--accent); }
    @media (min-width: 60rem) {
      .layout { grid-template-columns: 15rem minmax(0, 1fr); }
      .chapters.wide { display: block; }
      .chapters.narrow { display: none; }
      .chapters.wide, .outline { position: sticky; top: 3.5rem; align-self: start; max-height: calc(100vh - 3.5rem); overflow: auto; }
    }
    @media (min-width: 78rem) {
      .layout.has-outline { grid-template-columns: 15rem minmax(0, 1fr) 14rem; }
      .outline { display: block; }
    }
    @media (max-width: 40rem) {
      .top { gap: 0.6rem; padding: 0 0.9rem; }
      .tools { gap: 0.5rem; }
      #search { width: 7rem; }
      #theme { width: 4.6rem; padding: 0 0.2rem; }
      .layout { padding: 0 0.9rem; }
    }
    .turn { display: flex; justify-content: space-between; gap: 1rem; margin-top: 3.5rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
    .turn a { display: block; max-width: 48%; font: 1.05rem/1.4 var(--serif); }
    .turn span { display: block; font: 0.82rem var(--sans); color: var(--soft); }
    .turn .next { margin-left: auto; text-align: right; }

    """

  private static let prose = """
    h1, h2, h3, h4, h5, h6 { font-family: var(--serif); font-weight: 600; line-height: 1.25; text-wrap: balance; }
    h1 { margin: 0.4rem 0 0.9rem; font-size: clamp(1.8rem, 5vw, 2.5rem); letter-spacing: -0.01em; }
    h2 { margin: 2.8rem 0 0.7rem; font-size: 1.55rem; }
    h3 { margin: 2rem 0 0.5rem; font-size: 1.22rem; }
    h4, h5, h6 { margin: 1.6rem 0 0.4rem; font-size: 1.05rem; }
    .lesson-number { color: var(--accent); }
    .anchor { color: var(--soft); text-decoration: none; font-weight: 400; opacity: 0; }
    :is(h2, h3, h4, h5, h6):hover .anchor, .anchor:focus { opacity: 1; }
    p, ul, ol, blockquote, table { margin: 0 0 1.1rem; }
    main > p, main > ul, main > ol { overflow-wrap: break-word; }
    li { margin: 0.25rem 0; }
    li > p { margin-bottom: 0.5rem; }
    code, samp, kbd { font-family: var(--mono); font-size: 0.88em; }
    p code, li code, td code, h2 code, h3 code, figcaption code { padding: 0.1em 0.3em; background: var(--raised); border-radius: 4px; overflow-wrap: anywhere; }
    kbd { padding: 0.1em 0.45em; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); }
    blockquote { margin-left: 0; padding: 0.2rem 1.1rem; border-left: 3px solid var(--line); color: var(--soft); }
    blockquote > :last-child { margin-bottom: 0; }
    hr { margin: 2.5rem auto; width: 6rem; border: 0; border-top: 1px solid var(--line); }
    img { max-width: 100%; height: auto; }
    .stamp { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; margin: 0 0 1.8rem; font-size: 0.88rem; color: var(--soft); }
    .stamp dl { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; width: 100%; margin: 0.3rem 0 0; padding: 0.5rem 0; border-block: 1px solid var(--line); }
    .stamp dl div { display: flex; gap: 0.4rem; }
    .stamp dt { color: var(--soft); }
    .stamp dd { margin: 0; color: var(--ink); overflow-wrap: anywhere; }
    .equation { display: flow-root; position: relative; overflow-x: auto; overflow-y: hidden; margin: 1.3rem 0; padding: 0.2rem 0; }
    .equation.numbered { display: flex; align-items: center; }
    .equation.numbered > :is(.katex-display, .formulas) { flex: 1; }
    .formulas { display: flex; flex-wrap: wrap; justify-content: safe center; align-items: baseline; gap: 0.2rem 2.6rem; }
    .equation .katex-display { margin: 0; padding: 0.3rem 0; }
    .equation-number { padding-left: 1rem; color: var(--soft); text-decoration: none; }
    /* The text for screen readers is placed absolutely and must not leave what scrolls. */
    .katex { position: relative; font-size: 1.13em; }
    .table { overflow-x: auto; margin: 0 0 1.2rem; }
    table { border-collapse: collapse; font-size: 0.94rem; font-variant-numeric: tabular-nums; }
    .table table { margin: 0; }
    caption { padding-bottom: 0.4rem; text-align: left; color: var(--soft); }
    th, td { padding: 0.35rem 0.8rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    thead :is(th, td) { border-bottom: 2px solid var(--line); }
    td.number, .figure-data td { text-align: right; }
    .align-right { text-align: right; }
    .align-center { text-align: center; }
    .alert { margin: 0 0 1.2rem; padding: 0.7rem 1.1rem; border-left: 4px solid var(--link); background: var(--raised); border-radius: 0 6px 6px 0; }
    .alert > :last-child { margin-bottom: 0; }
    .alert-title { margin: 0 0 0.3rem; font-weight: 600; }
    .alert.tip { border-color: var(--good); }
    .alert.warning, .alert.important { border-color: var(--accent); }
    .alert.caution { border-color: var(--bad); }
    .footnotes { margin-top: 3rem; font-size: 0.92rem; border-top: 1px solid var(--line); }
    .footnote-mark { font-size: 0.8em; vertical-align: super; line-height: 0; }
    .contents { padding: 0; list-style: none; }
    .contents-entry ul { list-style: disc; }
    .contents-entry p::first-letter { text-transform: uppercase; }
    .contents-entry { padding: 0.4rem 0 0.6rem; border-bottom: 1px solid var(--line); }
    .contents-entry h2 { margin: 0.9rem 0 0.4rem; font-size: 1.35rem; }
    .contents-entry h3 { margin: 0.8rem 0 0.2rem; font: 600 0.92rem var(--sans); color: var(--soft); }
    .contents-entry .stamp { margin-bottom: 0.5rem; }
    .resume { margin-top: 1rem; padding: 0.7rem 1rem; background: var(--raised); border-radius: 8px; }
    .resume button { margin-left: 0.8rem; }

    """

  private static let cells = """
    .cell, pre.code { margin: 0 0 1.3rem; }
    .cell { border: 1px solid var(--line); border-radius: 8px; background: var(--ground); min-width: 0; }
    .cell.is-fail { border-color: var(--bad); }
    .cell:target { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
    .cell-head { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 0.8rem; min-height: 2.5rem; padding: 0.2rem 5.6rem 0.2rem 0.9rem; font-size: 0.85rem; }
    .cell-name { color: var(--soft); font-family: var(--mono); text-decoration: none; }
    .cell-name:hover { text-decoration: underline; }
    .cell-note { color: var(--soft); }
    .badge { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.82rem; font-weight: 600; white-space: nowrap; background: var(--raised); color: var(--soft); }
    .badge.is-pass { background: var(--good-ground); color: var(--good); }
    .badge.is-fail { background: var(--bad-ground); color: var(--bad); }
    .badge.is-exercise { background: var(--mark); color: var(--ink); }
    .copy { position: absolute; right: 0.7rem; top: 0.4rem; padding: 0.1rem 0.7rem; background: none; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; color: var(--soft); }
    .copy:hover { color: var(--ink); border-color: var(--soft); }
    pre { margin: 0; padding: 0.8rem 0.95rem; overflow-x: auto; font: 0.875rem/1.6 var(--mono); tab-size: 2; }
    pre code, pre samp { font: inherit; padding: 0; background: none; }
    pre.code { background: var(--raised); border-radius: 8px; }
    .cell pre.code { margin: 0; border-radius: 0; border-block: 1px solid var(--line); }
    .cell > pre.code:last-child { border-bottom: 0; border-radius: 0 0 8px 8px; }
    pre .keyword { color: var(--keyword); font-weight: 600; }
    pre .type { color: var(--type); }
    pre .string, pre .regex { color: var(--string); }
    pre .number { color: var(--number); }
    pre .comment { color: var(--comment); font-style: italic; }
    pre .attribute, pre .directive { color: var(--accent); }
    .verdict { padding: 0.7rem 0.95rem; background: var(--bad-ground); border-radius: 0 0 8px 8px; }
    .is-skipped .verdict { background: var(--raised); }
    .is-skipped .verdict p code { color: var(--soft); }
    .verdict p { margin: 0 0 0.4rem; }
    .verdict p code { background: none; color: var(--bad); font-weight: 600; padding: 0; }
    .verdict pre { padding: 0.4rem 0; }
    .lesson-errors { border-radius: 8px; }
    .lesson-errors h2 { margin-top: 0.4rem; }
    .difference del { color: var(--bad); text-decoration: none; font-weight: 600; }
    .difference ins { color: var(--good); text-decoration: none; font-weight: 600; }

    """

  private static let folds = """
    summary { cursor: pointer; }
    .output > summary, .figure-data > summary, .more > summary { padding: 0.3rem 0.95rem; font-size: 0.82rem; color: var(--soft); }
    .output > pre, .more > pre { padding-top: 0.2rem; }
    .output.stderr pre { color: var(--bad); }
    .output.promised pre { color: var(--soft); }
    .fold { margin: 0 0 1.2rem; border: 1px solid var(--line); border-radius: 8px; }
    .fold > summary { padding: 0.5rem 0.95rem; font-weight: 600; }
    .fold-body { padding: 0.2rem 0.95rem 0.1rem; }
    .fold[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: 0.7rem; }
    .quiz ul { padding: 0; list-style: none; }
    .quiz li { margin: 0.5rem 0; }
    .answer { border: 1px solid var(--line); border-radius: 8px; }
    .answer > summary { display: flex; gap: 0.8rem; align-items: baseline; padding: 0.5rem 0.95rem; list-style: none; }
    .answer > summary::-webkit-details-marker { display: none; }
    .letter { flex: none; width: 1.7em; text-align: center; border: 1px solid var(--line); border-radius: 50%; font-size: 0.88rem; font-weight: 600; }
    .answer[open].is-right { border-color: var(--good); background: var(--good-ground); }
    .answer[open].is-wrong { border-color: var(--bad); background: var(--bad-ground); }
    .answer-verdict { margin: 0; font-weight: 600; }
    .is-right .answer-verdict { color: var(--good); }
    .is-wrong .answer-verdict { color: var(--bad); }
    .parameter { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 0; padding: 0.6rem 0.95rem; border: 0; font-size: 0.92rem; }
    .parameter legend { float: left; padding: 0; margin-right: 0.5rem; color: var(--soft); }
    .parameter label { display: inline-flex; align-items: center; gap: 0.4rem; font-family: var(--mono); cursor: pointer; }
    .parameter input { margin: 0; accent-color: var(--link); }
    .variant { display: none; }
    .variant-name { margin: 0; padding: 0.4rem 0.95rem 0; font: 0.82rem var(--mono); color: var(--accent); }
    \(variantRules)

    """

  /// Shows the outputs under the chosen value of a lesson's parameter, without a script.
  private static let variantRules =
    ".variant.is-default { display: block; }\n"
    + (0..<9).map { index in
      "body:has(.choose-v\(index):checked) .variant { display: none; }\n"
    }.joined()
    + (0..<9).map { index in
      "body:has(.choose-v\(index):checked) .variant.v\(index) { display: block; }\n"
    }.joined()

  private static let figures = """
    figure { margin: 0; }
    .figure { margin: 0 0 1.4rem; padding: 0.6rem 0.95rem; }
    /* A drawing is 640 of its own pixels wide, and half as many on a phone. */
    @media (max-width: 40rem) { .plot { font-size: 24px; } .plot :is(.tick, .caption) { font-size: 23px; } }
    .cell .figure { border-top: 1px solid var(--line); margin: 0; }
    @media (max-width: 40rem) { .figure { padding-inline: 0.4rem; } }
    .cell .table { padding: 0.7rem 0.95rem; margin: 0; border-top: 1px solid var(--line); }
    /* The code above draws this line already. */
    .cell pre.code + :is(.figure, .table) { border-top: 0; }
    figcaption { padding: 0.5rem 0; font-size: 0.94rem; }
    .figure-number { font-weight: 600; color: var(--ink); text-decoration: none; }
    .figure-description { display: block; color: var(--soft); font-size: 0.9rem; }
    .figure-data > summary { padding: 0.2rem 0; }
    .figure-data .table { max-height: 22rem; overflow: auto; padding: 0.3rem 0; border: 0; }
    .figure-data th { font-weight: 400; }
    .figure-data thead th { font-weight: 600; text-align: right; }
    .animation > .plot { display: none; }
    .stills { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.8rem; }
    .still p { margin: 0; text-align: center; font-size: 0.85rem; color: var(--soft); }
    .has-script .animation > .plot { display: block; }
    .has-script .animation .stills { display: none; }
    .animation-controls { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem; font-size: 0.92rem; }
    .animation-controls[hidden] { display: none; }
    .animation-controls label { display: flex; align-items: center; gap: 0.6rem; flex: 1 1 14rem; }
    .animation-controls input { flex: 1; accent-color: var(--link); }
    .animation-play { padding: 0.15rem 0.8rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }

    """

  private static let search = """
    #search-results { position: absolute; right: 0; top: 2.6rem; width: min(30rem, calc(100vw - 2rem)); max-height: 70vh; overflow: auto; margin: 0; padding: 0.4rem; list-style: none; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 8px 30px light-dark(#0002, #000a); }
    @media (max-width: 40rem) { #search-results { position: fixed; left: 1rem; right: 1rem; top: 3.6rem; width: auto; } }
    #search-results li { margin: 0; padding: 0.5rem 0.7rem; border-radius: 6px; cursor: pointer; font-size: 0.92rem; }
    #search-results [aria-selected="true"] { background: var(--raised); box-shadow: inset 3px 0 var(--accent); }
    #search-results b { display: block; }
    #search-results small { display: block; color: var(--soft); line-height: 1.5; }
    #search-results .lesson { font-weight: 600; }
    mark { background: var(--mark); color: inherit; }
    .preview { position: absolute; z-index: 8; max-width: min(28rem, calc(100vw - 2rem)); max-height: 16rem; overflow: auto; padding: 0.7rem 1rem; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 8px 30px light-dark(#0002, #000a); font-size: 0.92rem; }
    .preview > :last-child { margin-bottom: 0; }
    dialog { border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--ink); }
    dialog { padding: 1.2rem 1.5rem; }
    dialog::backdrop { background: light-dark(#0006, #000a); }
    dialog h2 { margin: 0 0 0.9rem; font-size: 1.2rem; }
    dialog button, .resume button { padding: 0.2rem 0.9rem; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
    dialog dl { display: grid; grid-template-columns: auto 1fr; gap: 0.5rem 1rem; margin: 0 0 1rem; }
    dialog dd { margin: 0; }

    """

  private static let print = """
    @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
    @media print {
      :root { color-scheme: light; }
      body { font-size: 10.5pt; }
      .top, .chapters, .outline, .turn, .skip, .copy, .anchor, .parameter, .animation-controls { display: none !important; }
      .layout { display: block; max-width: none; padding: 0; }
      main { max-width: none; padding: 0; }
      figure, .equation, tr { break-inside: avoid; }
      .cell-head, summary, :is(h1, h2, h3, h4, h5, h6) { break-after: avoid; }
      .figure-data :is(th, td) { padding: 0 0.5rem; font-size: 8pt; line-height: 1.3; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; }
      details::details-content { display: block; content-visibility: visible !important; block-size: auto !important; }
      .has-script .animation > .plot { display: none; }
      .has-script .animation .stills { display: grid; }
      .figure-data .table { max-height: none; }
      a { color: inherit; }
    }

    """
}
