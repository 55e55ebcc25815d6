import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct PathPatternTests {
  @Test(
    arguments: [
      ("*", "abc"), ("*", ""), ("a*c", "abbc"), ("a*c", "ac"), ("*.gz", "x.gz"), ("?", "é"),
      ("a?c", "abc"), ("[abc]", "b"), ("[a-c]x", "bx"), ("[!a]", "b"), ("[^a]", "b"),
      ("[]]", "]"), ("[a-]", "-"), ("[", "["), ("[ab", "[ab"), (".*", ".a"), ("*a*b*", "xaxbx"),
      ("*ab", "aab"), ("[[]", "["), ("**", "abc"), ("", ""),
    ])
  func fits(_ pattern: String, _ name: String) { #expect(PathPattern(pattern).matches(name)) }

  @Test(
    arguments: [
      ("*", ".hidden"), ("?a", ".a"), ("[.]a", ".a"), ("a", "b"), ("a", "ab"), ("a?", "a"),
      ("[a-c]", "d"), ("[!a]", "a"), ("*.gz", "x.gz2"), ("a*b", "ac"), ("[c-a]", "b"), ("", "a"),
    ])
  func doesNotFit(_ pattern: String, _ name: String) {
    #expect(!PathPattern(pattern).matches(name))
  }

  @Test(.timeLimit(.minutes(1))) func manyRunsDoNotExplode() {
    let pattern = String(repeating: "a*", count: 40) + "b"
    #expect(!PathPattern(pattern).matches(String(repeating: "a", count: 2000)))
  }

  @Test func expandsEveryComponent() throws {
    let scratch = try TemporaryFolder()
    let disk = Disk()
    for name in ["x1/a.gz", "x1/b.txt", "x2/c.gz", "y/d.gz", ".x/e.gz", "x1/.f.gz", "x3"] {
      try scratch.write(name)
    }
    func expand(_ pattern: String) throws -> [String] {
      try disk.expand(scratch(pattern)).paths
    }
    #expect(try expand("x*/*.gz") == ["x1/a.gz", "x2/c.gz"].map(scratch.callAsFunction))
    #expect(try expand("[xy][!1]*") == ["x2", "x3"].map(scratch.callAsFunction))
    #expect(try expand("*/c.gz") == [scratch("x2/c.gz")])
    #expect(try expand("*/no*") == [])
    #expect(try expand("none/*") == [])
    #expect(try expand("none") == [scratch("none")])
    #expect(try disk.expand("no-such-name-*").paths == [])
    #expect(try disk.expand("/de*/nul[l]").paths == ["/dev/null"])
    #expect(throws: DiskError.self) { try failing(.list, EACCES).expand(scratch("*")) }
  }

  @Test func whatFitsAndCannotBeReadIsNamed() throws {
    let scratch = try TemporaryFolder()
    try scratch.write("d/a.log")
    try scratch.link("d/b.log", to: "nowhere")
    try scratch.link("d/c.log", to: "c.log")
    try scratch.link("d/d.txt", to: "nowhere")
    try makeUnreadableName(scratch("d"), ending: ".log")
    let found = try Disk().expand(scratch("d/*.log"))
    #expect(found.paths == [scratch("d/a.log")])
    #expect(
      found.leftOut == [
        LeftOut(scratch("d/caf\u{FFFD}.log"), .notText),
        LeftOut(scratch("d/b.log"), .danglingLink), LeftOut(scratch("d/c.log"), .danglingLink),
      ])
    #expect(try Disk().expand(scratch("d/*.log/x")).paths == [])
  }
}
