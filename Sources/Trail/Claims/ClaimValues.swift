internal import Bytes
internal import JSONText

/// Which values the claims of some objects have, and which of them all that count at the moment have in
/// common. The objects are those of renderings: the same claims, in the same order, where they are there.
struct ClaimValues: ~Copyable {
  struct Entry: BitwiseCopyable {
    var claim: Int32
    var value: Int32
  }

  /// Of all objects that count: how many have the claim, in how many different values, and these
  /// values' numbers combined by exclusive or.
  struct Claim: BitwiseCopyable {
    var objects: Int32 = 0
    var distinct: Int32 = 0
    var values: Int32 = 0
  }

  /// A value: how many objects that count have it, and how it is written: of several ways the one that
  /// sorts first, so that the order of the objects does not matter.
  struct Value: BitwiseCopyable {
    var objects: Int32 = 0
    var text: UnsafePointer<UInt8>?
    var count: Int
  }

  /// `"name":`
  private let leads: [[UInt8]]
  private var objects: Int32 = 0
  private var entries = FlatArray<Entry>()
  /// Where the entries of each object begin, and where the last ones end.
  private var starts = FlatArray<Int32>()
  private var claims: FlatArray<Claim>
  private var values = FlatArray<Value>()
  private var numbers = ByteKeys()
  private var meaning = ByteBuffer()

  /// For claims with these names, as JSON strings.
  init(names: [[UInt8]]) {
    leads = names.map { $0 + [UInt8(ascii: ":")] }
    claims = FlatArray(capacity: names.count)
    claims.append(repeating: Claim(), count: names.count)
    starts.append(0)
  }

  /// Takes the next object in, which does not count yet. Its text must stay where it is.
  mutating func append(_ object: ByteView) {
    var at = 1
    for (claim, lead) in leads.enumerated() where ByteSearch.isThere(lead, in: object, at: at) {
      let start = at + lead.count
      let end = ClaimValues.end(ofScalarAt: start, in: object)
      entries.append(
        Entry(
          claim: Int32(claim),
          value: number(ByteView(rebasing: object[start..<end]), ofClaim: claim)))
      at = end + 1
    }
    starts.append(Int32(entries.count))
  }

  private static func end(ofScalarAt start: Int, in object: ByteView) -> Int {
    var at = start
    guard object[at] == UInt8(ascii: "\"") else {
      while object[at] != UInt8(ascii: ","), object[at] != UInt8(ascii: "}") { at += 1 }
      return at
    }
    at += 1
    while object[at] != UInt8(ascii: "\"") { at += object[at] == UInt8(ascii: "\\") ? 2 : 1 }
    return at + 1
  }

  /// The number of a claim's value; strings are the same if they say the same, however escaped.
  private mutating func number(_ text: ByteView, ofClaim claim: Int) -> Int32 {
    meaning.removeAll()
    withUnsafeBytes(of: Int32(claim)) { meaning.append($0.bindMemory(to: UInt8.self)) }
    if text.first == UInt8(ascii: "\"") {
      meaning.append(UInt8(ascii: "\""))
      JSONString.unescape(ByteView(rebasing: text[1..<text.count - 1]), into: &meaning)
    } else {
      meaning.append(text)
    }
    let number = numbers.insert(meaning.view)
    if number == values.count {
      values.append(Value(text: text.baseAddress, count: text.count))
    } else if text.lexicographicallyPrecedes(self.text(ofValue: number)) {
      values[number].text = text.baseAddress
      values[number].count = text.count
    }
    return Int32(number)
  }

  private func text(ofValue number: Int) -> ByteView {
    ByteView(start: values[number].text, count: values[number].count)
  }

  /// Object `number` counts from now on (1), or no longer (-1).
  mutating func change(_ number: Int, by step: Int32) {
    objects += step
    let edge: Int32 = step > 0 ? 1 : 0
    for index in Int(starts[number])..<Int(starts[number + 1]) {
      let (claim, value) = (Int(entries[index].claim), Int(entries[index].value))
      claims[claim].objects += step
      values[value].objects += step
      guard values[value].objects == edge else { continue }
      claims[claim].distinct += step
      claims[claim].values ^= Int32(value)
    }
  }

  /// Appends an object of the claims that all have in common; nothing if there is none.
  func appendCommon(to buffer: inout ByteBuffer) {
    var isFirst = true
    for claim in 0..<claims.count
    where claims[claim].objects == objects && claims[claim].distinct == 1 {
      buffer.append(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
      isFirst = false
      buffer.append(leads[claim])
      buffer.append(text(ofValue: Int(claims[claim].values)))
    }
    if !isFirst { buffer.append(UInt8(ascii: "}")) }
  }
}
