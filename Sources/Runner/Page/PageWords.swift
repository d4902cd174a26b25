/// The language of a lesson: its folder says it.
package enum PageLanguage: String, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"

  /// What `lang` and `hreflang` say.
  package var tag: String { self == .english ? "en" : "zh-Hans" }

  /// The folder below the course's, and below the site's; empty for the main language.
  package var folder: String { self == .english ? "" : "zh/" }

  package var ownName: String { self == .english ? "English" : "中文" }

  package var words: PageWords { self == .english ? .english : .chinese }

  /// Returns the language of a lesson file: Chinese ones lie in a folder `zh`.
  package init(path: String) {
    self = path.split(separator: "/").dropLast().last == "zh" ? .chinese : .english
  }
}

/// Every word of the pages that no lesson says, in one language.
package struct PageWords: Sendable {
  package var course, contents, chapters, onThisPage, skip, previous, next: String
  package var search, noResults, theme, automatic, light, dark: String
  package var copy, copied, cell, output, errorOutput, asExpected, differs, notRun, hidden: String
  package var failedAsPromised, hint, solution, exercise, quiz, right, wrong: String
  package var figure, equation, data, showAll, lines, step, play, frame: String
  package var verified, cached, failing, cellsAsExpected, minutes, swift, platform, seed: String
  package var runTime, date, objectives, prerequisites, footnotes, back, download, errors: String
  package var continueHere, forget, keys, keysHelp, close, expected: String
  package var note, tip, important, warning, caution, bin, count, tryValue: String

  func name(of alert: MarkdownAlert) -> String {
    switch alert {
    case .note: note
    case .tip: tip
    case .important: important
    case .warning: warning
    case .caution: caution
    }
  }

  static let english = PageWords(
    course: "Lessons", contents: "Contents", chapters: "Chapters", onThisPage: "On this page",
    skip: "Skip to the text", previous: "Previous", next: "Next", search: "Search",
    noResults: "Nothing found", theme: "Theme",
    automatic: "Auto", light: "Light", dark: "Dark", copy: "Copy", copied: "Copied",
    cell: "Cell", output: "Output", errorOutput: "Error output", asExpected: "as expected",
    differs: "differs", notRun: "not run", hidden: "Preparation",
    failedAsPromised: "fails as it should", hint: "Hint", solution: "Solution",
    exercise: "exercise", quiz: "Quiz", right: "Right", wrong: "Not quite", figure: "Figure",
    equation: "Equation", data: "Data of this figure", showAll: "Show all",
    lines: "lines", step: "Step", play: "Play", frame: "Frame", verified: "Verified",
    cached: "Shown from an earlier run", failing: "Differs from what it promises",
    cellsAsExpected: "cells as expected", minutes: "min", swift: "Swift", platform: "Platform",
    seed: "Seeds", runTime: "Run time", date: "Run on", objectives: "You will learn",
    prerequisites: "Before you start", footnotes: "Notes", back: "Back to the text",
    download: "Download", errors: "This lesson has errors", continueHere: "Continue reading",
    forget: "Forget my place", keys: "Keyboard", keysHelp: "Show the keys", close: "Close",
    expected: "Should print", note: "Note", tip: "Tip", important: "Important",
    warning: "Warning", caution: "Caution", bin: "bin",
    count: "count", tryValue: "Try another value of")

  static let chinese = PageWords(
    course: "课程", contents: "目录", chapters: "章节", onThisPage: "本页内容", skip: "跳到正文",
    previous: "上一课", next: "下一课", search: "搜索", noResults: "没有找到", theme: "主题", automatic: "自动",
    light: "浅色", dark: "深色",
    copy: "复制", copied: "已复制", cell: "单元格", output: "输出", errorOutput: "错误输出",
    asExpected: "与预期一致", differs: "与预期不符", notRun: "未运行", hidden: "准备代码",
    failedAsPromised: "如预期失败", hint: "提示", solution: "答案", exercise: "练习",
    quiz: "小测验", right: "正确", wrong: "不对", figure: "图", equation: "公式", data: "此图的数据",
    showAll: "显示全部", lines: "行", step: "步", play: "播放", frame: "帧",
    verified: "已验证", cached: "显示的是先前运行的结果", failing: "与承诺不符",
    cellsAsExpected: "个单元格与预期一致", minutes: "分钟", swift: "Swift", platform: "平台",
    seed: "随机种子", runTime: "运行时间", date: "运行于", objectives: "学习目标",
    prerequisites: "预备知识", footnotes: "注释", back: "回到正文", download: "下载",
    errors: "这一课有错误", continueHere: "继续阅读", forget: "忘记阅读位置", keys: "键盘",
    keysHelp: "显示按键", close: "关闭", expected: "应当输出", note: "注", tip: "提示", important: "重要",
    warning: "警告",
    caution: "小心", bin: "区间", count: "数量", tryValue: "换一个值：")
}
