package import Bytes
package import Intake
package import JSONText
package import Settings
package import Trail

/// What stages are made from, and what they register while they are made.
package struct StageContext {
  /// What is located in each record.
  package var pointers: PointerTable
  /// Where the events keep account, actor, time and the like.
  package let dialect: Dialect
  /// The slots of what `dialect` names.
  package let boundDialect: BoundDialect
  /// What the host gives.
  package let services: StageServices
  /// The names of the steps that were made so far, by their numbers.
  package internal(set) var stepNames: [String] = []
  /// What the stages that were made so far can add to events.
  package private(set) var added: Set<AddedRole> = []
  /// What stages that were made before hand on to later ones. Each kind of value has a property of its own,
  /// in an extension beside the stage that makes it.
  var handedOn = TypedValues()
  /// What stages have registered so far.
  package private(set) var results = StageResults()

  /// A context in which nothing is registered yet.
  package init(
    dialect: Dialect, services: StageServices, pointers: PointerTable = PointerTable()
  ) {
    var pointers = pointers
    self.dialect = dialect
    boundDialect = dialect.bind(&pointers)
    self.pointers = pointers
    self.services = services
  }

  /// Says that the stage can add these members to events: no event may bring them.
  package mutating func adds(_ roles: AddedRole...) { added.formUnion(roles) }

  /// Says that messages about the input must not show what `plan` finds either.
  package mutating func hide(_ plan: SecretPlan) {
    results.secrets = SecretPlan(plan.kinds.union(results.secrets?.kinds ?? []))
  }

  /// The number of the counter `name`, a new one if it is new.
  package mutating func counter(named name: String, listsNames: Bool = false) -> Int {
    results.counter(StageResults.Counter(name: name, listsNames: listsNames))
  }

  /// The number of a new label, whose classes count from 1. The summary says how many records each
  /// class has or, with `unused`, which classes have none.
  package mutating func label(
    named name: String, classes: [String], unused: String? = nil
  ) -> Int {
    results.label(StageResults.Label(name: name, classes: classes, unused: unused))
  }

  /// Has `trailmill check` say what may be wrong about the setting `key`.
  package mutating func warn(_ message: String, about key: String, _ settings: Settings) {
    results.warnings.append(
      StageWarning(position: settings.position(of: key), message: "\"\(key)\" \(message)"))
  }

  /// Has `trailmill check` say what the setting `key` costs, though nothing is wrong with it.
  mutating func note(_ message: String, about key: String, _ settings: Settings) {
    results.notes.append(
      StageWarning(position: settings.position(of: key), message: "\"\(key)\" \(message)"))
  }

  /// Has `trailmill check` say that the condition `key` is an empty list, and so holds for nobody.
  mutating func warnOfNobody(_ key: String, _ settings: Settings) {
    warn(
      "is empty, and so holds for nobody: leave it out if it does not matter", about: key, settings)
  }

  /// Has the run ask `result` when the last record has passed.
  package mutating func add(_ result: any StageResult) { results.add(result) }

  /// Reads the table that the setting `key` names, row by row; `columns` are asked of a CSV. What is wrong
  /// with the file or a row becomes an error at that setting.
  package mutating func read(
    _ path: String, of key: String, _ settings: Settings, records: JSONPointer? = nil,
    columns: TableColumns, _ row: (_ object: ByteView, _ line: Int) throws -> Void
  ) throws(SettingsError) {
    do {
      results.tables.append(try services.readTable(path, records, columns, row))
    } catch let error as SettingsError {
      throw error
    } catch let error as LookupError {
      throw settings.error(key, "names a table that cannot be used: \(path): \(error)")
    } catch {
      throw settings.error(key, "names a table that cannot be read: \(error)")
    }
  }

  /// Refuses the table that was read last, and that the setting `key` names, if it has no rows: what is empty
  /// by mistake leaves every event without a name, for good. `empty: "allow"` says that it may be.
  mutating func requireRows(
    _ count: Int, of key: String, _ noun: String, _ settings: Settings
  ) throws(SettingsError) {
    let policy = try settings.choice("empty", default: EmptyTable.refuse)
    guard count == 0, policy == .refuse, let table = results.tables.last else { return }
    throw settings.error(
      key,
      "names a table without \(noun): \(table.path), which holds \(table.sketch): fill it, or set"
        + " empty: \"allow\" where it may be empty")
  }

  /// The bytes of the secret that an object `{ env: "NAME" }` or `{ file: "PATH" }` names: see
  /// `SecretSource`.
  package func secret(_ settings: Settings) throws(SettingsError) -> [UInt8] {
    try SecretSource(settings).bytes(disk: services.disk, environment: services.environment)
  }
}

/// What becomes of a lookup table without rows.
enum EmptyTable: String, CaseIterable {
  case refuse, allow

  /// How the stages that read tables describe it.
  static let manual = SettingManual(
    "empty", "\"refuse\" or \"allow\"", standard: "\"refuse\"",
    "Whether the table may be without rows, as it may be where nobody has a key yet.")
}
