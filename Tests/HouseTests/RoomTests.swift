import Foundation
import Testing

/// What the house forbids and the compiler does not: imports against the order of the rooms, and imports
/// that nothing needs.
@Suite struct RoomTests {
  private static let libraries: Set<String> = ["CZlib", "CCrypto"]
  private static let system: Set<String> = ["Glibc", "Musl", "Darwin", "Synchronization"]

  @Test func roomsDependDownwardOnly() {
    #expect(House.rooms.count >= 20)
    var known = Self.libraries
    for room in House.rooms {
      #expect(room.imports.isSubset(of: known), "\(room.name) depends on a room above it")
      known.insert(room.name)
    }
  }

  @Test func everyRoomIsInTheTable() {
    let names = Set(House.rooms.map(\.name)).union(Self.libraries)
    #expect(Set(House.sources.map(\.room)).subtracting(names).isEmpty)
    #expect(names.subtracting(Self.libraries).isSubset(of: Set(House.sources.map(\.room))))
  }

  @Test func sourcesImportOnlyWhatTheirRoomDeclares() {
    let allowed = Dictionary(uniqueKeysWithValues: House.rooms.map { ($0.name, $0.imports) })
    for file in House.sources {
      let mayImport = (allowed[file.room] ?? []).union(Self.system)
      for module in file.imports where !mayImport.contains(module) {
        Issue.record("\(file.path) imports \(module), which \(file.room) does not declare")
      }
    }
  }

  /// The C library differs between systems: one file knows that.
  @Test func onlyPlatformImportsTheCLibrary() {
    for file in House.sources where file.room != "Platform" {
      for module in file.imports where ["Glibc", "Musl", "Darwin"].contains(module) {
        Issue.record("\(file.path) imports \(module): import Platform")
      }
    }
  }

  @Test func everythingDeclaredIsImportedSomewhere() {
    for room in House.rooms {
      let imported = Set(House.sources.filter { $0.room == room.name }.flatMap(\.imports))
      for module in room.imports.subtracting(imported).sorted() {
        Issue.record(
          "Package.swift: \(room.name) declares \(module), which none of its files imports")
      }
    }
  }

  @Test func noFileImportsAModuleTwice() {
    for file in House.sources + House.tests {
      #expect(Set(file.imports).count == file.imports.count, "\(file.path)")
    }
  }

  @Test func packageNamesNoPackages() throws {
    let manifest = try String(
      contentsOf: House.root.appending(path: "Package.swift"), encoding: .utf8)
    #expect(!manifest.contains(".package("))
  }
}
