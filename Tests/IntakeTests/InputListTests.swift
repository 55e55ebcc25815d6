import Disk
import Intake
import TestSupport
import Testing

/// Which files the inputs stand for, and which are none.
@Suite struct InputListTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws {
    scratch = try TemporaryFolder()
    for name in ["in/a", "in/archive/_trailmill/x", "in/archive/dt=1/part.gz", "in/z/b", "in/out"] {
      try scratch.write(name)
    }
  }

  @Test func anArchiveInAFolderIsLeftOut() throws {
    let list = try InputList([scratch("in")], disk)
    #expect(list.paths == ["in/a", "in/out", "in/z/b"].map(scratch.callAsFunction))
    #expect(list.leftOut == [LeftOut(scratch("in/archive"), .archive)])
    let matched = try InputList([scratch("in/[az]*")], disk)
    #expect(matched.paths == ["in/a", "in/z/b"].map(scratch.callAsFunction))
    #expect(matched.leftOut == [LeftOut(scratch("in/archive"), .archive)])
    // One that is asked for by its name is read.
    #expect(
      try InputList([scratch("in/archive")], disk).paths == [scratch("in/archive/dt=1/part.gz")])
  }

  @Test func noRunReadsWhatItWrites() throws {
    try scratch.link("link", to: "in/archive")
    let outputs = [scratch("link"), scratch("in/out"), scratch("none")]
    let list = try InputList([scratch("in"), scratch("in/ou?")], disk, outputs: outputs)
    #expect(list.paths == ["in/a", "in/z/b"].map(scratch.callAsFunction))
    #expect(
      list.leftOut == [
        LeftOut(scratch("in/archive"), .archive), LeftOut(scratch("in/out"), .output),
        LeftOut(scratch("in/out"), .output),
      ])
    for input in ["in/archive", "in/archive/dt=1", "in/archive/dt=1/part.gz", "link", "in/out"] {
      let error = #expect(throws: IntakeError.self) {
        try InputList([scratch(input)], disk, outputs: outputs)
      }
      #expect(error?.kind == .output, "\(input)")
    }
    // Its name alone makes a folder no output.
    try scratch.write("in/zz/_trailmill/x")
    #expect(
      try InputList([scratch("in/z")], disk, outputs: [scratch("in/zz")]).paths.count == 1)
    #expect(
      try InputList([scratch("in/zz")], disk, outputs: [scratch("in/z")]).paths.count == 0)
  }
}
