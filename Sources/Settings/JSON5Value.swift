/// A value of a JSON5 document that knows where it was written.
package struct JSON5Value: Equatable, Sendable {
  /// What a value is.
  package enum Content: Equatable, Sendable {
    /// Members in the order they were written; no key twice.
    case object([Member])
    /// Elements in order.
    case array([JSON5Value])
    /// Text, escapes resolved.
    case string(String)
    /// A number as it was written.
    case number(JSON5Number)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null
  }

  /// A member of an object.
  package struct Member: Equatable, Sendable {
    /// The key, escapes resolved.
    package let key: String
    /// Where the key begins.
    package let position: SourcePosition
    /// The value.
    package let value: JSON5Value

    /// A member of an object.
    package init(key: String, position: SourcePosition, value: JSON5Value) {
      self.key = key
      self.position = position
      self.value = value
    }
  }

  /// What the value is.
  package let content: Content
  /// Where it begins.
  package let position: SourcePosition
  /// True if the environment filled something in: that may be a secret, and is not for messages.
  let isFromEnvironment: Bool

  /// A value at a place.
  package init(_ content: Content, at position: SourcePosition) {
    self.init(content, at: position, isFromEnvironment: false)
  }

  init(_ content: Content, at position: SourcePosition, isFromEnvironment: Bool) {
    self.content = content
    self.position = position
    self.isFromEnvironment = isFromEnvironment
  }

  /// The value of a member; nil if this is no object or has no such key.
  package subscript(key: String) -> JSON5Value? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The text of a string; nil for anything else.
  package var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  /// What the value is, for messages: `a string`.
  package var kind: String {
    switch content {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "a boolean"
    case .null: "null"
    }
  }
}
