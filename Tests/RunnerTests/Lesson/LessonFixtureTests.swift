import Testing

@testable import Runner

@Suite struct LessonFixtureTests {
  @Test(arguments: FixtureCase.all(in: "failure"))
  func `a broken lesson is refused with every error`(fixture: FixtureCase) throws {
    let bytes = try fixture.lessonBytes()
    let error = #expect(throws: LessonError.self) {
      try LessonParser.parse(path: "lesson.md", bytes: bytes)
    }
    try fixture.expectSnapshot(error.map { DiagnosticRenderer.text($0, bytes: bytes) } ?? "")
  }

  @Test(arguments: FixtureCase.all(in: "expect"))
  func `a lesson reads as its description says`(fixture: FixtureCase) throws {
    let lesson = try LessonParser.parse(path: "lesson.md", bytes: fixture.lessonBytes())
    try fixture.expectSnapshot(LessonDescription.text(lesson))
  }

  @Test(arguments: FixtureCase.all(in: "expect"))
  func `every span re-extracts what the tree holds`(fixture: FixtureCase) throws {
    let lesson = try LessonParser.parse(path: "lesson.md", bytes: fixture.lessonBytes())
    SpanProperty.expectSpansHold(in: lesson)
  }
}
