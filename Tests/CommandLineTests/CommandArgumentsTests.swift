import Settings
import Testing

@testable import CommandLine

@Suite struct CommandArgumentsTests {
  @Test(arguments: [
    ["f", "--threads", "2"], ["--threads=2", "f"], ["--threads", "2", "--", "f"],
  ])
  func aValueComesBehindASpaceOrAnEqualsSign(_ words: [String]) throws {
    let arguments = try Toy.parse(words)
    #expect(arguments.operands == ["f"])
    #expect(try arguments.value(Toy.threads) == 2)
  }

  @Test func whatIsNotGivenIsNil() throws {
    let arguments = try Toy.parse(["f"])
    #expect(try arguments.value(Toy.threads) == nil)
    #expect(try arguments.values(Toy.set).isEmpty)
    #expect(!arguments.has(Toy.dryRun) && !arguments.has(Toy.threads))
  }

  @Test func twoDashesEndTheOptions() throws {
    let arguments = try Toy.parse(["--dry-run", "--", "--threads", "-x"])
    #expect(arguments.operands == ["--threads", "-x"])
    #expect(arguments.has(Toy.dryRun))
  }

  @Test func aDashAloneIsAnOperandAndAValue() throws {
    let arguments = try Toy.parse(["-", "--output", "-"])
    #expect(arguments.operands == ["-"])
    #expect(try arguments.value(Toy.output) == "-")
  }

  @Test func aLetterIsTheSameOption() throws {
    #expect(try Toy.parse(["f", "-o", "x"]).value(Toy.output) == "x")
    #expect(try Toy.parse(["f", "-o=x"]).value(Toy.output) == "x")
  }

  @Test func aValueMayBeginWithADashOrHoldAnEqualsSign() throws {
    #expect(try Toy.parse(["f", "--output=--threads"]).value(Toy.output) == "--threads")
    #expect(try Toy.parse(["f", "--output", "-7d"]).value(Toy.output) == "-7d")
    #expect(try Toy.parse(["f", "--output=a=b"]).value(Toy.output) == "a=b")
  }

  @Test func someOptionsMayBeRepeated() throws {
    let arguments = try Toy.parse(["f", "--set", "a=1", "--set=b=c=d", "--set", "a="])
    #expect(
      try arguments.values(Toy.set).map { "\($0.name):\($0.value)" } == ["a:1", "b:c=d", "a:"])
  }

  @Test(arguments: ["s3://bucket/key", "gs://b", "HTTPS://x", "file:///tmp/x", "x+y-1.2://"])
  func aPathIsNoURL(_ url: String) throws {
    let what =
      "is a URL, and only files and folders of this machine are read and written: \(url): "
      + "name a path (./\(url) if a folder is called that)"
    for (words, name) in [
      ([url], "an argument"), (["f", url], "an argument"), (["f", "--", url], "an argument"),
      (["f", "--output", url], "--output"),
    ] {
      let error = #expect(throws: UsageError.self) {
        _ = try Toy.parse(words).value(Toy.output)
      }
      #expect(error?.description == "\(name) \(what)")
    }
    #expect(try Toy.parse(["./\(url)", "a://b".replacing("://", with: ":/")]).operands.count == 2)
  }

  @Test func whatIsNoPathMayBeAURL() throws {
    let arguments = try CommandArguments(
      parsing: ["https://x"], for: Toy.makeKey, of: Toy.program)
    #expect(arguments.operands == ["https://x"])
  }

  @Test(arguments: [
    (["f", "--treads", "2"], "unknown option --treads: did you mean --threads?"),
    (["f", "--halp"], "unknown option --halp: did you mean --help?"),
    (["f", "--zzzzzz"], "unknown option --zzzzzz"),
    (["f", "-x"], "unknown option -x"),
    (["f", "--threads"], "--threads needs a value: --threads N"),
    (
      ["f", "--output", "--dry-run"],
      "--output needs a value: --output PATH|- (one that begins with \"--\" is written --output=--dry-run)"
    ),
    (
      ["f", "-o", "--"],
      "--output needs a value: --output PATH|- (one that begins with \"--\" is written --output=--)"
    ),
    (["f", "--threads", "1", "--threads", "2"], "--threads is given twice"),
    (["f", "--dry-run=yes"], "--dry-run takes no value"),
    (["f", "-o", "x", "--output", "y"], "--output is given twice"),
    ([], "an argument is missing: usage: toy paint FILE [FOLDER…]"),
    (["a", "b", "c", "d"], "too many arguments: usage: toy paint FILE [FOLDER…]"),
  ])
  func aWrongCommandLineIsExplained(_ words: [String], _ message: String) {
    let error = #expect(throws: UsageError.self) { try Toy.parse(words) }
    #expect(error?.description == message)
  }
}
