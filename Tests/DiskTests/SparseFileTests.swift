import Disk
import Foundation
import TestSupport
import Testing

/// Files that take no room, whatever their length.
@Suite struct SparseFileTests {
  private static let mebibyte = 1 << 20

  private func file(_ bytes: [UInt8], lengthenedTo length: Int, _ scratch: TemporaryFolder) throws
    -> File
  {
    let path = try scratch.write("file", bytes)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: UInt64(length))
    try handle.close()
    return try Disk().open(path)
  }

  @Test(arguments: [
    (0, 0, false), (10, 10, false), (10, 1 << 40, true), (3 << 20, 3 << 20, false),
    (0, 1 << 20, true),
    (3 << 20, 5 << 20, true), (10, 1000, false),
  ])
  func aHoleIsFound(_ written: Int, _ length: Int, _ hasHole: Bool) throws {
    let scratch = try TemporaryFolder()
    let bytes = [UInt8](repeating: 7, count: written)
    let file = try file(bytes, lengthenedTo: length, scratch)
    #expect(try file.hasHoles(of: Int64(Self.mebibyte)) == hasHole)
    #expect(try file.contents(limit: 5).first == (length == 0 ? nil : written == 0 ? 0 : 7))
    try file.close()
  }

  /// Many small ones count as one.
  @Test func holesAddUp() throws {
    let scratch = try TemporaryFolder()
    let file = try file([], lengthenedTo: 64 << 20, scratch)
    try file.close()
    let handle = try FileHandle(forWritingTo: URL(filePath: file.path))
    for place in 0..<8 {
      try handle.seek(toOffset: UInt64(place * 256 << 10))
      try handle.write(contentsOf: Data(repeating: 7, count: 64 << 10))
    }
    try handle.truncate(atOffset: UInt64(8 * 256 << 10))
    try handle.close()
    let holed = try Disk().open(file.path)
    #expect(try holed.hasHoles(of: 8 * 192 << 10))
    #expect(try !holed.hasHoles(of: 8 * 192 << 10 + 1))
  }

  @Test func linesEndWhereOneIsTooLong() throws {
    let scratch = try TemporaryFolder()
    let lines = Array(String(repeating: "line\n", count: 500_000).utf8)
    let path = try scratch.write("lines", lines)
    #expect(try Disk().lines(path, limit: 1 << 30) == lines)
    #expect(try Disk().lines(path, limit: 1000).count == 1001)
    let sparse = try file(lines, lengthenedTo: 1 << 40, scratch)
    try sparse.close()
    let read = try Disk().lines(sparse.path, limit: 1 << 40)
    #expect(read.starts(with: lines) && read.count <= lines.count + 2 * Self.mebibyte)
  }
}
