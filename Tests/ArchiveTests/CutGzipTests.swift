import Archive
import Bytes
import Codec
import Disk
import History
import TestSupport
import Testing

/// A file that is shorter than it was is cut off, or was written anew: gzip tells which.
@Suite struct CutGzipTests {
  private func gzip(_ texts: [String]) throws -> [UInt8] {
    var output = ByteBuffer()
    let compressor = try Compressor(Compression())
    for text in texts {
      try Array(text.utf8).withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
    }
    return output.bytes
  }

  private func isCut(_ content: [UInt8]) throws -> Bool {
    let folder = try TemporaryFolder()
    try folder.write("file", content)
    return try ArchiveReader(disk: Disk(), root: folder.path).endsInsideMember("file", of: .gzip)
  }

  @Test func everyCutEndsInsideOfAMemberOrBehindOne() throws {
    let members = try [gzip(["one\n"]), gzip(["two\n"])]
    let whole = members[0] + members[1]
    for length in 0...whole.count {
      let endsMember = length == members[0].count || length == whole.count
      #expect(try isCut(Array(whole[..<length])) == !endsMember, "\(length) of \(whole.count)")
    }
  }

  @Test func whatWasWrittenAnewIsNotCut() throws {
    #expect(try !isCut(gzip(["other\n"])))
    #expect(try !isCut(Array("no gzip at all\n".utf8)))
  }
}
