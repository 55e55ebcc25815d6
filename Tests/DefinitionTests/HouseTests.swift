import Foundation
import TestSupport
import Testing

/// What the house forbids and the compiler does not: imports against the order of the rooms, and
/// constructs that have no place where input is hostile.
@Suite struct HouseTests {
  static let root = Repository.root

  /// Rooms in the order of Package.swift, with what each may import.
  static func rooms() throws -> [(name: String, allowed: Set<String>)] {
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let pattern =
      /(?:room\(|executableTarget\()\s*(?:name:\s*)?"(\w+)",\s*(?:dependencies:\s*)?\[([^\]]*)\]/
    return manifest.matches(of: pattern).map { match in
      let names = match.2.split(separator: ",").map {
        $0.trimmingCharacters(in: CharacterSet(charactersIn: " \n\""))
      }
      return (String(match.1), Set(names.filter { !$0.isEmpty }))
    }
  }

  static func sources(_ folder: String) throws -> [(path: String, text: String)] {
    let base = root.appending(path: folder)
    let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
      .map { ($0.path, try String(contentsOf: $0, encoding: .utf8)) }
  }

  @Test func roomsDependDownwardOnly() throws {
    let rooms = try Self.rooms()
    #expect(rooms.count >= 12)
    var known: Set<String> = ["CZlib", "CCrypto"]
    for room in rooms {
      #expect(room.allowed.isSubset(of: known), "\(room.name) depends on a room above it")
      known.insert(room.name)
    }
  }

  @Test func sourcesImportOnlyWhatTheirRoomDeclares() throws {
    let rooms = try Self.rooms()
    let ours = Set(rooms.map(\.name)).union(["CZlib", "CCrypto"])
    let system: Set<String> = ["Glibc", "Musl", "Darwin", "Synchronization"]
    for room in rooms {
      let files = try Self.sources("Sources/\(room.name)")
      #expect(!files.isEmpty, "no sources for \(room.name)")
      for file in files {
        for match in file.text.matches(of: /(?m)^\s*(?:\w+ )?import (?:struct |func |class )?(\w+)/)
        {
          let module = String(match.1)
          let isFine =
            ours.contains(module) ? room.allowed.contains(module) : system.contains(module)
          #expect(isFine, "\(file.path) imports \(module)")
        }
      }
    }
  }

  @Test(arguments: ["try!", "as!", "fatalError(", "TODO", "FIXME", "-Ounchecked", "print("])
  func sourcesAreFreeOf(_ construct: String) throws {
    for file in try Self.sources("Sources") {
      for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      where line.replacing("fingerprint(", with: "").contains(construct) {
        let isWord = line.contains("/// ") || line.contains("// ")
        #expect(isWord, "\(file.path):\(number + 1): \(construct)")
      }
    }
  }

  @Test func packageNamesNoPackages() throws {
    let manifest = try String(
      contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    #expect(!manifest.contains(".package("))
  }
}
