import Bytes
import JSONText

// Quoting any bytes gives a string of one line that means these bytes; unescaping the content of
// any string gives UTF-8 that is not longer, and quoting that means the same again.

private func quoted(_ text: ByteView) -> [UInt8] {
  var buffer = ByteBuffer()
  JSONString.append(quoting: text, to: &buffer)
  return buffer.bytes
}

private func unescaped(_ content: ByteView) -> [UInt8] {
  var buffer = ByteBuffer()
  JSONString.unescape(content, into: &buffer)
  return buffer.bytes
}

private func isString(_ json: [UInt8]) -> Bool {
  let scanner = Scanner(PointerSet([]))
  return json.withUnsafeBufferPointer { json in
    withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) { field in
      guard let base = field.baseAddress else { return false }
      let scan = scanner.scan(json, fields: base)
      return scan.fault == .none && scan.kind == .string && scan.end == json.count
    }
  }
}

private func content(_ json: [UInt8]) -> [UInt8] { Array(json.dropFirst().dropLast()) }

func fuzz(_ input: ByteView) {
  let json = quoted(input)
  check(isString(json), "quoting gives a string")
  check(!json.contains { $0 < 0x20 || $0 == 0x7F }, "no control characters")
  let meaning = content(json).withUnsafeBufferPointer(unescaped)
  check(meaning.withUnsafeBufferPointer(UTF8Text.isValid), "UTF-8")
  if UTF8Text.isValid(input) { check(meaning == Array(input), "quoting round trip") }

  let loose = unescaped(input)
  guard isString([0x22] + Array(input) + [0x22]) else { return }
  check(loose.count <= input.count, "unescaping never lengthens")
  check(loose.withUnsafeBufferPointer(UTF8Text.isValid), "unescaping gives UTF-8")
  let again = loose.withUnsafeBufferPointer(quoted)
  check(content(again).withUnsafeBufferPointer(unescaped) == loose, "unescape, quote, unescape")
}
