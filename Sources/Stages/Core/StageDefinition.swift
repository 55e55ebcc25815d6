package import Engine
package import Settings

/// What a definition can say of a stage, and how steps come of it.
///
/// A stage is an enumeration without cases that conforms to this, the pure or ordered stages it
/// makes, and a line in `AllStages`.
package protocol StageDefinition: SendableMetatype {
  /// Its name, its settings, an example: the reference is made of this.
  static var manual: StageManual { get }
  /// True if it can keep records from being written: by filtering them, or by the quarantine.
  static var mayTurnAway: Bool { get }
  /// True if it remembers records as written: no stage that may turn away can come after it.
  static var remembersWritten: Bool { get }
  /// True if it lists records as written: no stage that may turn away or drop can come after it.
  static var listsWritten: Bool { get }
  /// Reads the settings and makes the steps, in their order. Asks `settings` for every key the
  /// manual lists, whatever their values, and leaves `finish` to the caller. Throws
  /// `SettingsError`.
  static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step]
}

extension StageDefinition {
  /// Most stages keep everything.
  package static var mayTurnAway: Bool { false }
  /// Most stages remember nothing.
  package static var remembersWritten: Bool { false }
  /// Most stages list nothing.
  package static var listsWritten: Bool { false }
}

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

  /// A setting.
  package init(_ name: String, _ kind: String, standard: String?, _ explanation: String) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.explanation = explanation
  }
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
  /// A line of a definition.
  package let example: String
  /// What it looks at, in words of the domain: roles of a dialect and members that are added.
  package let reads: [String]
  /// What it cannot do without: something that a stage before it has to write.
  package let requires: [String]
  /// What it adds.
  package let writes: [String]

  /// A stage.
  package init(
    name: String, summary: String, details: [String] = [], settings: [SettingManual],
    example: String, reads: [String], requires: [String] = [], writes: [String]
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.settings = settings
    self.example = example
    self.reads = reads
    self.requires = requires
    self.writes = writes
  }
}

/// A stage that can say what it did.
package protocol Explaining {
  /// Sentences about record `index`, right after the stage has processed the batch.
  func explain(_ batch: Batch, _ index: Int) -> [String]
  /// The same for programs: members of a JSON object, their values as JSON text.
  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)]
}

extension Explaining {
  /// Most stages have nothing to add to their sentences.
  package func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] { [] }
}

/// A stage that has something to add to the summary when the run has ended.
package protocol Reporting {
  /// Lines of the summary.
  var report: [ReportLine] { get }
}

/// A line of the summary: a word, and what there is to say.
package struct ReportLine: Equatable, Sendable {
  /// What it is about.
  package let key: String
  /// The value, with its unit.
  package let value: String

  /// A line.
  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}
