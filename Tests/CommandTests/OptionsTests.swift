import Archive
import Bytes
import Codec
import CommandLine
import JSONText
import Pipeline
import Report
import Search
import Settings
import Testing
import Trail

@testable import trailmill

/// What the commands make of their options, and what they say of those that do not fit together.
@Suite struct OptionsTests {
  private func options<C: Command>(_ command: C.Type, _ words: [String]) throws -> C.Options {
    try C.Options(
      CommandArguments(parsing: words, for: command.syntax, of: Commands.program))
  }

  private func message<C: Command>(_ command: C.Type, _ words: [String]) -> String {
    do {
      _ = try options(command, words)
      return "fits"
    } catch {
      return "\(error)"
    }
  }

  @Test func everyCommandTakesWhatItNeedsAtLeast() throws {
    _ = try options(RunCommand.self, ["d"])
    _ = try options(CheckCommand.self, ["d"])
    _ = try options(ExplainCommand.self, ["d"])
    _ = try options(StagesCommand.self, [])
    _ = try options(SearchCommand.self, ["a"])
    _ = try options(TrailCommand.self, ["a", "jane"])
    _ = try options(ReportCommand.self, ["a"])
    _ = try options(LogCommand.self, ["a"])
    _ = try options(IndexCommand.self, ["a"])
    _ = try options(VerifyCommand.self, ["a"])
    _ = try options(ProveCommand.self, ["a", "--where", "/id=1"])
    _ = try options(FilesCommand.self, ["a"])
    _ = try options(SchemaCommand.self, ["a", "--for", "duckdb"])
    _ = try options(RetryCommand.self, ["d", "a"])
    _ = try options(CompactCommand.self, ["a"])
    _ = try options(ExpireCommand.self, ["a", "--before", "2024-01-31"])
    _ = try options(HoldCommand.self, ["a"])
    _ = try options(KeysLearnCommand.self, ["a"])
    _ = try options(KeysShowCommand.self, ["k"])
    _ = try options(KeysGenerateSigningCommand.self, ["f"])
    _ = try options(HelpCommand.self, [])
    _ = try options(CompletionsCommand.self, ["bash"])
  }

