package import History
package import Intake

extension PublishedParts {
  /// The parts below a folder, as `InputList` asks for them.
  package func files(_ folder: String) throws -> [PublishedFile]? {
    try below(folder)?.map {
      PublishedFile(path: $0.path, sha256: $0.sha256, otherPlaces: $0.otherPlaces)
    }
  }
}
