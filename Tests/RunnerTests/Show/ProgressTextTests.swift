import Testing

@testable import Runner

@Suite struct ProgressTextTests {
  private func line(done: Int, left: String, note: String, width: Int) -> String {
    let report =
      #"{"progress":{"_0":{"title":"训练","done":\#(done),"total":20,"note":"\#(note)""#
      + #","secondsLeft":\#(left)}}}"# + "\n"
    let text = RunText(style: Style(isColored: false), width: width)
    return text.progress(Array(report.utf8)[...])
  }

  @Test func `a progress line says how far, how long and what, in this order`() {
    let shown = line(done: 5, left: "3", note: "loss 0.5", width: 80)
    #expect(shown == RunText.clearLine + "训练 5/20 · about 3.0 s left · loss 0.5")
    #expect(
      line(done: 20, left: "0", note: "", width: 80) == RunText.clearLine + "训练 20/20")
  }

  @Test func `a progress line never reaches the end of the line`() {
    let shown = line(done: 5, left: "3", note: String(repeating: "字", count: 60), width: 40)
    #expect(TerminalText.width(of: String(shown.dropFirst(RunText.clearLine.count))) <= 39)
  }

  @Test func `what is no progress leaves the line as it is`() {
    let text = RunText(style: Style(isColored: false), width: 80)
    #expect(text.progress(Array("nonsense\n".utf8)[...]).isEmpty)
  }
}
