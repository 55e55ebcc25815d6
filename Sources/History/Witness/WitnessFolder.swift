package import Disk

/// The files of a witness, as they are there.
package struct WitnessFolder: Sendable {
  /// What a file holds.
  package enum Content: Sendable {
    case record(WitnessRecord)
    /// No record: perhaps what a crash has left of one.
    case incomplete([UInt8])
    /// What is no file of a witness at all; why.
    case foreign(String)
  }

  /// A file that is called like that of a commit.
  package struct File: Sendable {
    package let sequence: Int
    package let path: String
    package let content: Content
  }

  /// Where it is.
  package let path: String
  /// By their numbers.
  package let files: [File]
  /// Names that are not those of its files: they are passed over.
  package let otherNames: Int

  /// Reads all files. None is reached through a link, or is longer than a file of a witness can be. Throws
  /// where that cannot be done.
  package init(disk: Disk, path: String) throws(DiskError) {
    let disk = disk.guarding(path)
    self.path = path
    let (names, unreadable) = try disk.names(in: path)
    var files: [File] = []
    for name in names {
      guard let sequence = ManifestNames.sequence(ofHeader: name) else { continue }
      let file = WitnessFolder.path(of: sequence, in: path)
      let content = try WitnessFolder.read(disk, file, sequence)
      files.append(File(sequence: sequence, path: file, content: content))
    }
    self.files = files
    otherNames = names.count - files.count + unreadable.count
  }

  /// The file of a commit: it is called like the commit's header.
  package static func path(of sequence: Int, in folder: String) -> String {
    folder + "/" + ManifestNames.header(sequence)
  }

  /// What a file holds.
  package static func read(
    _ disk: Disk, _ file: String, _ sequence: Int
  ) throws(DiskError) -> Content {
    let text: [UInt8]
    do { text = try disk.contents(file, limit: WitnessRecord.longest) } catch {
      guard error.isNoFile else { throw error }
      return .foreign("no regular file")
    }
    guard text.count <= WitnessRecord.longest else {
      return .foreign("more than \(WitnessRecord.longest) bytes")
    }
    let record = text.withUnsafeBufferPointer { WitnessRecord($0, sequence: sequence) }
    return record.map { .record($0) } ?? .incomplete(text)
  }
}
