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
  /// True if it looks for signals, which the output can list and fail on.
  static var findsSignals: Bool { get }
  /// True if it asks for the signatures of deliveries: then every envelope has to be taken for one.
  static var judgesSignatures: Bool { get }
  /// What to do instead of writing the stage twice; nil if a plan can have several.
  static var insteadOfTwo: String? { get }
  /// What `trailmill check` says of the stage `later` if that comes behind this one; nil if nothing.
  static func warning(ofLater later: String) -> String?
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
  /// Most stages look for none.
  package static var findsSignals: Bool { false }
  /// Most stages do not.
  package static var judgesSignatures: Bool { false }
  /// Most stages can be there several times.
  package static var insteadOfTwo: String? { nil }
  /// Most stages say nothing of those behind them.
  package static func warning(ofLater later: String) -> String? { nil }
}
