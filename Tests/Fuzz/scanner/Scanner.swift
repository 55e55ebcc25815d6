import Bytes
import JSONText

// Whatever the text: no crash, and
// - what is located lies inside the value, and is a value of that kind by itself;
// - the value by itself, and behind other bytes, scans as it does in the text;
// - every byte before the fault was fine: a text that ends there might have become a value;
// - `collect` agrees with `scan`.

private let names = ["", "/a", "/a/b", "/a/0", "/0", "/~0~1", "/", "/é"]
private let located = PointerSet(names.compactMap { try? JSONPointer($0) })
private let wild = PointerSet(
  ["/*", "/a/*", "/*/b"].compactMap { try? JSONPointer($0) }, wildcards: true)

private struct Result {
  var scan: Scan
  var fields: [Field]
}

private func scan(_ text: ByteView, from: Int = 0, whole: Bool = false) -> Result {
  let scanner = Scanner(located)
  return withUnsafeTemporaryAllocation(of: Field.self, capacity: located.count) { fields in
    guard let base = fields.baseAddress else { fatalError("no memory") }
    let scan =
      whole
      ? scanner.scanWhole(text, fields: base) : scanner.scan(text, from: from, fields: base)
    return Result(scan: scan, fields: Array(fields))
  }
}

func fuzz(_ input: ByteView) {
  let whole = scan(input, whole: true)
  let first = scan(input)
  check(first.scan.end <= input.count && first.scan.start <= input.count, "offsets inside")
  checkViable(input, whole.scan)
  if first.scan.fault == .none {
    checkFields(input, first)
    checkMoved(input, first)
    checkPrefixes(input, first.scan)
    checkNames(input, first)
  }
  checkCollect(input, first.scan)
}

/// Who asks for members that are there twice is told the same of all else, also by a scanner that has seen
/// other texts.
private func checkNames(_ input: ByteView, _ first: Result) {
  withUnsafeTemporaryAllocation(of: Field.self, capacity: located.count) { fields in
    guard let base = fields.baseAddress else { fatalError("no memory") }
    let scan = asking.scan(input, findsDuplicates: true, fields: base)
    check(scan.fault == .none && scan.end == first.scan.end, "the same end")
    for (found, expected) in zip(fields, first.fields) {
      check(found.start == expected.start && found.kind == expected.kind, "the same fields")
    }
    guard let name = scan.duplicate else { return }
    check(name.start > 0 && input[Int(name.start) - 1] == UInt8(ascii: "\""), "a name begins there")
    check(input[name.end] == UInt8(ascii: "\""), "and ends there")
    let again = asking.scan(input, findsDuplicates: true, fields: base)
    check(again.duplicate?.start == name.start, "the same name again")
  }
}

nonisolated(unsafe) private let asking = Scanner(located)

private func checkFields(_ input: ByteView, _ result: Result) {
  for field in result.fields where field.kind != .missing {
    let span = field.span
    check(Int(span.start) >= result.scan.start && span.end <= result.scan.end, "field inside")
    let alone = scan(ByteView(rebasing: input[Int(span.start)..<span.end]), whole: true)
    check(alone.scan.fault == .none && alone.scan.kind == field.kind, "field is a value")
    check(alone.fields[0].isEscaped == field.isEscaped, "isEscaped")
  }
  check(result.fields[0].start == UInt32(result.scan.start), "the root is the value")
}

private func checkMoved(_ input: ByteView, _ result: Result) {
  let (start, end) = (result.scan.start, result.scan.end)
  let alone = scan(ByteView(rebasing: input[start..<end]))
  let behind = scan(input, from: start)
  check(alone.scan.fault == .none && alone.scan.end == end - start, "the value by itself")
  check(behind.scan.end == end && behind.scan.hasLineBreaks == alone.scan.hasLineBreaks, "behind")
  for (slot, field) in result.fields.enumerated() where field.kind != .missing {
    check(alone.fields[slot].start == field.start - UInt32(start), "moved start")
    check(alone.fields[slot].count == field.count, "moved count")
  }
}

private func checkPrefixes(_ input: ByteView, _ scanned: Scan) {
  let step = max(1, scanned.end / 64)
  for count in stride(from: 0, to: scanned.end, by: step) {
    let fault = scan(ByteView(rebasing: input[..<count])).scan.fault
    let mayBeWhole = scanned.kind == .number && count > scanned.start
    check(
      fault == (count <= scanned.start ? .emptyText : .unexpectedEnd)
        || mayBeWhole && fault == .none, "prefix of \(count): \(fault)")
  }
}

private func checkViable(_ input: ByteView, _ scanned: Scan) {
  guard scanned.fault != .none else { return }
  let before = scan(ByteView(rebasing: input[..<scanned.end]), whole: true).scan.fault
  check(
    before == .unexpectedEnd || before == .emptyText || before == .none,
    "the bytes before the fault \(scanned.fault): \(before)")
}

private func checkCollect(_ input: ByteView, _ scanned: Scan) {
  let scanner = Scanner(wild)
  var count = 0
  let collected = scanner.collect(input) { match in
    count += 1
    check(match.field.span.end <= scanned.end, "match inside")
  }
  check(collected.fault == scanned.fault && collected.end == scanned.end, "collect agrees")
  check(count == 0 || scanned.fault == .none, "nothing is collected from a broken text")
}
