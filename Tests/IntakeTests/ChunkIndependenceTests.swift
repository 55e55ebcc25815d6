import Intake
import JSONText
import TestSupport
import Testing

/// Whatever the bytes and however they come, all read sizes say the same.
@Suite struct ChunkIndependenceTests {
  private static let documents = [
    "{\"r\":[{\"a\":\"x\\\"}{\",\"b\":[1,2.5e3,{}]},{\"c\":null}],\"n\":{\"m\":[[]]}}",
    "[{\"a\":\"é\"},{\"b\":true} , {}]", "{\"a\":1}{\"b\":2} {\"c\":\"\\u00e9\"}\n",
    "{\"a\":1}\r\n{\"b\":[{}]}\n\n",
    "{\"headers\":{\"X-Signature\":\"s\"},\"body\":\"{\\\"a\\\":1}\"}\n",
    "12 \"text\" -0.5 null ", "{\"a\":1}[{\"a\":2}\n",
    "{\"a\":1}{\"a\":2}[{\"a\":3},\n{\"a\":4}]{}\n",
  ]
  private static let marks = Array("{}[]\",:\\ \n\r1ex\u{0}".utf8) + [0xFF, 0xEF]

  @Test(arguments: InputFormat.allCases.map(\.rawValue) + ["/r/*"])
  func mutatedDocuments(_ form: String) throws {
    var random = SeededGenerator(seed: 11)
    for round in 0..<120 {
      var content: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        content += Array((Self.documents.randomElement(using: &random) ?? "").utf8)
      }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let at = Int.random(in: 0..<content.count, using: &random)
        content[at] = Self.marks.randomElement(using: &random) ?? 0
      }
      content.removeLast(Int.random(in: 0...1, using: &random) * content.count / 3)
      let chosen = try settings {
        $0.format = InputFormat(rawValue: form) ?? .auto
        $0.records = form.hasPrefix("/") ? try JSONPointer(form) : nil
        $0.maxRecord = [1, 9, 20, 40, 1 << 20].randomElement(using: &random) ?? 1
      }
      _ = try readEveryWay(content, chosen, tailWaits: round.isMultiple(of: 2))
    }
  }
}