  @Test func aRunIsReadIntoValues() throws {
    let plain = try options(RunCommand.self, ["d"])
    #expect(plain.definition.file == "d" && plain.inputs.isEmpty && plain.output == nil)
    #expect(plain.summary == .text && plain.progress == .auto && plain.threads >= 1)
    #expect(!plain.isDryRun && plain.mode == .add)
    let words = """
      d x y --output - --compression zlib:9 --set a=1 --set a=2 --since 2024-01-31 --replace
      --reason why --signals fd:3 --threads 3 --dry-run --progress never --summary json
      """
    let run = try options(
      RunCommand.self, words.split(whereSeparator: \.isWhitespace).map(String.init))
    #expect(
      run.inputs == ["x", "y"] && run.output == "-" && run.definition.variables == ["a": "2"])
    #expect(run.compression?.format == .zlib && run.compression?.level == 9)
    let since = Timestamp(microseconds: 1_706_659_200_000_000)
    #expect(run.window == TimeWindow(since: since))
    #expect(run.mode == .replace && run.isDryRun && run.threads == 3)
    #expect(try options(RunCommand.self, ["d", "--again"]).mode == .again)
    #expect(run.reason == "why" && run.signals == "fd:3")
    #expect(run.progress == .never && run.summary == .json)
  }

  @Test(arguments: ["gzip:10", "gzip:", "gzip:1:2", "zstd:0", "zstd:20", "zst", ""])
  func compressionsThatAreNone(_ text: String) {
    #expect(
      message(RunCommand.self, ["d", "--compression", text])
        == "--compression must be gzip, zstd, zlib or none, with a level such as gzip:9 or zstd:3, "
        + "found \"\(text)\"")
  }

  @Test(arguments: [
    (["--output", ""], "--output needs a path or \"-\""),
    (
      ["--since", "2024-01-31", "--until", "2024-01-31"],
      "--until must be later than --since"
    ),
    (["--since", "2024-01-31", "--until", "2024-01-31T00:00:00.000001Z"], "fits"),
    (["--replace", "--again"], "--replace and --again exclude each other"),
    (["--set", "=1"], "--set needs NAME=VALUE, found \"=1\""),
  ])
  func runsThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(RunCommand.self, ["d"] + words) == expected)
  }

  @Test func aSearchIsReadIntoAQuestion() throws {
    let plain = try options(SearchCommand.self, ["a"])
    #expect(plain.usesIndex && !plain.explains && !plain.counts && plain.limit == .max)
    let search = try options(
      SearchCommand.self,
      [
        "a", "--actor", "ja*", "--ip", "10.0.0.0/8", "--where", "/a\\=b=c=d", "--until",
        "2024-01-31", "--limit", "3", "--no-index", "--explain", "--format", "csv",
      ])
    #expect(
      search.query.description
        == "actor ja*, ip 10.0.0.0/8, where /a=b=c=d, until 2024-01-31T00:00:00Z")
    #expect(search.limit == 3 && !search.usesIndex && search.explains && search.format == .csv)
    let counted = try options(SearchCommand.self, ["a", "--where", "/x=1", "--count-by", "/y"])
    #expect(counted.counts && counted.query.pointers.map(\.description) == ["/x", "/y"])
    #expect(
      try options(SearchCommand.self, ["a", "--count-by", "ip"]).countedField == .field(.address))
    #expect(try options(SearchCommand.self, ["a", "--count"]).counts)
    #expect(plain.order == .oldestFirst)
    #expect(try options(SearchCommand.self, ["a", "--reverse"]).order == .newestFirst)
    let without = [
      "a", "--actor", "!bot*", "--ip", "!10.0.0.0/8", "--where", "/a=!b", "--action", "\\!x",
    ]
    #expect(
      try options(SearchCommand.self, without).query.description
        == "not actor bot*, action \\!x, not ip 10.0.0.0/8, not where /a=b")
  }

  @Test(arguments: [
    ("300.1.1.1", "is no address"), ("!300.1.1.1", "is no address"), ("1.2.3", "is no address"),
    ("2001:db8::12345", "is no address"), ("300.1.1.1/8", "is no address"),
    ("10.0.0.0/33", "is no block: behind the \"/\" stands a number from 0 to 32"),
    ("10.0.0.0/", "is no block: behind the \"/\" stands a number from 0 to 32"),
    ("2001:db8::/129", "is no block: behind the \"/\" stands a number from 0 to 128"),
    ("::g", "is no address"), ("2001:db8::g", "is no address"), ("g::1", "is no address"),
    ("2001:db8::1 ", "is no address"), ("[2001:db8::1", "is no address"),
    ("10.0.0.x", "is no address"), ("10.x.x.x", "is no address"), ("10.0.0.xx", "is no address"),
    ("[10.0.0.1", "is no address"), ("10.0.0.1 /8", "is no address"),
    (" 10.0.0.1", "is no address"), ("10.0.0.1,", "is no address"),
    ("\"10.0.0.1\"", "is no address"),
    ("10.0.0.1-10.0.0.9", "is no address"), ("10.0.0.1, 10.0.0.2", "is no address"),
    ("10.0.0.0/255.0.0.0", "is no block: behind the \"/\" stands a number from 0 to 32"),
    ("10/8", "is no address"), ("10.0.0.1:x", "is no address"),
  ])
  func addressesThatAreNone(_ text: String, _ what: String) {
    let shown = text.hasPrefix("!") ? String(text.dropFirst()) : text
    #expect(
      message(SearchCommand.self, ["a", "--ip", text])
        == "--ip: \"\(shown)\" \(what): give an address such as 203.0.113.7 or 2001:db8::7, a block such as "
        + "10.0.0.0/8, or a pattern such as 10.1.*")
  }

  /// Some vendors write names of services where others have addresses.
  @Test(arguments: [
    "10.0.0.1", "10.0.0.0/8", "::/0", "2001:db8::7", "10.1.*", "s3.amazonaws.com", "AWS Internal",
    "cafe.ace", "", "!10.*", "a/b", "10.0.0.1.nip.io", "1.0.0.10.in-addr.arpa", "3.example.com",
    "ip-10-0-0-1.ec2.internal", "host:80", "arn:aws:iam::123456789012:root", "3 machines",
    "10.0.0.?",
  ])
  func addressesAndWhatMayStandForThem(_ text: String) {
    #expect(message(SearchCommand.self, ["a", "--ip", text]) == "fits")
  }

  @Test(arguments: [
    (["--where", "id=1"], "--where needs /POINTER=VALUE, found \"id=1\""),
    (["--where", "/id"], "--where needs /POINTER=VALUE, found \"/id\""),
    (["--where", ""], "--where needs /POINTER=VALUE, found \"\""),
    (
      ["--count-by", "color"],
      "--count-by must be one of actor, key, action, resource, ip, account, signal, candidate, kind, "
        + "from, match, day, hour, or a JSON Pointer, found \"color\""
    ),
    (["--format", "xml"], "--format must be one of ndjson, table, csv, found \"xml\""),
    (["--count", "--reverse"], "--reverse means nothing with --count: leave it out"),
    (["--count", "--limit", "2"], "--limit means nothing with --count: leave it out"),
    (["--count", "--format", "csv"], "--format means nothing with --count: leave it out"),
    (["--count", "--count-by", "day"], "--count-by means nothing with --count: leave it out"),
    (["--count-by", "day", "--format", "csv", "--limit", "2"], "fits"),
    (["--count-by", "day", "--reverse"], "fits"), (["--since", "2 weeks ago"], "fits"),
    (["--threads", "257"], "--threads must be a number from 1 to 256, found \"257\""),
  ])
  func searchesThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(SearchCommand.self, ["a"] + words) == expected)
  }

  /// What other languages write as one operator would find nothing, and say nothing.
  @Test(arguments: [
    (
      "/a!=b",
      "asks for a member whose name ends in \"!\": write /a=!b for \"not\", or \\!= for that"
    ),
    (
      "/a<=1",
      "compares, which a filter does not: write /a=1, or \\<= for a member whose name ends so"
    ),
    (
      "/a >=1",
      "compares, which a filter does not: write /a=1, or \\>= for a member whose name ends so"
    ),
    (
      "/a = b",
      "asks for a member whose name ends in a blank: write /a=b, or \"\\ =\" for that"
    ),
    ("/a==b", "asks for a value that begins with \"=\": write /a=b, or =\\= for that"),
  ])
  func operatorsThatAreNone(_ text: String, _ fault: String) {
    #expect(message(SearchCommand.self, ["a", "--where", text]) == "--where: \"\(text)\" \(fault)")
    #expect(message(ProveCommand.self, ["a", "--where", text]) == "--where: \"\(text)\" \(fault)")
  }

  @Test(arguments: [
    (#"/a\!=b"#, "where /a!=b"), (#"/a=!b"#, "not where /a=b"), (#"/a\\!=b"#, #"where /a\!=b"#),
    (#"/a!b=c"#, "where /a!b=c"), (#"/a\>=1"#, "where /a>=1"), (#"/a\ =b"#, "where /a =b"),
    (#"/a=\=b"#, #"where /a=\=b"#), (#"/a\!b=c"#, #"where /a\!b=c"#),
  ])
  func whatBelongsToAPointerIsWrittenWithABackslash(_ text: String, _ question: String) throws {
    #expect(try options(SearchCommand.self, ["a", "--where", text]).query.description == question)
  }

  @Test(arguments: [
    (
      "2026-11-20T13:00:01.1234565Z",
      "is finer than a microsecond, to which times are kept: give at most six digits of a second"
    ),
    (
      "1M",
      "is no time: \"M\" is no unit (m are minutes): for months and years give a date such as 2024-01, or "
        + "days such as 30d"
    ),
    (
      "1mo",
      "is no time: \"mo\" is no unit (m are minutes): for months and years give a date such as 2024-01, or "
        + "days such as 30d"
    ),
    ("1D12h", "is no time: \"D\" is no unit (m are minutes): did you mean \"1d12h\"?"),
    ("2 W ago", "is no time: \"W\" is no unit (m are minutes): did you mean \"2 w ago\"?"),
    ("yesteday", "is no time: did you mean \"yesterday\"?"),
  ])
  func timesThatAreNone(_ text: String, _ fault: String) {
    for option in ["--since", "--until"] {
      #expect(
        message(SearchCommand.self, ["a", option, text]) == "\(option): \"\(text)\" \(fault)")
    }
    #expect(
      message(ExpireCommand.self, ["a", "--before", text]) == "--before: \"\(text)\" \(fault)")
    #expect(
      message(KeysShowCommand.self, ["k", "--at", text]) == "--at: \"\(text)\" \(fault)")
  }

  @Test func pointersThatAreNoneNameTheOption() {
    #expect(message(SearchCommand.self, ["a", "--where", "/~2=1"]).hasPrefix("--where: "))
    #expect(message(SearchCommand.self, ["a", "--count-by", "/~2"]).hasPrefix("--count-by: "))
  }

  @Test func aReportEmbedsDetailsOnlyInAPage() throws {
    #expect(try options(ReportCommand.self, ["a"]).limits.detailBudget == 0)
    #expect(
      try options(ReportCommand.self, ["a", "--detail-budget", "2MB"]).limits.detailBudget == 0)
    #expect(try options(ReportCommand.self, ["a", "-o", "x"]).limits.detailBudget > 1_000_000)
    let words = ["a", "-o", "x", "--detail-budget", "2MB"]
    #expect(try options(ReportCommand.self, words).limits.detailBudget == 2_000_000)
  }

  @Test(arguments: [
    (["--output="], "--output needs a path or \"-\""), (["-o", "-"], "fits"),
    (["--head", "00"], "--head means nothing without --verify"),
    (["--verify", "--head", "00"], "--head must be 64 hexadecimal digits, found \"00\""),
    (
      ["--detail-budget", "501MB"],
      "--detail-budget must be a size up to 500MB such as 2MB, found \"501MB\""
    ), (["--detail-budget", "500MB"], "fits"),
  ])
  func reportsThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(ReportCommand.self, ["a"] + words) == expected)
  }

  @Test(arguments: [
    ([], "an argument is missing: name an archive, or give --proof FILE"),
    (["a", "--proof", "p"], "--proof needs no archive: leave one of them out"),
    (["--proof", "p", "--quick"], "--quick means nothing with --proof: leave it out"),
    (["--proof", "p", "--threads", "1"], "--threads means nothing with --proof: leave it out"),
    (["--proof", "p"], "fits"),
    (["a", "--signatures"], "--signatures and --secret-env go together: give both or none"),
    (["a", "--secret-env", "X"], "--signatures and --secret-env go together: give both or none"),
    (["a", "--format", "xml"], "--format must be one of text, json, found \"xml\""),
    (["a", "--witness="], "--witness needs a path"),
    (["--proof", "p", "--witness", "w"], "--witness means nothing with --proof: leave it out"),
    (
      ["a", "--signing-from", String(repeating: "0", count: 64)],
      "--signing-from needs --public-key: it says where signing begins"
    ), (["a", "--signing-from", "1"], "--signing-from must be 64 hexadecimal digits, found \"1\""),
  ])
  func verificationsThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(VerifyCommand.self, words) == expected)
  }

  @Test func maintenanceIsReadIntoValues() throws {
    let plain = try options(CompactCommand.self, ["a"])
    #expect(
      plain.partSize == 128 << 20 && plain.compression == .kept(level: nil)
        && plain.grace == .days(1))
    #expect(plain.maintenance.signing.key == nil && !plain.isDryRun)
    let words = ["a", "--part-size", "1KiB", "--level", "0", "--grace", "0s", "--dry-run"]
    let compact = try options(CompactCommand.self, words)
    #expect(compact.partSize == 1024 && compact.compression == .kept(level: 0) && compact.isDryRun)
    #expect(compact.grace == .days(0))
    let zstd = try options(CompactCommand.self, ["a", "--compression", "zstd"])
    #expect(zstd.compression == .changed(Compression(format: .zstd, level: 3)))
  }

  @Test(arguments: [
    (
      ["--compression", "zlib"],
      "--compression must be gzip, zstd or none, with a level such as gzip:9 or zstd:3, found \"zlib\""
    ),
    (
      ["--compression", "zstd", "--level", "3"],
      "--level and --compression exclude each other: write FORMAT:LEVEL"
    ), (["--level", "20"], "--level must be a number from 0 to 19, found \"20\""),
  ])
  func formatsThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(CompactCommand.self, ["a"] + words) == expected)
  }

  @Test(arguments: [
    (["--part-size", "1023"], "--part-size must be a size such as 64MiB, found \"1023\""),
    (["--grace", "x"], "--grace must be a duration such as 12h or 7d, found \"x\""),
    (["--grace", "1M"], "--grace must be a duration such as 12h or 7d, found \"1M\""),
    (["--grace", "1D"], "--grace must be a duration such as 12h or 7d, found \"1D\""),
    (
      ["--signing-from", String(repeating: "0", count: 64)],
      "--signing-from needs --signing-key: it says where signing begins"
    ),
  ])
  func compactionsThatAreAskedForWrongly(_ words: [String], _ expected: String) {
    #expect(message(CompactCommand.self, ["a"] + words) == expected)
  }

  @Test func commandsSayWhatIsMissing() {
    #expect(
      message(ExpireCommand.self, ["a"])
        == "--before is missing: name the time of which nothing older has to be kept")
    #expect(
      message(ProveCommand.self, ["a"]) == "no event is named: give --where POINTER=VALUE")
    #expect(message(TrailCommand.self, ["a", ""]) == "the actor or key is empty: name one")
    #expect(
      message(HoldCommand.self, ["a", ""]) == "the name of a hold must have 1 to 256 bytes")
    let long = String(repeating: "é", count: 129)
    #expect(
      message(HoldCommand.self, ["a", long]) == "the name of a hold must have 1 to 256 bytes")
    #expect(message(HoldCommand.self, ["a", String(repeating: "é", count: 128)]) == "fits")
  }

  @Test(arguments: [
    (["--set", "a=1"], "--set is for a --definition"),
    (
      ["--dialect", "coder", "--definition", "d"],
      "--dialect and --definition both say whose events these are: give one"
    ), (["--definition", "d", "--set", "a=1"], "fits"), (["--dialect", "coder"], "fits"),
  ])
  func keysAreLearnedFromADialectOrADefinition(_ words: [String], _ expected: String) {
    #expect(message(KeysLearnCommand.self, ["a"] + words) == expected)
  }

  @Test(arguments: [
    ([], "an argument is missing: name a file, or give --public FILE"),
    (["-"], "a private key is not shown: name a file to write it to"),
    (["f", "--public", "k"], "--public makes no key: give FILE or --public FILE"),
    (["--public", "k"], "fits"),
  ])
  func aSigningKeyIsMadeOrShown(_ words: [String], _ expected: String) {
    #expect(message(KeysGenerateSigningCommand.self, words) == expected)
  }

  @Test func theLastCommandsExplainTheirWords() {
    #expect(
      message(CompletionsCommand.self, ["tcsh"])
        == "the shell must be one of bash, zsh, fish, found \"tcsh\"")
    #expect(
      message(HelpCommand.self, ["run", "--man"])
        == "--man is about all commands: leave the name out")
    #expect(
      message(StagesCommand.self, ["--format", "html"])
        == "--format must be one of text, markdown, found \"html\"")
    #expect(
      message(ExplainCommand.self, ["d", "--limit", "0"]).hasPrefix("--limit must be a number"))
  }
}
