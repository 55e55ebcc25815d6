internal import Crypto
internal import Bytes
package import Engine
internal import JSONText
package import Settings
internal import Trail

/// Takes values out of events, or replaces them by a pseudonym.
package enum Redact: StageDefinition {
  /// An event with too many values to redact is refused.
  package static let mayTurnAway = true

  package static let manual = StageManual(
    name: "redact",
    summary: "Removes values at pointers, or replaces them by a keyed digest.",
    details: [
      "In pointers `*` stands for every member or element; every appearance of a duplicate key is"
        + " treated; of two pointers that name the same value, the one counts that, read from its"
        + " end, has a name where the other has `*`. A removed member goes with its key; a removed"
        + " element becomes null, so that the others keep their places. A hashed value becomes"
        + " \"hmac-sha256:\" and 64 digits, the"
        + " HMAC-SHA-256 of a string's content or else of the value as written: equal values stay"
        + " equal, and null stays null. A value of that form already is left alone.",
      "The event lists the pointers that changed it, as the definition writes them, in `altered`."
        + " A signature in `delivery` is that of the event before. What is turned away, before or"
        + " after this stage, goes to the quarantine as it came. An event with more than 100,000 values"
        + " to redact is refused (max_redactions).",
    ],
    settings: [
      SettingManual("remove", "pointers", standard: "none", "What is taken out."),
      SettingManual("hash", "pointers", standard: "none", "What is replaced by a digest."),
      SettingManual(
        "secret", "object { env } or { file }", standard: "none",
        "The key of the digests, required with `hash`: without one, anybody could try the few"
          + " likely values."),
    ],
    example: "{ stage: \"redact\", remove: [\"/data/args/*/secret\"] }",
    reads: [], writes: ["altered"])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.altered)
    var table = PointerTable()
    var targets: [RedactStage.Target] = []
    for (key, isRemoved) in [("remove", true), ("hash", false)] {
      for text in try settings.strings(key, default: []) {
        let pointer = try settings.pointer(text, of: key)
        guard !pointer.tokens.isEmpty else {
          throw settings.error(key, "names the whole event: name a part of it")
        }
        guard table.slot(pointer) == targets.count else {
          throw settings.error(key, "names \(text) a second time: leave one")
        }
        targets.append(RedactStage.Target(pointer, isRemoved: isRemoved))
      }
    }
    guard !targets.isEmpty else {
      throw settings.position.error("\(settings.what) needs \"remove\" or \"hash\"")
    }
    return [
      .pure(
        RedactStage(
          targets: targets, pointers: PointerSet(table.pointers, wildcards: true),
          key: try key(settings, context, isNeeded: targets.contains { !$0.isRemoved })))
    ]
  }

  private static func key(
    _ settings: Settings, _ context: StageContext, isNeeded: Bool
  ) throws -> HMACKey? {
    guard let object = try settings.object("secret") else {
      guard !isNeeded else {
        throw settings.position.error("\"hash\" needs \"secret\": { env: \"NAME\" }")
      }
      return nil
    }
    return try context.secret(object).withUnsafeBufferPointer {
      try HMACKey(secret: $0, hash: .sha256)
    }
  }
}

private struct RedactStage: PureStage, Explaining {
  struct Target: Sendable {
    let isRemoved: Bool
    /// The pointer as a JSON string.
    let quoted: [UInt8]

    init(_ pointer: JSONPointer, isRemoved: Bool) {
      self.isRemoved = isRemoved
      var buffer = ByteBuffer()
      JSONString.append(quoting: pointer.description, to: &buffer)
      quoted = buffer.bytes
    }
  }

  let targets: [Target]
  let pointers: PointerSet
  let key: HMACKey?

  func process(_ batch: Batch, step: Int) {
    let scanner = Scanner(pointers)
    var matches = FlatArray<Match>()
    var rewriter = Rewriter()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let event = batch.completeEvent(of: index)
      matches.removeAll()
      _ = scanner.collect(batch.bytes[event]) { matches.append($0) }
      guard matches.count > 0 else { continue }
      guard matches.count <= Scanner.mostMatches else {
        let reason = "more than \(Scanner.mostMatches) values to redact (max_redactions)"
        batch.reject(index, .refused, by: step, reason)
        continue
      }
      rewriter.rewrite(batch.bytes[event], matches.elements, targets, key)
      guard rewriter.isChanged else { continue }
      guard batch.replaceEvent(event, of: index, by: rewriter.output.view) else {
        batch.reject(index, .refused, by: step, "redacting left no valid event")
        continue
      }
      batch.addAltered(
        targets.indices.lazy.filter { rewriter.altered[$0] }.map { targets[$0].quoted }, to: index)
    }
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    let altered = batch[.altered, index]
    guard batch.records[index].verdict == .keep, !altered.isEmpty else { return [] }
    return ["altered: \(batch.string(altered))"]
  }
}

