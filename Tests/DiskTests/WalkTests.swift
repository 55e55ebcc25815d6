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

  @Test func whatCannotBeReadIsAnError() throws {
    try scratch.write("r/a")
    try scratch.link("r/broken", to: "nowhere")
    #expect(throws: DiskError(.stat, scratch("r/broken"), ENOENT)) {
      try disk.walk(scratch("r"))
    }
    #expect(throws: DiskError(.list, scratch("no"), ENOENT)) { try disk.walk(scratch("no")) }
  }
}
