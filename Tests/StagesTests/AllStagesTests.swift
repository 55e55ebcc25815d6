import Engine
import Settings
import Stages
import Testing
import Trail

@Suite struct AllStagesTests {
  @Test func namesAreDistinctAndFound() {
    let names = AllStages.all.map { $0.manual.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(AllStages.named(name)?.manual.name == name) }
    #expect(AllStages.named("dedup") == nil)
  }

  private let bench = Workbench(
    tables: ["keys.json": [#"{"id":"k"}"#], "claims.ndjson": [#"{"key_id":"k","claims":{}}"#]],
    environment: ["AUDIT_WEBHOOK_SECRET": "s"])

  /// A value that no setting takes is an error of the value: of the key, if nobody reads it.
  @Test func everySettingOfTheReferenceIsRead() throws {
    for stage in AllStages.all {
      for setting in stage.manual.settings where !stage.manual.example.contains(setting.name + ":")
      {
        let text = stage.manual.example.dropLast() + ", \(setting.name): [[7]] }"
        let error = bench.error(String(text))
        #expect(!error.contains("unknown key"), "\(stage.manual.name).\(setting.name): \(error)")
      }
    }
  }

  /// `null` counts as left out, for every setting that can be.
  @Test func everyOptionalSettingCanBeNull() throws {
    for stage in AllStages.all {
      for setting in stage.manual.settings
      where setting.standard != nil && !stage.manual.example.contains(setting.name + ":") {
        let text = stage.manual.example.dropLast() + ", \(setting.name): null }"
        #expect(throws: Never.self, "\(stage.manual.name).\(setting.name)") {
          try bench.make(String(text))
        }
      }
    }
  }

  @Test func theExamplesAreDefinitions() throws {
    for stage in AllStages.all {
      #expect(try bench.make(stage.manual.example).steps.isEmpty == false, "\(stage.manual.name)")
    }
  }

  @Test func onlyDeduplicateRemembers() {
    #expect(AllStages.all.filter { $0.remembersWritten }.map { $0.manual.name } == ["deduplicate"])
  }

  /// What a stage adds to events is what its manual says, or less of it.
  @Test func whatIsAddedIsInTheManual() throws {
    var adding: [String] = []
    for stage in AllStages.all {
      let written = stage.manual.writes.compactMap {
        $0.split(separator: ".").first.flatMap { AddedRole(rawValue: String($0)) }
      }
      let added = try bench.make(stage.manual.example).context.added
      #expect(added.isSubset(of: written), "\(stage.manual.name)")
      #expect(added.isEmpty == written.isEmpty, "\(stage.manual.name)")
      if !added.isEmpty { adding.append(stage.manual.name) }
    }
    #expect(adding.count == 6, "\(adding)")
  }
}
