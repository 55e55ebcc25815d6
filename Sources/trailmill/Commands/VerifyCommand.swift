internal import Bytes
internal import CommandLine
internal import Crypto
internal import Disk
internal import History
internal import Settings
internal import Terminal
internal import Verify

/// `trailmill verify`: is the archive what its history says?
enum VerifyCommand: Command {
  private static let proof = Option("proof", .file(), "check this proof; \"-\" is standard input")
  private static let head = Option(
    "head", .digest, "the head of this archive, now or at some time before")
  private static let publicKey = Option(
    "public-key", .file("HEX|FILE"),
    "every commit must be signed by this key, or by one that it vouches for")
  private static let signingFrom = Option(
    "signing-from", .digest, "signing begins behind the commit with this head; needs --public-key")
  private static let witness = Option(
    "witness", .folder, "hold the archive against the files of its witness")
  private static let since = Option(
    "since", .time, "read the contents of files only of commits from this time on")
  private static let quick = Flag(
    "quick", "read manifests only, and compare the sizes of the rest")
  private static let signatures = Flag(
    "signatures", "check the signatures of archived deliveries again; needs --secret-env")
  private static let secret = Option(
    "secret-env", .text("NAME"), repeats: true,
    "the environment variable with a secret that signed them")
  private static let format = Option("format", .choice(ReportForm.self), "default: text")

  static let syntax = CommandSyntax(
    name: "verify", arguments: "ARCHIVE|--proof FILE", count: 0...1, completions: [.folders],
    summary: "compare an archive with its history, down to the last byte",
    details: [
      """
      Reports every file that is missing, altered, truncated, added, moved or swapped, every manifest
      that does not fit those around it, and every signature that does not fit. Ends with 5 if there
      is anything to report. Takes no lock and writes nothing.
      """,
      """
      An archive that was made anew from its beginning, or cut at its end, is without fault in itself.
      With --public-key every commit that no signature covers is reported: a signature tells that nobody
      without the key made or altered a commit. It does not tell that the newest commits are missing. A head
      that was kept elsewhere does (--head), and so does a witness (--witness): a folder elsewhere to which
      every commit adds a small file, which those who write to the archive cannot take away.
      """,
      """
      With --proof the proof of one event is checked, which "trailmill prove" wrote: without the archive,
      against the head and the key that are given. The event goes to standard output, what it was
      proven against to standard error. Ends with 5 if the proof does not hold.
      """,
    ],
    options: [
      proof, head, publicKey, signingFrom, witness, since, quick, signatures, secret, format,
      SharedOptions.threads,
    ],
    endsWith: [.verification])

  struct Options: CommandOptions {
    /// What is verified.
    enum Subject {
      case archive(String)
      case proof(String)
    }

    let subject: Subject
    let head: Digest256?
    let publicKey: String?
    let signingFrom: Digest256?
    let witness: String?
    let since: Timestamp?
    let isQuick: Bool
    /// Environment variables with the secrets that signed deliveries; none to leave these unchecked.
    let secrets: [String]
    let form: ReportForm
    let threads: Int

    init(_ arguments: CommandArguments) throws {
      subject = try Options.subject(arguments)
      form = try arguments.value(format) ?? .text
      head = try arguments.value(VerifyCommand.head)
      publicKey = try arguments.value(VerifyCommand.publicKey)
      signingFrom = try arguments.value(VerifyCommand.signingFrom)
      witness = try arguments.value(VerifyCommand.witness)
      since = try arguments.value(VerifyCommand.since)
      isQuick = arguments.has(quick)
      threads = try arguments.threads
      secrets = try arguments.values(secret)
      if case .proof = subject { return }
      guard signingFrom == nil || publicKey != nil else {
        throw UsageError("--signing-from needs --public-key: it says where signing begins")
      }
      guard arguments.has(signatures) != secrets.isEmpty else {
        throw UsageError("--signatures and --secret-env go together: give both or none")
      }
    }

    private static func subject(_ arguments: CommandArguments) throws(UsageError) -> Subject {
      if let file = try arguments.value(proof) {
        guard arguments.operands.isEmpty else {
          throw UsageError("--proof needs no archive: leave one of them out")
        }
        let others: [any AnyOption] = [
          VerifyCommand.signingFrom, VerifyCommand.witness, VerifyCommand.since, quick, format,
          SharedOptions.threads,
        ]
        for option in others where arguments.has(option) {
          throw UsageError("--\(option.syntax.name) means nothing with --proof: leave it out")
        }
        return .proof(file)
      }
      guard let archive = arguments.operands.first else {
        throw UsageError("an argument is missing: name an archive, or give --proof FILE")
      }
      return .archive(archive)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    switch options.subject {
    case .proof(let file):
      try ProofCheck(file: file, head: options.head, publicKey: options.publicKey).run()
    case .archive(let path): try verify(path, options)
    }
  }

  private static func verify(_ path: String, _ options: Options) throws -> ExitCode {
    let key = try options.publicKey.map { try PublicKey.read($0, Disk()).hex }
    let signatures =
      options.secrets.isEmpty
      ? nil
      : try DeliverySignatures(variables: options.secrets, environment: Process.environment)
    var report = try report(path, options, publicKey: key)
    try signatures?.check(
      path, threads: options.threads, isWhole: !options.isQuick && options.since == nil, &report)
    let text = VerificationText(options.form)
    for finding in report.findings { try Console.output(json: text.finding(finding)) }
    for kind in VerificationFinding.Kind.allCases {
      guard let more = report.more[kind] else { continue }
      try Console.output(json: text.more(kind, more))
    }
    try Console.output(json: text.end(report))
    return report.count == 0 ? .success : .verification
  }

  /// What the verification comes to. An archive that is not there is a mistake on the command line.
  private static func report(
    _ path: String, _ options: Options, publicKey: String?
  ) throws -> VerificationReport {
    var settings = VerificationOptions(verifiesSignature: PublicKey.verifies)
    settings.head = options.head
    settings.publicKey = publicKey
    settings.since = options.since
    settings.isQuick = options.isQuick
    settings.threads = options.threads
    settings.signingFrom = options.signingFrom
    // Before the archive: a commit that is made meanwhile has no file here, and is not missed.
    settings.witness = try options.witness.map { try WitnessFolder(disk: Disk(), path: $0) }
    do {
      var verification = try Verification(disk: Disk(), path: path, options: settings)
      return try verification.run()
    } catch {
      guard error.kind == .missing else { throw error }
      throw UsageError(error.description)
    }
  }
}
