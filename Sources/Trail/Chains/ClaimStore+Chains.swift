internal import Bytes
internal import Engine
internal import JSONText

extension ClaimStore {
  /// True if it is known who asked for the token of an answer, or who acts with it.
  public func beginsChain(_ answer: ClaimAnswer) -> Bool {
    answer.isSplit || answer.holder >= 0 && links.number(ofRow: Int(answer.holder)) != nil
  }

  /// The id of the key whose token a row is about.
  func key(ofRow row: Int) -> ByteView { keys[Int(table.rows[row].key)] }

  /// When the token of a row was issued; `Record.noTime` if that is not known.
  func time(ofRow row: Int) -> Int64 {
    let time = table.rows[row].issuedAt
    return time == .min ? Record.noTime : time
  }

  /// Appends key, token and times of a row, as members of an object.
  func appendIdentity(ofRow number: Int, to buffer: inout ByteBuffer) {
    let row = table.rows[number]
    buffer.append("\"key_id\":")
    JSONString.append(quoting: keys[Int(row.key)], to: &buffer)
    if row.token != ClaimRow.noToken {
      buffer.append(",\"token_id\":")
      JSONString.append(quoting: table.tokens.key(Int(row.token)), to: &buffer)
    }
    appendTimes(of: row, to: &buffer)
  }
}
