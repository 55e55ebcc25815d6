internal import Bytes
internal import Disk
internal import History
internal import Trail

/// What was added to the events of an archive, by its names, in the order in which it is written.
struct AddedColumns {
  private(set) var names: [String] = []

  init(_ files: LiveFiles, _ parts: [LiveFile]) {
    var seen: Set<AddedMembers> = []
    for part in parts {
      let added = files.added(to: part)
      guard added.isNoted, seen.insert(added).inserted else { continue }
      for role in AddedRole.allCases where added.isLookedFor(role) {
        let name = added.names[role]
        if !names.contains(name) { names.append(name) }
      }
    }
  }
}

/// The members that become columns, and those that do not.
struct ChosenColumns {
  private(set) var columns: [Column] = []
  /// Names of members without a column, as they can be shown.
  private(set) var leftOut: [String] = []
  private(set) var leftOutCount = 0

  /// Of names that readers take for the same the one that most events have becomes a column; `taken` are the
  /// names that are not to be had. What was added is a column whether an event has it yet or not.
  init(_ members: [SeenMember], _ added: AddedColumns, taken: [String]) {
    var folded = Set(taken.map(ColumnName.folded))
    var chosen: Set<Int> = []
    // Names are compared byte by byte: for Swift the two ways to write "é" are equal.
    let addedNames = Set(added.names.map { Array($0.utf8) })
    let isAdded = members.map { addedNames.contains(Array($0.name.utf8)) }
    let byCount = members.indices.sorted { left, right in
      if isAdded[left] != isAdded[right] { return isAdded[left] }
      if members[left].events != members[right].events {
        return members[left].events > members[right].events
      }
      return precedesInBytes(members[left].name, members[right].name)
    }
    for number in byCount where chosen.count < ArchiveTable.mostColumns {
      let name = members[number].name
      guard ColumnName.isPlain(name), folded.insert(ColumnName.folded(name)).inserted else {
        continue
      }
      chosen.insert(number)
    }
    for (number, member) in members.enumerated() {
      if !chosen.contains(number) {
        leave(member.name)
      } else if !isAdded[number] {
        columns.append(Column(name: member.name, type: ColumnType(member.shapes)))
      }
    }
    for name in added.names {
      let number = members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
      let isNew = number == nil
      guard
        number.map(chosen.contains) == true
          || isNew && ColumnName.isPlain(name) && folded.insert(ColumnName.folded(name)).inserted
      else { continue }
      let shapes = number.map { members[$0].shapes } ?? .container
      columns.append(Column(name: name, type: ColumnType(shapes)))
    }
  }

  private mutating func leave(_ name: String) {
    leftOutCount += 1
    guard leftOut.count < ArchiveTable.mostListed else { return }
    leftOut.append(ChosenColumns.shown(name))
  }

  /// A name in quotes that ends no comment and no statement.
  static func shown(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      let isPlain = !DeceptiveText.isDeceptive(scalar) && scalar != "\"" && scalar != "\\"
      text += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return text + "\""
  }
}
