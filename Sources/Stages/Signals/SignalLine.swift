internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Writes lines of the list of signals. All members are always there, in this order, null where nothing is
/// known:
///
///     {"signal":…,"severity":…,"message":…,"time":…,"account":…,"actor":…,"display_actor":…,"api_key":…,
///      "action":…,"address":…,"resource":…,"record":{"file":…,"record":…}}
struct SignalLine {
  /// Where a record came from.
  struct Origin {
    var file: String
    /// Its number in that input, from 1.
    var record: Int
  }

  /// Longest value that is listed in full, in bytes: 1 KiB. The event has the rest.
  static let longestValue = 1 << 10

  private let rule: SignalRule

  init(_ rule: SignalRule) { self.rule = rule }

  /// Of an event that is written.
  func append(
    _ batch: Batch, _ index: Int, _ dialect: BoundDialect, _ origin: Origin,
    to line: inout ByteBuffer
  ) {
    begin(rule.message, &line)
    member("time", &line)
    SignalLine.append(time: batch.records[index].time, to: &line)
    func text(_ name: StaticString, _ span: Span32?, _ line: inout ByteBuffer) {
      member(name, &line)
      if let span { SignalLine.append(batch.bytes[span], to: &line) } else { line.append("null") }
    }
    text("account", dialect.scalar(.account, batch, index), &line)
    let event = EventActor(dialect, batch, index)
    text("actor", event.text, &line)
    member("display_actor", &line)
    let shown = batch[.displayActor, index]
    if shown.isEmpty { line.append("null") } else { line.append(batch.bytes[shown]) }
    let key = batch[.keyID, index]
    text("api_key", key.isEmpty ? event.key : key, &line)
    text("action", dialect.scalar(.action, batch, index), &line)
    text("address", dialect.scalar(.address, batch, index), &line)
    text("resource", dialect.scalar(.resource, batch, index), &line)
    end(origin, &line)
  }

  /// Of a delivery that was turned away for `reason`.
  func append(reason: String, _ origin: Origin, to line: inout ByteBuffer) {
    let message = rule.message.hasSuffix(".") ? String(rule.message.dropLast()) : rule.message
    begin("\(message): \(reason).", &line)
    line.append(",\"time\":null")
    appendNothing(account: nil, &line)
    end(origin, &line)
  }

  /// Of an account that was silent since `account.last`.
  func append(account: AccountDays.Silent, to line: inout ByteBuffer) {
    begin(rule.message, &line)
    member("time", &line)
    SignalLine.append(time: Int64(account.last) * 86_400_000_000, to: &line)
    appendNothing(account: account.name, &line)
    end(nil, &line)
  }

  private func begin(_ message: String, _ line: inout ByteBuffer) {
    line.append("{\"signal\":")
    JSONString.append(quoting: rule.name, to: &line)
    line.append(",\"severity\":")
    JSONString.append(quoting: rule.severity.rawValue, to: &line)
    line.append(",\"message\":")
    JSONString.append(quoting: message, to: &line)
  }

  private func member(_ name: StaticString, _ line: inout ByteBuffer) {
    line.append(",\"")
    line.append(name)
    line.append("\":")
  }

  private func appendNothing(account: [UInt8]?, _ line: inout ByteBuffer) {
    member("account", &line)
    if let account {
      account.withUnsafeBufferPointer { SignalLine.append($0, to: &line) }
    } else {
      line.append("null")
    }
    line.append(
      ",\"actor\":null,\"display_actor\":null,\"api_key\":null,\"action\":null,\"address\":null"
        as StaticString)
    line.append(",\"resource\":null")
  }

  private func end(_ origin: Origin?, _ line: inout ByteBuffer) {
    member("record", &line)
    if let origin {
      line.append("{\"file\":")
      JSONString.append(quoting: origin.file, to: &line)
      line.append(",\"record\":")
      line.append(decimal: origin.record)
      line.append("}")
    } else {
      line.append("null")
    }
    line.append("}\n")
  }

  private static func append(time: Int64, to line: inout ByteBuffer) {
    guard time != Record.noTime, let time = Timestamp(microseconds: time) else {
      return line.append("null")
    }
    line.append(UInt8(ascii: "\""))
    time.append(rfc3339To: &line)
    line.append(UInt8(ascii: "\""))
  }

  /// As a JSON string; of one that is too long the beginning, and an ellipsis.
  private static func append(_ text: ByteView, to line: inout ByteBuffer) {
    guard text.count > longestValue else { return JSONString.append(quoting: text, to: &line) }
    var end = longestValue
    // Never within a character.
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    JSONString.append(quoting: ByteView(rebasing: text[..<end]), to: &line)
    line.truncate(to: line.count - 1)
    line.append("…\"")
  }
}
