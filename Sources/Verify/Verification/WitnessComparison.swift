internal import Bytes
internal import History

/// What the files of a witness say against an archive, and which commits have none.
struct WitnessComparison {
  private(set) var findings: [VerificationFinding] = []
  private(set) var notes: [String] = []
  private let replay: VerificationReplay
  /// Whether each commit is signed, by its number.
  private let signed: Set<Int>
  /// Keys that may sign for this archive, in hexadecimal.
  private let keys: Set<String>
  private var incomplete: [String] = []
  /// Commits that have a file which fits, in their order.
  private var witnessed: [Int] = []

  init(_ folder: WitnessFolder, _ replay: VerificationReplay) {
    self.replay = replay
    signed = Set(replay.keys.commits.lazy.filter { $0.key != nil }.map(\.sequence))
    keys =
      replay.options.publicKey == nil
      ? Set(replay.keys.commits.compactMap(\.key)) : replay.keys.trusted
    for file in folder.files { take(file) }
    addNotes(folder)
  }

  private mutating func take(_ file: WitnessFolder.File) {
    guard file.sequence <= replay.chain.newest else { return takeBeyond(file) }
    let head = replay.chain.links[file.sequence - 1].genuine
    switch file.content {
    case .record(let record):
      if let head, record.head != head {
        add(.witness, file.path, "the head \(head.hex), which commit \(file.sequence) has", record)
      } else if let fault = fault(record) {
        add(.witness, file.path, "a signature, as commit \(file.sequence) has one", found: fault)
      } else if head != nil {
        witnessed.append(file.sequence)
      }
    case .incomplete(let text):
      if let head, WitnessRecord.isBeginning(text, sequence: file.sequence, head: head) {
        incomplete.append(file.path)
      } else {
        add(.witness, file.path, "a file of commit \(file.sequence)", found: "something else")
      }
    case .foreign(let what):
      add(.witness, file.path, "a file of commit \(file.sequence)", found: what)
    }
  }

  /// A commit that is not there was witnessed: that happens when it was published, never before.
  private mutating func takeBeyond(_ file: WitnessFolder.File) {
    let head =
      if case .record(let record) = file.content { " with the head \(record.head.hex)" } else { "" }
    add(
      .cut, ManifestNames.headerPath(file.sequence),
      "commit \(file.sequence)\(head), as \(file.path) says", found: "nothing")
  }

  /// What is wrong with the signature of a record; nil if nothing is.
  private func fault(_ record: WitnessRecord) -> String? {
    guard let key = record.signingKey else {
      return signed.contains(record.sequence) ? "none" : nil
    }
    guard keys.contains(key) else { return "one by \(key), which is no key of this archive" }
    return record.isSigned ? nil : "one that does not fit"
  }

  private mutating func add(
    _ kind: VerificationFinding.Kind, _ path: String, _ expected: String, _ record: WitnessRecord
  ) {
    let signed = record.isSigned ? ", signed by \(record.signingKey ?? "")" : ""
    add(kind, path, expected, found: "the head \(record.head.hex)\(signed)")
  }

  private mutating func add(
    _ kind: VerificationFinding.Kind, _ path: String, _ expected: String, found: String
  ) {
    findings.append(
      VerificationFinding(kind: kind, path: path, expected: expected, found: found))
  }

  // MARK: What has none

  private mutating func addNotes(_ folder: WitnessFolder) {
    let without = "newest commits without one: \(replay.chain.newest - (witnessed.last ?? 0))"
    if let first = witnessed.first, let last = witnessed.last {
      let gaps = last - first + 1 - witnessed.count
      let gap = gaps > 0 ? " but for \(gaps), such as \(firstGap(from: first))" : ""
      notes.append("commits with a file of the witness: \(first) to \(last)\(gap); \(without)")
    } else {
      notes.append("commits with a file of the witness: none; \(without)")
    }
    if let first = incomplete.first {
      notes.append(
        "files of the witness that are incomplete, after a crash: \(incomplete.count), such as \(first): the "
          + "next run replaces them where it may")
    }
    if folder.otherNames > 0 {
      notes.append("names in the witness that are none of its files: \(folder.otherNames)")
    }
  }

  private func firstGap(from first: Int) -> Int {
    zip(first..., witnessed).first { $0 != $1 }?.0 ?? first
  }
}
