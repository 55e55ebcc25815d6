internal import Settings

/// What the value of an option can be: how the help calls it, what a shell offers, how it is read, and what a
/// message demands of it.
package struct OptionKind<Value: Sendable>: Sendable {
  /// What the help calls the value, such as `N`.
  package let placeholder: String
  package let completion: Completion
  /// The message behind the option's name, such as `must be a number from 1 to 256`.
  package let demand: String
  /// The value of a text, given with the option's name; nil if the text does not meet the demand. What it
  /// throws is the message: a `UsageError` as it is, anything else behind the option's name.
  package let read: @Sendable (_ text: String, _ option: String) throws -> Value?

  package init(
    _ placeholder: String, _ completion: Completion = .nothing, demand: String,
    read: @escaping @Sendable (_ text: String, _ option: String) throws -> Value?
  ) {
    self.placeholder = placeholder
    self.completion = completion
    self.demand = demand
    self.read = read
  }
}

// MARK: - Texts

extension OptionKind where Value == String {
  /// Any text.
  package static func text(_ placeholder: String = "TEXT") -> Self {
    Self(placeholder, demand: "must be a text") { text, _ in text }
  }

  /// The path of a file; that it can be opened is found out later.
  package static func file(_ placeholder: String = "FILE") -> Self {
    Self(placeholder, .files, demand: "must be a path") { text, option in
      try localPath(text, option)
    }
  }

  /// The path of a folder; that it can be opened is found out later.
  package static var folder: Self {
    Self("FOLDER", .folders, demand: "needs a path") { text, option in
      guard text.isEmpty else { return try localPath(text, option) }
      throw UsageError("--\(option) needs a path")
    }
  }

  /// A path to write to, which is not empty; `alternative` is what may stand there instead.
  package static func output(_ placeholder: String, or alternative: String? = nil) -> Self {
    Self(placeholder, .files, demand: "needs a path") { text, option in
      guard text.isEmpty else { return try localPath(text, option) }
      throw UsageError("--\(option) needs a path" + (alternative.map { " or \"\($0)\"" } ?? ""))
    }
  }

  private static func localPath(_ text: String, _ option: String) throws(UsageError) -> String {
    if let refusal = LocalPath.refusal(text) { throw UsageError("--\(option) \(refusal)") }
    return text
  }
}

/// A name and the value that is given to it.
package struct Assignment: Equatable, Sendable {
  package let name: String
  package let value: String
}

extension OptionKind where Value == Assignment {
  /// `NAME=VALUE`. The first `=` ends the name.
  package static var assignment: Self {
    Self("NAME=VALUE", demand: "needs NAME=VALUE") { text, _ in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
      return Assignment(
        name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
  }
}

// MARK: - Choices

extension OptionKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words of an enumeration.
  package static func choice(_ type: Value.Type) -> Self {
    let words = type.allCases.map(\.rawValue)
    return Self(
      words.joined(separator: "|"), .words(words),
      demand: "must be one of \(words.joined(separator: ", "))"
    ) { text, _ in Value(rawValue: text) }
  }
}

// MARK: - Numbers

extension OptionKind where Value == Int {
  /// A whole number within a range.
  package static func number(_ range: ClosedRange<Int>) -> Self {
    Self("N", demand: "must be a number from \(range.lowerBound) to \(range.upperBound)") {
      text, _ in Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// Bytes within a range, written with one of `units`: `64MiB`.
  package static func size(
    _ range: ClosedRange<Int>, units: SizeUnits, demand: String
  ) -> Self {
    Self("SIZE", demand: demand) { text, _ in
      units.bytes(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

/// How sizes are written on a command line.
package enum SizeUnits: Sendable {
  /// `KiB`, `MiB`, `GiB`, or nothing, as definitions write them.
  case definitions
  /// `kB`, `MB`, `KiB`, `MiB`, or nothing.
  case decimalToo

  func bytes(_ text: String) -> Int? {
    guard self == .decimalToo else { return Units.bytes(text) }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let factors = ["": 1, "kB": 1000, "MB": 1_000_000, "KiB": 1024, "MiB": 1_048_576]
    guard let number = Int(digits), let factor = factors[String(text.dropFirst(digits.count))]
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}

// MARK: - Lengths of time

/// A length of time.
package struct TimeSpan: Equatable, Sendable {
  /// At most `Int64.max`.
  package let microseconds: Int64

  package static func days(_ number: Int64) -> Self { Self(microseconds: number * 86_400_000_000) }
}

extension OptionKind where Value == TimeSpan {
  /// A length of time such as `12h`.
  package static var duration: Self {
    Self("DURATION", demand: "must be a duration such as 12h or 7d") { text, _ in
      guard let seconds = Units.seconds(text) else { return nil }
      let (microseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
      return TimeSpan(microseconds: overflow ? .max : microseconds)
    }
  }
}
