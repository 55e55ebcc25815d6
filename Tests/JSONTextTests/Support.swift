import Bytes
import JSONText

/// One scan and the fields that it located, by slot.
struct Scanned {
  var scan: Scan
  var fields: [Field]

  var fault: ScanFault { scan.fault }
}

func pointers(_ texts: [String], wildcards: Bool = false) throws -> PointerSet {
  PointerSet(try texts.map { try JSONPointer($0) }, wildcards: wildcards)
}

/// Runs `scan` over a copy of `text` that ends with its memory, so that a sanitizer sees an overrun.
func scanned(
  _ text: [UInt8], _ set: PointerSet,
  _ scan: (inout JSONText.Scanner, ByteView, UnsafeMutablePointer<Field>) -> Scan
) -> Scanned {
  var scanner = JSONText.Scanner(set)
  let marker = Field(start: 7, count: 7, kind: .null, isEscaped: true)
  let fields = UnsafeMutablePointer<Field>.allocate(capacity: max(set.count, 1))
  defer { fields.deallocate() }
  fields.initialize(repeating: marker, count: max(set.count, 1))
  let result = text.withUnsafeBufferPointer { scan(&scanner, $0, fields) }
  return Scanned(scan: result, fields: Array(UnsafeBufferPointer(start: fields, count: set.count)))
}

func scanWhole(_ text: [UInt8], _ set: PointerSet = PointerSet([])) -> Scanned {
  scanned(text, set) { $0.scanWhole($1, fields: $2) }
}

func scanWhole(_ text: String, _ set: PointerSet = PointerSet([])) -> Scanned {
  scanWhole(Array(text.utf8), set)
}

func scan(_ text: [UInt8], from: Int = 0, _ set: PointerSet = PointerSet([])) -> Scanned {
  scanned(text, set) { $0.scan($1, from: from, fields: $2) }
}

/// The text of what `texts` locate in `json`; nil for what is missing.
func located(_ texts: [String], in json: String) throws -> [String?] {
  let bytes = Array(json.utf8)
  let result = scanWhole(bytes, try pointers(texts))
  guard result.fault == .none else { throw Unexpected(reason: result.fault.reason) }
  return result.fields.map { field in
    guard field.kind != .missing else { return nil }
    let end = Int(field.start) + Int(field.count)
    return String(decoding: bytes[Int(field.start)..<end], as: UTF8.self)
  }
}

struct Unexpected: Error { var reason: String }
