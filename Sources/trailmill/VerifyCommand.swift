internal import Settings
internal import History
internal import Crypto
internal import Verify
internal import Bytes
internal import Disk
internal import Engine
internal import JSONText

/// `trailmill verify`: is the archive what its history says?
enum VerifyCommand: Command {
  private enum Form: String, CaseIterable { case text, json }

  static let syntax = CommandSyntax(
    name: "verify", arguments: "ARCHIVE|--proof FILE", count: 0...1,
    summary: "compare an archive with its history, down to the last byte",
    details: [
      """
      Reports every file that is missing, altered, truncated, added, moved or swapped, every manifest
      that does not fit those around it, and every signature that does not fit. Ends with 5 if there
      is anything to report. Takes no lock and writes nothing.
      """,
      """
      An archive that was made anew from its beginning, or cut at its end, is without fault in itself:
      only a head that was kept elsewhere, or a signature, tells. Give it with --head.
      """,
      """
      With --proof the proof of one event is checked, which "trailmill prove" wrote: without the archive,
      against the head and the key that are given. The event goes to standard output, what it was
      proven against to standard error. Ends with 5 if the proof does not hold.
      """,
    ],
    options: [
      OptionSyntax(
        name: "proof", value: "FILE", summary: "check this proof; \"-\" is standard input"),
      OptionSyntax(
        name: "head", value: "DIGEST",
        summary: "the head of this archive, now or at some time before"),
      OptionSyntax(
        name: "public-key", value: "HEX|FILE",
        summary: "the newest manifest must be signed by this key, or by one that follows from it"),
      OptionSyntax(
        name: "since", value: "T",
        summary: "read the contents of files only of commits from this time on"),
      OptionSyntax(
        name: "quick", summary: "read manifests only, and compare the sizes of the rest"),
      OptionSyntax(
        name: "signatures",
        summary: "check the signatures of archived deliveries again; needs --secret-env"),
      OptionSyntax(
        name: "secret-env", value: "NAME", repeats: true,
        summary: "the environment variable with a secret that signed them"),
      OptionSyntax(name: "format", value: "text|json", summary: "default: text"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    if let file = arguments.value("proof") { return try checkProof(file, arguments) }
    guard arguments.arguments.count == 1 else {
      throw UsageError("an argument is missing: name an archive, or give --proof FILE")
    }
    let form = try form(arguments)
    let options = try options(arguments)
    let signatures = try signatures(arguments)
    var report = try report(arguments.arguments[0], options)
    try signatures?.check(arguments.arguments[0], threads: options.threads, &report)
    for finding in report.findings {
      try Console.output(form == .text ? text(finding) : json(finding))
    }
    try Console.output(form == .text ? text(report) : json(report))
    return report.findings.isEmpty ? .success : .verification
  }

  private static func checkProof(
    _ file: String, _ arguments: CommandArguments
  ) throws -> ExitCode {
    guard arguments.arguments.isEmpty else {
      throw UsageError("--proof needs no archive: leave one of them out")
    }
    for option in ["since", "quick", "format", "threads"] where arguments.has(option) {
      throw UsageError("--\(option) means nothing with --proof: leave it out")
    }
    return try ProofCheck.run(
      file: file, head: arguments.value("head"), publicKey: arguments.value("public-key"))
  }

  /// What the verification comes to. An archive that is not there is a mistake on the command line.
  private static func report(
    _ path: String, _ options: VerificationOptions
  ) throws -> VerificationReport {
    do {
      var verification = try Verification(disk: Disk(), path: path, options: options)
      return try verification.run()
    } catch {
      guard error.kind == .missing else { throw error }
      throw UsageError(error.description)
    }
  }

  // MARK: Options

  private static func form(_ arguments: CommandArguments) throws(UsageError) -> Form {
    guard let text = arguments.value("format") else { return .text }
    guard let form = Form(rawValue: text) else {
      throw UsageError("--format must be one of text, json, found \"\(text)\"")
    }
    return form
  }

  private static func signatures(_ arguments: CommandArguments) throws -> DeliverySignatures? {
    let variables = arguments.values("secret-env")
    guard arguments.has("signatures") != variables.isEmpty else {
      throw UsageError("--signatures and --secret-env go together: give both or none")
    }
    guard !variables.isEmpty else { return nil }
    return try DeliverySignatures(variables: variables, environment: Process.environment)
  }

  private static func options(_ arguments: CommandArguments) throws -> VerificationOptions {
    var options = VerificationOptions { key, signature, message in
      var key = key
      return key.withUTF8 { VerifyingKey(hex: $0) }?.verifies(signature, of: message) ?? false
    }
    options.head = try arguments.value("head").map(ProofCheck.digest)
    options.publicKey = try arguments.value("public-key").map {
      try ProofCheck.verifyingKey($0, Disk()).hex
    }
    options.since = try RunOptions.time(arguments, "since")
    options.isQuick = arguments.has("quick")
    options.threads =
      try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    return options
  }

  // MARK: What is said

  private static func text(_ finding: VerificationFinding) -> String {
    Console.printable(
      "\(finding.kind.rawValue): \(finding.path): expected \(finding.expected): found \(finding.found)"
    ) + "\n"
  }

  private static func text(_ report: VerificationReport) -> String {
    let notes = report.notes.map { Console.printable("note: \($0)") + "\n" }.joined()
    let counts = [
      Maintenance.count(report.manifests, "manifest"), Maintenance.count(report.parts, "part"),
      Maintenance.count(Int(report.bytes), "byte"), Maintenance.count(report.records, "record"),
      Maintenance.count(report.findings.count, "finding"),
    ]
    return notes + counts.joined(separator: ", ") + ", head \(report.head?.hex ?? "none")\n"
  }

  private static func json(_ finding: VerificationFinding) -> String {
    var text = ByteBuffer(capacity: 256)
    let members: [(StaticString, String)] = [
      ("{\"kind\":", finding.kind.rawValue), (",\"path\":", finding.path),
      (",\"expected\":", finding.expected), (",\"found\":", finding.found),
    ]
    for (key, value) in members {
      text.append(key)
      JSONString.append(quoting: value, to: &text)
    }
    text.append("}\n")
    return String(decoding: text.view, as: UTF8.self)
  }

  private static func json(_ report: VerificationReport) -> String {
    var text = ByteBuffer(capacity: 256)
    let counts: [(StaticString, Int)] = [
      ("{\"manifests\":", report.manifests), (",\"parts\":", report.parts),
      (",\"bytes\":", Int(report.bytes)), (",\"records\":", report.records),
      (",\"findings\":", report.findings.count), (",\"unchecked\":", report.unchecked),
    ]
    for (key, value) in counts {
      text.append(key)
      text.append(decimal: value)
    }
    text.append(",\"notes\":[")
    for (number, note) in report.notes.enumerated() {
      if number > 0 { text.append(",") }
      JSONString.append(quoting: note, to: &text)
    }
    text.append("],\"head\":")
    if let head = report.head {
      JSONString.append(quoting: head.hex, to: &text)
    } else {
      text.append("null")
    }
    text.append("}\n")
    return String(decoding: text.view, as: UTF8.self)
  }
}
