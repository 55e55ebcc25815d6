import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct WalkTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws { scratch = try TemporaryFolder() }

  @Test func findsFilesInOrderAndCountsTheRest() throws {
    for name in ["r/b/x", "r/b-1", "r/a", "r/.hidden/y", "r/_made/z", "r/b/_w", "r/Z"] {
      try scratch.write(name)
    }
    let walk = try disk.walk(scratch("r"))
    #expect(walk.files == ["r/Z", "r/a", "r/b-1", "r/b/x"].map(scratch.callAsFunction))
    #expect(walk.skipped == 3)
    #expect(try disk.walk(scratch("r/")) == walk)
  }

  @Test func linksToFilesCountAndLinksToDirectoriesDoNot() throws {
    try scratch.write("r/a")
    try scratch.write("other/b")
    try scratch.link("r/file", to: "../other/b")
    try scratch.link("r/loop", to: ".")
    try scratch.link("r/dir", to: "../other")
    try scratch.link("root", to: "r")
    #expect(mkfifo(scratch("r/pipe"), 0o600) == 0)
    let walk = try disk.walk(scratch("root"))
    #expect(walk.files == ["root/a", "root/file"].map(scratch.callAsFunction))
    #expect(walk.skipped == 3)
  }

  /// One name that cannot be read costs nobody else the night.
  @Test func whatLeadsNowhereOrIsNoTextIsLeftOut() throws {
    try scratch.write("r/a")
    try scratch.link("r/broken", to: "nowhere")
    try scratch.link("r/circle", to: "circle")
    try scratch.link("r/through", to: "a/b")
    try makeUnreadableName(scratch("r"), ending: "")
    let walk = try disk.walk(scratch("r"))
    #expect(walk.files == [scratch("r/a")] && walk.skipped == 0)
    let dangling = ["broken", "circle", "through"].map {
      LeftOut(scratch("r/" + $0), .danglingLink)
    }
    let latin = LeftOut(scratch("r/caf\u{FFFD}"), .notText)
    #expect(walk.leftOut == [dangling[0], latin] + dangling[1...])
  }

  @Test func whatGoesAwayMeanwhileIsLeftOut() throws {
    try scratch.write("r/a")
    try scratch.write("r/d/b")
    for (call, path) in [(DiskCall.stat, "r/a"), (.list, "r/d")] {
      let gone = scratch(path)
      let disk = Disk { asked, name in asked == call && name == gone ? .fail(ENOENT) : nil }
      let walk = try disk.walk(scratch("r"))
      #expect(walk.files.count == 1 && walk.leftOut == [LeftOut(gone, .vanished)])
    }
  }

  @Test func aFolderMayBeLeftOutWhole() throws {
    for name in ["r/a", "r/archive/_state/x", "r/archive/part", "r/b/c"] { try scratch.write(name) }
    func reason(_ folder: String, _ names: [String]) throws(DiskError) -> LeftOut.Reason? {
      names.contains("_state") ? .archive : nil
    }
    let walk = try disk.walk(scratch("r"), isLeftOut: reason)
    #expect(walk.files == ["r/a", "r/b/c"].map(scratch.callAsFunction))
    #expect(walk.leftOut == [LeftOut(scratch("r/archive"), .archive)])
    #expect(try disk.walk(scratch("r/archive"), isLeftOut: reason).files.count == 1)
  }

  @Test func whatCannotBeReadIsAnError() throws {
    try scratch.write("r/a")
    #expect(throws: DiskError(.list, scratch("no"), ENOENT)) { try disk.walk(scratch("no")) }
    let path = scratch("r/a")
    let closed = Disk { call, name in call == .stat && name == path ? .fail(EACCES) : nil }
    #expect(throws: DiskError(.stat, path, EACCES)) { try closed.walk(scratch("r")) }
  }
}
