/// A setting, for the reference.
package struct SettingManual: Sendable {
  /// The key.
  package let name: String
  /// What kind of value it takes, in words.
  package let kind: String
  /// What holds where it is left out; nil if it is required.
  package let standard: String?
  /// What it does.
  package let explanation: String

  package init(_ name: String, _ kind: String, standard: String?, _ explanation: String) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.explanation = explanation
  }
}

/// What a stage knows, for the reference: a table.
package struct TableManual: Sendable {
  /// What the columns are.
  package let columns: [String]
  /// The rows, each with as many cells.
  package let rows: [[String]]
  /// What is to be said behind the table, in paragraphs.
  package let notes: [String]
}

/// A stage, for the reference.
package struct StageManual: Sendable {
  /// Its name in definitions.
  package let name: String
  /// What it does, in a sentence.
  package let summary: String
  /// More that a user must know, in paragraphs.
  package let details: [String]
  /// Its settings, in the order of the reference.
  package let settings: [SettingManual]
  /// What it knows, if that is a table.
  package let table: TableManual?
  /// A line of a definition.
  package let example: String
  /// What it looks at, in words of the domain: roles of a dialect and members that are added.
  package let reads: [String]
  /// What it cannot do without: something that a stage before it has to write.
  package let requires: [String]
  /// What it adds.
  package let writes: [String]

  package init(
    name: String, summary: String, details: [String] = [], settings: [SettingManual],
    table: TableManual? = nil, example: String, reads: [String], requires: [String] = [],
    writes: [String]
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.settings = settings
    self.table = table
    self.example = example
    self.reads = reads
    self.requires = requires
    self.writes = writes
  }
}
