import Bytes
import JSONText
import Testing

struct OwnDocumentTests {
  private static let members = DocumentMembers([
    "/text", "/number", "/digest", "/time", "/list/*", "/in/side",
  ])

  /// What `body` makes of a document, or why it is none.
  private func read<Value>(
    _ text: String, _ body: (OwnDocument) -> Value
  ) -> Result<Value, DocumentFault> {
    var reader = DocumentReader(OwnDocumentTests.members)
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { text -> Result<Value, DocumentFault> in
      do throws(DocumentFault) {
        return .success(body(try reader.read(text)))
      } catch {
        return .failure(error)
      }
    }
  }

  private func fault(_ text: String) -> DocumentFault? {
    if case .failure(let fault) = read(text, { _ in }) { fault } else { nil }
  }

  private let digest = String(repeating: "0a", count: 32)

  @Test func membersAreReadByTheirKind() throws {
    let text = """
      {"other":[{}],"text":"a\\u00e9\\n","number":-12,"digest":"\(digest)",
      "time":"2026-11-20T01:00:00Z","list":["x","y"],"in":{"side":"z","text":"no"}}\u{20}
      """
    try read(text) { document in
      #expect(document.string(0) == "aé\n" && document.bytes(0) == Array("aé\n".utf8))
      #expect(document.number(1) == -12 as Int && document.number(1, UInt8.self) == nil)
      #expect(document.digest(2)?.hex == digest)
      #expect(document.time(3) == Timestamp(microseconds: 1_795_136_400_000_000))
      #expect(document.strings(4) == ["x", "y"] && document.count(4) == 2)
      #expect(document.digests(4) == nil)
      #expect(document.string(OwnDocumentTests.members.place("/in/side")) == "z")
    }.get()
  }

  @Test func aMemberOfAnotherKindIsNone() throws {
    let text = """
      {"text":1,"number":"1","digest":"\(digest)0","time":"today","list":[1],"in":"side"}
      """
    try read(text) { document in
      #expect(document.string(0) == nil && document.kind(0) == .number)
      #expect(document.number(1, Int.self) == nil && document.digest(2) == nil)
      #expect(document.time(3) == nil && document.strings(4) == nil)
      #expect(document.kind(5) == .missing)
    }.get()
  }

  @Test func whatIsNotThereIsMissing() throws {
    try read("{}") { document in
      for place in 0..<4 { #expect(document.kind(place) == .missing) }
      #expect(document.string(0) == nil && document.number(1, Int.self) == nil)
      #expect(document.strings(4) == [] && document.digests(4) == [])
    }.get()
  }

  @Test func halfASurrogatePairStandsForNoBytes() throws {
    #expect(try read("{\"text\":\"\\ud800\"}") { $0.bytes(0) }.get() == nil)
  }

  @Test func aMemberTwiceIsNoDocument() {
    #expect(fault("{\"text\":\"a\",\"text\":\"a\"}") == .twice("/text"))
    #expect(fault("{\"text\":\"a\",\"\\u0074ext\":null}") == .twice("/text"))
    #expect(fault("{\"in\":{\"side\":1},\"in\":{\"side\":2}}") == .twice("/in/side"))
    #expect(fault("{\"other\":1,\"other\":2}") == nil)
  }

  @Test func onlyOneObjectIsADocument() {
    #expect(fault("[]") == .noObject && fault("{}{}") == .noObject && fault("{} x") == .noObject)
    #expect(fault("") == .noJSON(.emptyText, at: 0))
    #expect(fault("{\"text\":\"a\"") == .noJSON(.unexpectedEnd, at: 11))
  }

  @Test func moreElementsThanAScanReportsAreTooMany() {
    func list(_ count: Int) -> String {
      "{\"list\":[" + repeatElement("1", count: count).joined(separator: ",") + "]}"
    }
    #expect(fault(list(Scanner.mostMatches)) == nil)
    #expect(fault(list(Scanner.mostMatches + 1)) == .tooMany("/list/*"))
  }

  @Test func theReaderForgetsTheDocumentBefore() throws {
    var reader = DocumentReader(OwnDocumentTests.members)
    let texts = [("{\"text\":\"a\"}", "a" as String?), ("{}", nil), ("{\"text\":\"b\"}", "b")]
    for (text, expected) in texts {
      let found = try Array(text.utf8).withUnsafeBufferPointer { try reader.read($0).string(0) }
      #expect(found == expected)
    }
  }
}
