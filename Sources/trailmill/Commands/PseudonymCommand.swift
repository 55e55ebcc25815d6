internal import Bytes
internal import CommandLine
internal import Crypto
internal import Definition
internal import Disk
internal import Settings
internal import Stages
internal import Terminal
internal import Trail

/// `trailmill pseudonym`: what a claim is called where it is kept or shown as a pseudonym.
enum PseudonymCommand: Command {
  /// Bytes that are read of standard input: 64 MiB.
  private static let mostInput = 64 << 20

  private static let definition = Option(
    "definition", .file(), "take the secret that this definition names")
  private static let claim = Option(
    "claim", .text("NAME"), "of this claim, where the definition has several secrets")
  private static let secret = Option(
    "secret-env", .text("NAME"), "take the secret from this environment variable")

  static let syntax = CommandSyntax(
    name: "pseudonym", arguments: "VALUE|-", count: 1...1, completions: [.nothing],
    summary: "compute the pseudonym of a value, to search for it",
    details: [
      """
      Claims can be kept or shown as pseudonyms (as: "hmac"). This prints that of VALUE, or with - one for
      each line of standard input, where it is in no list of processes. The secret comes from the
      environment or from a file, as the definition says, or from the variable of --secret-env; it is
      never printed. Every byte of VALUE counts: letter case, blanks, and how accents are written.
      """
    ],
    options: [definition, DefinitionOptions.set, claim, secret])

  struct Options: CommandOptions {
    enum Source {
      case variable(String)
      case definition(DefinitionOptions, claim: String?)
    }

    let value: String
    let source: Source

    init(_ arguments: CommandArguments) throws {
      value = arguments.operands[0]
      let claim = try arguments.value(PseudonymCommand.claim)
      switch (try arguments.value(definition), try arguments.value(secret)) {
      case (let file?, nil):
        source = .definition(try DefinitionOptions(file, arguments), claim: claim)
      case (nil, let name?):
        guard claim == nil, !arguments.has(DefinitionOptions.set) else {
          throw UsageError("--claim and --set are for a --definition")
        }
        source = .variable(name)
      case (nil, nil):
        throw UsageError("where is the secret? give --definition FILE or --secret-env NAME")
      default:
        throw UsageError("--definition and --secret-env both say where the secret is: give one")
      }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let key = try key(options.source, disk)
    let output = OutputBuffer()
    for value in options.value == "-" ? try lines(disk) : [Array(options.value.utf8)] {
      var text = ByteBuffer(capacity: 80)
      value.withUnsafeBufferPointer { Pseudonym.append(textOf: $0, key: key, to: &text) }
      try output.append(String(decoding: text.view, as: UTF8.self) + "\n")
    }
    try output.flush()
    return .success
  }

  private static func key(_ source: Options.Source, _ disk: Disk) throws -> HMACKey {
    let environment = Process.environment
    switch source {
    case .variable(let name):
      guard let secret = environment[name] else {
        throw UsageError(
          "--secret-env names a variable that is not set: give its name, not the secret")
      }
      if let fault = SecretSource.fault(ofVariable: secret) {
        throw UsageError("--secret-env names a variable that \(fault)")
      }
      return try Array(secret.utf8).withUnsafeBufferPointer {
        try HMACKey(secret: $0, hash: .sha256)
      }
    case .definition(let file, let claim):
      let definition = try file.load(disk, environment: environment)
      let keys = try definition.stages.filter { $0.name == DisplayActor.manual.name }.flatMap {
        try PseudonymKeys.read($0.value, disk: disk, environment: environment)
      }
      return try chosen(keys, claim)
    }
  }

  /// The one key that there is, of `claim` if that is given.
  private static func chosen(
    _ keys: [(claim: String, key: HMACKey)], _ claim: String?
  ) throws -> HMACKey {
    let fitting = keys.filter { key in claim.map { key.claim == $0 } ?? true }
    guard let first = fitting.first else {
      throw UsageError(
        keys.isEmpty
          ? "the definition makes no pseudonyms: none of \"retain\" and \"show\" has as: \"hmac\""
          : "no pseudonym is made of the claim \(claim ?? ""): there are "
            + keys.map(\.claim).joined(separator: ", "))
    }
    // Two secrets are one if they make the same of the same.
    let isOne = fitting.allSatisfy { tag($0.key) == tag(first.key) }
    guard isOne else {
      throw UsageError(
        "the definition has several secrets: give --claim, one of "
          + fitting.map(\.claim).joined(separator: ", "))
    }
    return first.key
  }

  private static func tag(_ key: HMACKey) -> [UInt8] {
    Array("which".utf8).withUnsafeBufferPointer { key.authenticate($0) }
  }

  /// The lines of standard input; a line end before its end is none of the value.
  private static func lines(_ disk: Disk) throws -> [[UInt8]] {
    var text = ByteBuffer()
    let input = disk.standardInput
    while text.count <= mostInput, try input.read(into: &text, upTo: 1 << 16) > 0 {}
    guard text.count <= mostInput else {
      throw UsageError(
        "standard input exceeds \(Figures.size(mostInput)) (max_input): give fewer lines")
    }
    var lines = text.view.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      Array(line.last == 0x0D ? line.dropLast() : line)
    }
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }
}
