import Bytes
import JSONText

// What a search rules out without reading it is not there: whatever a line holds as a string or a number is
// never denied by the needle for it. And whatever bytes stand where a filter should be, it answers.

private let everywhere = try? PointerSet(
  [JSONPointer("/*"), JSONPointer("/*/*"), JSONPointer("/*/*/*")], wildcards: true)

func fuzz(_ input: ByteView) {
  var choices = Choices(input)
  let key = UInt64(choices.next()) &* 0x9E37_79B9_7F4A_7C15
  let cut = (choices.next(), choices.next())
  let line = choices.rest
  _ = BinaryFuseFilter.mayContain(key, line)

  guard let everywhere else { return }
  let scanner = Scanner(everywhere)
  var field = Field.missing
  guard Scanner(PointerSet([])).scanWhole(line, fields: &field).fault == .none else { return }
  _ = scanner.collect(line) { match in
    guard let text = text(of: match.field, in: line) else { return }
    // The whole value, and a piece of it.
    let start = min(cut.0, text.count)
    let end = min(start + cut.1, text.count)
    for wanted in [text, Array(text[start..<end])] where isWhole(wanted) {
      check(JSONNeedle(wanted).mayBeIn(line), "what is there may be there: \(wanted)")
    }
  }
}

private func text(of field: Field, in line: ByteView) -> [UInt8]? {
  func view(_ span: Span32) -> ByteView { ByteView(rebasing: line[Int(span.start)..<span.end]) }
  switch field.kind {
  case .string:
    guard field.isEscaped else { return Array(view(field.content)) }
    var buffer = ByteBuffer()
    JSONString.unescape(view(field.content), into: &buffer)
    return buffer.bytes
  case .number, .true, .false: return Array(view(field.span))
  case .missing, .null, .object, .array: return nil
  }
}

/// Nobody asks for half a character.
private func isWhole(_ text: [UInt8]) -> Bool {
  text.withUnsafeBufferPointer { UTF8Text.isValid($0) }
}
