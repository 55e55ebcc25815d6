import Bytes
import Engine
import JSONText
import Testing

@Suite struct BatchTests {
  /// A batch with the one record `json`, which begins somewhere inside the buffer.
  private func batch(
    _ json: String, _ pointers: [String], before: String = "junk "
  ) throws -> Batch {
    let batch = Batch(
      pointers: PointerSet(try pointers.map { try JSONPointer($0) }), slotCount: 2)
    batch.bytes.append(utf8: before + json)
    batch.inputCount = batch.bytes.count
    batch.append(Record(raw: Span32(before.utf8.count, count: json.utf8.count)))
    let scan = batch.scan(0, from: before.utf8.count, end: batch.bytes.count)
    #expect(scan.fault == .none)
    batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
    return batch
  }

  private func text(_ span: Span32?, _ batch: Batch) -> String? {
    span.map { String(decoding: batch.bytes[$0], as: UTF8.self) }
  }

  @Test(arguments: ["", " ", "\n\t  ", "before it"])
  func fieldsCountFromTheBody(_ before: String) throws {
    let json = #"{"a":{"b":12},"c":"x"}"#
    let batch = try batch(json, ["", "/a", "/a/b", "/c", "/d"], before: before)
    #expect(batch.field(0, of: 0).start == 0)
    #expect(batch.field(2, of: 0).start == 10)
    let texts = (0..<4).map { text(batch.absolute(batch.field($0, of: 0).span, of: 0), batch) }
    #expect(texts == [json, #"{"b":12}"#, "12", #""x""#])
    #expect(batch.field(4, of: 0).kind == .missing)
  }

  @Test func whiteSpaceBeforeTheValueBelongsToNoField() throws {
    let batch = Batch(pointers: PointerSet([try JSONPointer("/a")]), slotCount: 0)
    batch.bytes.append("xx  \n {\"a\":7} ")
    batch.append(Record(raw: Span32(2, count: 12)))
    let scan = batch.scan(0, from: 2, end: batch.bytes.count)
    #expect(scan.start == 6 && scan.end == 13)
    #expect(batch.field(0, of: 0).start == 5)
    batch.records[0].body = Span32(scan.start, count: 6)
    #expect(text(batch.scalar(0, of: 0), batch) == "7")
  }

