internal import Settings

/// An option of a command: a `Flag` or an `Option`.
package protocol AnyOption: Sendable {
  /// How it is called, and what it is about.
  var syntax: OptionSyntax { get }
}

/// An option without a value.
package struct Flag: AnyOption {
  package let syntax: OptionSyntax

  package init(_ name: String, _ summary: String) {
    syntax = OptionSyntax(
      name: name, letter: nil, placeholder: nil, completion: .nothing, repeats: false,
      summary: summary)
  }
}

/// An option with a value that is read into `Value`.
package struct Option<Value: Sendable>: AnyOption {
  package let syntax: OptionSyntax
  private let kind: OptionKind<Value>

  package init(
    _ name: String, _ kind: OptionKind<Value>, letter: Character? = nil, repeats: Bool = false,
    _ summary: String
  ) {
    self.kind = kind
    syntax = OptionSyntax(
      name: name, letter: letter, placeholder: kind.placeholder, completion: kind.completion,
      repeats: repeats, summary: summary)
  }

  /// Reads what was given as the value.
  func read(_ text: String) throws(UsageError) -> Value {
    let value: Value?
    do { value = try kind.read(text, syntax.name) } catch let error as UsageError {
      throw error
    } catch {
      throw UsageError("--\(syntax.name): \(error)")
    }
    guard let value else {
      throw UsageError("--\(syntax.name) \(kind.demand), found \"\(text)\"")
    }
    return value
  }
}
