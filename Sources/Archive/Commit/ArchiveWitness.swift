internal import Bytes
package import Disk
package import History

// What a signature cannot tell, a witness can: that the newest commits are missing. docs/verify.md says how
// to choose one.
//
//   before     Every file there is held against the archive. One that contradicts it ends the run, before
//              anything is published. A witness that cannot be reached does not: what is published can still
//              be witnessed by the next run, what is not archived may be lost.
//   behind     A commit gets its file when it is in the archive, never before: so a file of a commit that is
//              not there means that it was cut off.
//
// A file that a crash has left incomplete says nothing. It is replaced where the folder allows that.

/// The witness of an archive that this process holds. One thread at a time may use it.
package final class ArchiveWitness {
  /// A commit that has no file yet.
  private struct Waiting {
    let sequence: Int
    let head: Digest256
    /// A file of it is there, and incomplete.
    var isBegun = false
  }

  private let disk: Disk
  private let archive: ArchiveDirectory
  private let folder: String
  private var waiting: [Waiting] = []
  /// True once the files that are there were held against the archive.
  private var isExamined = false
  /// Why commits are not witnessed, and what becomes of that; nil if all are that it knows of.
  package private(set) var failure: String?
  /// What somebody should know who looks after the witness.
  package private(set) var notices: [String] = []

  /// The witness in `folder` of an archive. Throws, with the kind `damaged`, if a file there contradicts it.
  package init(_ disk: Disk, folder: String, of archive: ArchiveDirectory) throws(ArchiveError) {
    self.disk = disk.guarding(folder)
    self.folder = folder
    self.archive = archive
    let found: WitnessFolder
    do { found = try WitnessFolder(disk: disk, path: folder) } catch {
      failure = "\(error)\(ArchiveWitness.rest)"
      return
    }
    try examine(found)
    isExamined = true
  }

  // MARK: Before

  private func examine(_ found: WitnessFolder) throws(ArchiveError) {
    let newest = archive.head
    if let beyond = found.files.last, beyond.sequence > newest?.sequence ?? 0 {
      let has = newest.map { "its newest commit is \($0.sequence)" } ?? "it has no commit"
      throw contradiction(
        "there is a file of commit \(beyond.sequence), \(beyond.path), and \(has): the newest commits were "
          + "cut off, or the witness is that of another archive")
    }
    guard let newest else { return }
    guard let first = found.files.first?.sequence else {
      // A head covers all before it: who begins needs no file of what was long ago.
      waiting = [Waiting(sequence: newest.sequence, head: newest.digest)]
      if newest.sequence > 1 {
        notices.append("the witness is empty, and begins with commit \(newest.sequence): \(folder)")
      }
      return
    }
    let heads = try archive.manifests.heads(from: first, newest: newest.digest)
    var files = found.files[...]
    for (sequence, head) in zip(first..., heads) {
      var commit = Waiting(sequence: sequence, head: head)
      if let file = files.first, file.sequence == sequence {
        files.removeFirst()
        if try isWitness(file, of: head) { continue }
        commit.isBegun = true
      }
      waiting.append(commit)
    }
  }

  /// True for the file of a commit with this head, false for one that is incomplete.
  private func isWitness(
    _ file: WitnessFolder.File, of head: Digest256
  ) throws(ArchiveError) -> Bool {
    switch file.content {
    case .record(let record):
      guard record.head != head else { return true }
      let signed = record.isSigned ? ", signed by \(record.signingKey ?? "")," : ""
      throw contradiction(
        "\(file.path)\(signed) says that commit \(file.sequence) has the head \(record.head.hex), and it "
          + "is \(head.hex): the history was altered, or the witness is that of another archive")
    case .incomplete(let text):
      guard !WitnessRecord.isBeginning(text, sequence: file.sequence, head: head) else {
        return false
      }
      throw contradiction("\(file.path) is no file of commit \(file.sequence)")
    case .foreign(let what): throw contradiction("\(file.path) is \(what)")
    }
  }

  private func contradiction(_ what: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      "the witness contradicts the archive \(archive.path): \(what): run `trailmill verify \(archive.path) "
        + "--witness \(folder)`: nothing was published")
  }

  // MARK: Behind

  /// Witnesses a commit that was just made.
  package func witness(_ run: PublishedRun, _ signer: ManifestSigner?) {
    waiting.append(Waiting(sequence: run.sequence, head: run.head))
    fill(signer)
  }

  /// Witnesses what has no file yet. What fails is told by `failure`.
  package func fill(_ signer: ManifestSigner?) {
    guard isExamined, !waiting.isEmpty else { return }
    failure = nil
    var done = 0
    defer { waiting.removeFirst(done) }
    do {
      while done < waiting.count {
        try add(waiting[done], signer)
        done += 1
      }
      try syncFolder()
    } catch let other as OtherArchive {
      failure = other.description
    } catch { failure = "\(error)\(ArchiveWitness.rest)" }
  }

  private static let rest = ": the next run adds to the witness what is missing there"

  /// Another archive had the first word in a witness in which nothing was when this one looked.
  private struct OtherArchive: Error {
    let description: String
  }

  private func add(_ commit: Waiting, _ signer: ManifestSigner?) throws {
    switch try archive.manifests.signature(of: commit.sequence, head: commit.head) {
    case .none: break
    case .genuine where signer != nil: break
    case .genuine:
      notices.append("commit \(commit.sequence) is signed, and is witnessed by whoever has the key")
      return
    case .wrong:
      notices.append("commit \(commit.sequence) is not witnessed: its signature does not fit")
      return
    }
    let path = WitnessFolder.path(of: commit.sequence, in: folder)
    guard !commit.isBegun || isRemoved(path) else {
      notices.append(
        "the file of commit \(commit.sequence) is incomplete, and cannot be replaced: \(path): those of "
          + "later commits stand for it")
      return
    }
    guard let now = Timestamp.now() else {
      throw ArchiveError(.fault, "the clock is beyond the year 9999: set it")
    }
    let record = try WitnessRecord(
      sequence: commit.sequence, head: commit.head, time: now, signer: signer)
    guard try !write(record, path) else { return }
    switch try WitnessFolder.read(disk, path, commit.sequence) {
    case .record(let other) where other.head == commit.head: break
    case .record(let other):
      throw OtherArchive(
        description:
          "\(path) was made meanwhile, and says that commit \(commit.sequence) has the head "
          + "\(other.head.hex): the witness is that of another archive: give this one a folder of its own"
      )
    default: throw ArchiveError(.fault, "another has made \(path) meanwhile")
    }
  }

  private func isRemoved(_ path: String) -> Bool {
    do {
      try disk.removeIfPresent(path)
      return true
    } catch { return false }
  }

  /// Makes a file and writes it in one go; false if there is one. What cannot be written whole goes again
  /// where that can be.
  private func write(_ record: WitnessRecord, _ path: String) throws -> Bool {
    let file: File
    do { file = try disk.createToWrite(path) } catch {
      guard error.isTaken else { throw error }
      return false
    }
    do {
      try record.text.withUnsafeBufferPointer { try file.write(all: $0) }
      try file.sync()
      try file.close()
    } catch {
      _ = try? disk.remove(path)
      throw error
    }
    return true
  }

  /// Waits until the names are on the medium; what has no such call keeps them by itself.
  private func syncFolder() throws(DiskError) {
    do { try disk.syncDirectory(folder) } catch { guard error.isUnsupported else { throw error } }
  }
}
