import Bytes
import History

// Whoever may write into an archive chooses what its manifests hold. The input is a header up to the first
// line feed, and rows. Whatever they say, reading them ends; a row speaks only of files in the places of its
// kind; and what a run takes over from them never traps.

private let first = 12

func fuzz(_ input: ByteView) {
  let end = input.place(of: 0x0A) ?? input.count
  let header = ManifestHeader(ByteView(rebasing: input[..<end]), sequence: first)
  let rows = ManifestText(ByteView(rebasing: input[min(end + 1, input.count)...]))?.rows ?? []
  for row in rows {
    check(row.bytes >= 0 && row.records >= 0, "numbers below zero: \(row.path)")
    guard row.kind.file != nil || row.kind == .retired else { continue }
    let kind = FileKind(ofPath: row.path)
    check(ManifestRowReader.isInside(row.path), "a path that leads elsewhere: \(row.path)")
    check(kind != nil, "a path of no file: \(row.path)")
    check(row.kind == .retired || row.kind.file == kind, "a path of another kind: \(row.path)")
    if row.isMovedOut {
      let place = PartNames.retired(row.path)
      check(kind == .part && PartNames.path(ofRetired: place) == row.path, "moved to \(place)")
    }
  }
  guard let header else { return }
  check(header.sequence == first, "a header of another commit")
  var state = ArchiveState()
  state.apply(header, rows)
  state.apply(header, rows)
  _ = state.checkpointText()
}