/// Copies an event with some of its values removed or replaced.
private struct Rewriter: ~Copyable {
  private(set) var output = ByteBuffer(capacity: 4096)
  private(set) var isChanged = false
  /// By slot: whether the pointer changed anything.
  private(set) var altered: [Bool] = []
  private var plain = ByteBuffer()
  private static let mark: StaticString = "hmac-sha256:"

  mutating func rewrite(
    _ event: ByteView, _ found: UnsafeMutableBufferPointer<Match>, _ targets: [RedactStage.Target],
    _ key: HMACKey?
  ) {
    var found = found
    output.removeAll()
    isChanged = false
    altered = [Bool](repeating: false, count: targets.count)
    // A value before those inside it: they go with it.
    found.sort { ($0.field.start, $1.field.count) < ($1.field.start, $0.field.count) }
    var copied = 0
    for match in found {
      let value = match.field.span
      guard Int(value.start) >= copied else { continue }
      let target = targets[Int(match.slot)]
      let end =
        target.isRemoved
        ? remove(value, event, copied) : hash(match.field, event, copied, key)
      guard let end else { continue }
      copied = end
      isChanged = true
      altered[Int(match.slot)] = true
    }
    output.append(ByteView(rebasing: event[copied...]))
  }

  /// Copies from `copied` up to what goes, and returns where to go on.
  private mutating func remove(_ value: Span32, _ event: ByteView, _ copied: Int) -> Int? {
    let before = lastToken(event, before: Int(value.start))
    guard event[before] == UInt8(ascii: ":") else {
      if event[Int(value.start)..<value.end].elementsEqual("null".utf8) { return nil }
      output.append(ByteView(rebasing: event[copied..<Int(value.start)]))
      output.append("null")
      return value.end
    }
    let key = start(ofKey: lastToken(event, before: before), event)
    output.append(ByteView(rebasing: event[copied..<key]))
    let next = Scanner.skipWhitespace(event, from: value.end)
    if event[next] == UInt8(ascii: ",") {
      return Scanner.skipWhitespace(event, from: next + 1)
    }
    // The last member: the comma before it goes too.
    let last = lastToken(output.view, before: output.count)
    if output.view[last] == UInt8(ascii: ",") { output.truncate(to: last) }
    return value.end
  }

  /// Where the last byte before `end` is that is no white space. There always is one: a value that
  /// a pointer names lies inside the event's braces.
  private func lastToken(_ text: ByteView, before end: Int) -> Int {
    var at = end - 1
    while at > 0, text[at] == 0x20 || text[at] == 0x09 || text[at] == 0x0A || text[at] == 0x0D {
      at -= 1
    }
    return at
  }

  /// The opening quote of the key that ends with the quote at `close`: the first one backwards that
  /// no odd number of backslashes precedes.
  private func start(ofKey close: Int, _ event: ByteView) -> Int {
    var at = close - 1
    while at > 0 {
      if event[at] == UInt8(ascii: "\"") {
        var slashes = 0
        while event[at - 1 - slashes] == UInt8(ascii: "\\") { slashes += 1 }
        if slashes % 2 == 0 { return at }
      }
      at -= 1
    }
    return at
  }

  private mutating func hash(
    _ field: Field, _ event: ByteView, _ copied: Int, _ key: HMACKey?
  ) -> Int? {
    guard let key, field.kind != .null else { return nil }
    let span = field.kind == .string ? field.content : field.span
    let text = ByteView(rebasing: event[Int(span.start)..<span.end])
    if field.kind == .string && isHashed(text) { return nil }
    output.append(ByteView(rebasing: event[copied..<Int(field.start)]))
    output.append(UInt8(ascii: "\""))
    output.append(Rewriter.mark)
    plain.removeAll()
    if field.isEscaped { JSONString.unescape(text, into: &plain) } else { plain.append(text) }
    key.authenticate(plain.view).withUnsafeBufferPointer { Hex.append($0, to: &output) }
    output.append(UInt8(ascii: "\""))
    return field.span.end
  }

  private func isHashed(_ text: ByteView) -> Bool {
    let mark = ByteView(start: Rewriter.mark.utf8Start, count: Rewriter.mark.utf8CodeUnitCount)
    guard text.count == mark.count + 64, text.starts(with: mark) else { return false }
    return text[mark.count...].allSatisfy { Hex.digit($0) != nil && !(0x41...0x46).contains($0) }
  }
}
