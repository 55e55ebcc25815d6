import Foundation
import TestSupport

/// The package, as its own tests see it.
enum House {
  static let root = Repository.root

  /// All Swift files of the targets.
  static let sources: [SourceFile] = files("Sources")
  /// All Swift files of the tests.
  static let tests: [SourceFile] = files("Tests")

  /// The targets in the order of Package.swift, with what each may import.
  static let rooms: [(name: String, imports: Set<String>)] = {
    let manifest =
      (try? String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)) ?? ""
    let pattern =
      /(?:room\(|executableTarget\()\s*(?:name:\s*)?"(\w+)",\s*(?:dependencies:\s*)?\[([^\]]*)\]/
    return manifest.matches(of: pattern).map { match in
      (String(match.1), Set(SourceFile.words(String(match.2))))
    }
  }()

  private static func files(_ folder: String) -> [SourceFile] {
    let base = root.appending(path: folder)
    let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    let urls = (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
    return urls.map(\.path).sorted().compactMap { path in
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
      return SourceFile(path: String(path.dropFirst(root.path.count + 1)), text: text)
    }
  }
}
