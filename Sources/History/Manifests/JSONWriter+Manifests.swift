internal import Bytes
internal import JSONText

extension JSONWriter {
  package mutating func member(_ name: StaticString, _ value: ContentMark?) {
    guard let value else { return member(name, nil as String?) }
    var digits = String(value.digest, radix: 16)
    digits = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    member(name, digits)
  }

  package mutating func member(_ name: StaticString, _ value: CheckpointName?) {
    guard let value else { return member(name, nil as String?) }
    member(name) { inner in
      inner.member("sequence", Int64(value.sequence))
      inner.member("sha256", value.sha256)
    }
  }
}
