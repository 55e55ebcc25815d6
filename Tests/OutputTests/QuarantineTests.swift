import Output
import Bytes
import Engine
import Foundation
import TestSupport
import Testing
import Trail

struct QuarantineTests {
  private func row(_ item: RecordOrigin, _ bytes: [UInt8]) throws -> String {
    var buffer = ByteBuffer()
    bytes.withUnsafeBufferPointer { Quarantine.appendRow(item, bytes: $0, to: &buffer) }
    return try #require(String(validating: buffer.bytes, as: UTF8.self))
  }

  private let item = RecordOrigin(
    file: "in/a.ndjson", record: 12, offset: 3456, stage: "verify_signature",
    reason: "the signature does not match")

  @Test func textStaysText() throws {
    #expect(
      try row(item, Array("{\"a\":\"é\"}".utf8)) == """
        {"file":"in/a.ndjson","record":12,"offset":3456,"stage":"verify_signature",\
        "reason":"the signature does not match","bytes":"{\\"a\\":\\"é\\"}"}

        """)
  }

  @Test func whatIsNoUTF8GoesAsBase64() throws {
    let row = try row(item, [0xFF, 0x00, 0x0A])
    #expect(row.hasSuffix("\"bytes\":\"/wAK\",\"encoding\":\"base64\"}\n"))
  }

  @Test func everyByteComesBack() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let isText = random.next(below: 2) == 0
      let bytes = (0..<random.next(below: 40)).map { _ in
        UInt8(random.next(below: isText ? 0x80 : 0x100))
      }
      let text = try row(item, bytes)
      #expect(text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let value = try #require(object?["bytes"] as? String)
      let back =
        object?["encoding"] as? String == "base64"
        ? Data(base64Encoded: value).map { Array($0) } : Array(value.utf8)
      #expect(back == bytes)
    }
  }

  @Test func namesCannotBreakOutOfARow() throws {
    var item = item
    item.file = "a\"\n\u{1B}[2J"
    let row = try row(item, [])
    #expect(
      row.hasPrefix("{\"file\":\"a\\\"\\n\\u001b[2J\",") && row.filter { $0 == "\n" }.count == 1)
  }
}
