internal import Stages
internal import Terminal

/// The reference of the stages, made from their own tables: for a terminal, and for docs/stages.md.
enum StageReference {
  /// Columns of text on a terminal.
  private static let width = 96

  static var overview: String {
    var text = "stages, in the order in which a definition usually has them:\n\n"
    for stage in AllStages.all {
      text += "  " + TextColumns.padded(stage.manual.name, 20) + stage.manual.summary + "\n"
    }
    return text + "\n\"trailmill stages NAME\" tells the settings.\n"
  }

  static func text(_ manual: StageManual) -> String {
    var text = "\(manual.name): \(manual.summary)\n"
    for paragraph in manual.details { text += "\n" + TextColumns.wrapped(paragraph, width: width) }
    if !manual.settings.isEmpty { text += "\nsettings:\n" }
    for setting in manual.settings {
      text += "  \(setting.name)  (\(setting.kind)\(standard(setting)))\n"
      text += TextColumns.wrapped(setting.explanation, width: width, indent: "      ")
    }
    if let table = manual.table {
      text += "\n\(table.columns.joined(separator: ": ")):\n"
      for row in table.rows {
        text += "  \(row.first ?? "")\n"
        for cell in row.dropFirst() {
          text += TextColumns.wrapped(cell, width: width, indent: "      ")
        }
      }
      for note in table.notes { text += "\n" + TextColumns.wrapped(note, width: width) }
    }
    text += "\nexample:\n  \(manual.example)\n"
    text += manual.reads.isEmpty ? "\n" : "\nreads:   \(manual.reads.joined(separator: ", "))\n"
    if !manual.requires.isEmpty { text += "needs:   \(manual.requires.joined(separator: ", "))\n" }
    if !manual.writes.isEmpty { text += "writes:  \(manual.writes.joined(separator: ", "))\n" }
    return text
  }

  static var markdown: String {
    var text = """
      # Stages

      What a definition's `stages` can hold, in the order in which they usually come. This page is made by
      `make docs` from the stages' own tables; `trailmill stages NAME` says the same on a terminal.


      """
    for stage in AllStages.all {
      text += "- [`\(stage.manual.name)`](#\(stage.manual.name)): \(stage.manual.summary)\n"
    }
    return AllStages.all.reduce(text) { $0 + "\n" + markdown($1.manual) }
  }

  static func markdown(_ manual: StageManual) -> String {
    var text = "## \(manual.name)\n\n\(manual.summary)\n"
    for paragraph in manual.details { text += "\n\(paragraph)\n" }
    text += "\n```json5\n\(manual.example)\n```\n"
    if !manual.settings.isEmpty {
      text += "\n| setting | value | default | |\n|---|---|---|---|\n"
      for setting in manual.settings {
        let cells = [
          "`\(setting.name)`", setting.kind, setting.standard.map { "`\($0)`" } ?? "required",
          setting.explanation,
        ]
        text += "| " + cells.map(cell).joined(separator: " | ") + " |\n"
      }
    }
    if let table = manual.table { text += markdown(table) }
    if !manual.reads.isEmpty { text += "\nReads: \(list(manual.reads)).\n" }
    if !manual.requires.isEmpty { text += "\nNeeds before it: \(list(manual.requires)).\n" }
    if !manual.writes.isEmpty { text += "\nWrites: \(list(manual.writes)).\n" }
    return text
  }

  private static func markdown(_ table: TableManual) -> String {
    var text = "\n| " + table.columns.joined(separator: " | ") + " |\n"
    text += "|" + String(repeating: "---|", count: table.columns.count) + "\n"
    for row in table.rows {
      let cells = ["`\(row.first ?? "")`"] + row.dropFirst().map(cell)
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    for note in table.notes { text += "\n\(note)\n" }
    return text
  }

  private static func list(_ words: [String]) -> String {
    words.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// A pipe would end a table's cell.
  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  private static func standard(_ setting: SettingManual) -> String {
    setting.standard.map { ", default \($0)" } ?? ", required"
  }
}