  @Test func eachRecordHasItsOwnFields() throws {
    let batch = Batch(pointers: PointerSet([try JSONPointer("/a")]), slotCount: 1)
    batch.bytes.append(#"{"a":1}{"b":2}{"a":"three"}"#)
    var from = 0
    for index in 0..<3 {
      batch.append(Record(raw: .empty))
      let scan = batch.scan(index, from: from, end: batch.bytes.count)
      #expect(scan.fault == .none)
      batch.records[index].body = Span32(scan.start, count: scan.end - scan.start - 1)
      from = scan.end
    }
    #expect(from == batch.bytes.count)
    #expect((0..<3).map { text(batch.scalar(0, of: $0), batch) } == ["1", nil, "three"])
    #expect(batch.fieldElements.count == 3)
  }

  @Test(
    arguments: [
      (#""x""#, "x", "x"), (#""""#, "", ""), (#""a\nb\u00e9""#, "a\nbé", "a\nbé"),
      ("12.50", "12.50", nil), ("true", "true", nil), ("false", "false", nil), ("null", nil, nil),
      ("{}", nil, nil), ("[1]", nil, nil),
    ] as [(String, String?, String?)])
  func scalarsAreTextAndContainersAreNot(_ value: String, _ scalar: String?, _ string: String?)
    throws
  {
    let batch = try batch("{\"a\":\(value)}", ["/a", "/missing"])
    #expect(text(batch.scalar(0, of: 0), batch) == scalar)
    #expect(text(batch.string(0, of: 0), batch) == string)
    #expect(batch.scalar(1, of: 0) == nil && batch.string(1, of: 0) == nil)
  }

  /// The source lies in the buffer that grows.
  @Test func unescapingSurvivesGrowth() throws {
    let content = String(repeating: #"\u00e9"#, count: 5000)
    let batch = try batch("{\"a\":\"\(content)\"}", ["/a"])
    let expected = String(repeating: "é", count: 5000)
    for _ in 0..<600 {
      guard text(batch.string(0, of: 0), batch) == expected else {
        Issue.record("after \(batch.bytes.count) bytes")
        return
      }
    }
    #expect(batch.bytes.count > Batch.targetSize * 2)
  }

  @Test func slotsKeepWhatIsPutIntoThem() throws {
    let batch = try batch("{}", [])
    #expect(batch.slot(0, of: 0).isEmpty && batch.slot(1, of: 0).isEmpty)
    batch.setSlot(1, of: 0, Span32(3, count: 4))
    batch.append(Record(raw: .empty))
    #expect(batch.slot(1, of: 0) == Span32(3, count: 4))
    #expect(batch.slot(0, of: 1).isEmpty && batch.slot(1, of: 1).isEmpty)
    #expect(batch.slotElements.count == 4)
  }

  @Test func aBatchWithoutPointersScansToo() throws {
    let batch = try batch(#"{"a":1}"#, [])
    #expect(batch.fieldElements.isEmpty)
    batch.bytes.append("{broken")
    batch.append(Record(raw: .empty))
    #expect(batch.scan(1, from: 12, end: batch.bytes.count).fault == .unexpectedByte)
  }

  @Test func aFaultSaysWhereInTheBatch() throws {
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    batch.bytes.append("0123{\"a\":x}")
    batch.append(Record(raw: .empty))
    let scan = batch.scan(0, from: 4, end: batch.bytes.count)
    #expect(scan.fault == .unexpectedByte && scan.start == 4 && scan.end == 9)
    #expect(batch.scan(0, from: 4, end: 9).fault == .unexpectedEnd)
    #expect(batch.scan(0, from: 4, end: 4).fault == .emptyText)
  }

  @Test func reasonsStayWithTheirRecords() throws {
    let batch = try batch("{}", [])
    for _ in 0..<3 { batch.append(Record(raw: .empty)) }
    batch.reject(2, .refused, by: 3, "second thoughts")
    batch.reject(0, .unreadable, by: -1, "no record")
    #expect(batch.reason(of: 0) == "no record")
    #expect(batch.reason(of: 2) == "second thoughts")
    #expect(batch.reason(of: 1) == "no reason given")
    #expect(batch.records[2].verdict == .refused && batch.records[2].decidedBy == 3)
    #expect(batch.records[0].verdict == .unreadable && batch.records[0].decidedBy == -1)
    #expect(batch.records[1].verdict == .keep)
    #expect(Verdict.refused.isQuarantined && Verdict.unreadable.isQuarantined)
    #expect(!Verdict.keep.isQuarantined && !Verdict.filtered.isQuarantined)
  }

  @Test func recordsCanBeTakenBack() throws {
    let batch = try batch(#"{"a":1}"#, ["/a"])
    for _ in 0..<3 { batch.append(Record(raw: .empty)) }
    batch.truncate(to: 1)
    #expect(batch.records.count == 1)
    #expect(batch.fieldElements.count == 1 && batch.slotElements.count == 2)
    #expect(text(batch.scalar(0, of: 0), batch) == "1")
  }

  @Test func clearingLeavesNothing() throws {
    let batch = try batch(#"{"a":"\n"}"#, ["/a"])
    _ = batch.scalar(0, of: 0)
    batch.reject(0, .refused, by: 0, "x")
    batch.note(1, of: 0)
    batch.isFramed = true
    batch.bytes.reserve(Batch.targetSize * 20)
    batch.clear()
    #expect(batch.bytes.count == 0 && batch.inputCount == 0 && batch.records.count == 0)
    #expect(batch.notes.count == 0 && batch.reasons.isEmpty && !batch.isFramed)
    #expect(batch.fieldElements.isEmpty && batch.slotElements.isEmpty)
    #expect(batch.bytes.capacity <= Batch.targetSize * 8)
  }
}
