import Bytes
import JSONText
import Testing

@Suite struct FieldTextTests {
  /// The text of the value at `/a`, taken in both ways.
  private func text(_ json: String) throws -> String? {
    let json = Array(json.utf8)
    let scanner = Scanner(PointerSet([JSONPointer(literal: "/a")]))
    var fields = [Field.missing]
    return json.withUnsafeBufferPointer { json in
      fields.withUnsafeMutableBufferPointer { fields in
        if let start = fields.baseAddress { _ = scanner.scanWhole(json, fields: start) }
      }
      var scratch = ByteBuffer()
      var appended = ByteBuffer()
      scratch.append("left over")
      let text = fields[0].text(in: json, scratch: &scratch).map {
        String(decoding: $0, as: UTF8.self)
      }
      let hasText = fields[0].appendText(in: json, to: &appended)
      #expect(hasText == (text != nil))
      if hasText { #expect(String(decoding: appended.view, as: UTF8.self) == text) }
      return text
    }
  }

  @Test(
    arguments: [
      (#"{"a":"x"}"#, "x"), (#"{"a":""}"#, ""), (#"{"a":"\u00e9\"\\"}"#, "é\"\\"),
      (#"{"a":1.50}"#, "1.50"),
      (#"{"a":true}"#, "true"), (#"{"a":false}"#, "false"), (#"{"a":null}"#, nil),
      (#"{"a":{}}"#, nil),
      (#"{"a":["x"]}"#, nil), (#"{}"#, nil),
    ] as [(String, String?)]) func scalarsHaveText(_ json: String, _ expected: String?) throws
  {
    #expect(try text(json) == expected)
  }

  @Test func timesAreNumbersOrTexts() {
    func time(_ kind: ValueKind, _ text: String) -> Int64? {
      Array(text.utf8).withUnsafeBufferPointer { Timestamp(kind, $0)?.seconds }
    }
    #expect(time(.number, "86400") == 86400)
    #expect(time(.string, "1970-01-02T00:00:00Z") == 86400)
    #expect(time(.string, "86400") == 86400)
    #expect(time(.string, "1970-01-02T00:00:00") == nil)
    #expect(time(.true, "true") == nil)
  }
}
