internal import Pipeline
internal import CommandLine
internal import Crypto
internal import Disk
internal import Settings
internal import Terminal

/// `trailmill keys generate-signing`: a key that signs, and what others know it by.
enum KeysGenerateSigningCommand: Command {
  private static let known = Option(
    "public", .file(), "make nothing; say the public key of a private or public one")

  static let syntax = CommandSyntax(
    name: "keys generate-signing", arguments: "[FILE]", count: 0...1, completions: [.files],
    summary: "make a key that signs (Ed25519)",
    details: [
      """
      Writes the private key to FILE, which only its owner may read, and the public key to FILE.pub,
      both as PEM, and says the public key as 64 hexadecimal digits on standard output. A file that
      exists is never overwritten. The private key is not encrypted.
      """
    ],
    options: [known])

  enum Options: CommandOptions {
    /// A key is made and written to this file.
    case generate(String)
    /// The public key of this file is said.
    case show(String)

    init(_ arguments: CommandArguments) throws {
      switch (arguments.operands.first, try arguments.value(known)) {
      case (nil, let known?): self = .show(known)
      case ("-", nil):
        throw UsageError("a private key is not shown: name a file to write it to")
      case (let file?, nil): self = .generate(file)
      case (nil, nil):
        throw UsageError("an argument is missing: name a file, or give --public FILE")
      default: throw UsageError("--public makes no key: give FILE or --public FILE")
      }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let key =
      switch options {
      case .generate(let path): try generate(path, disk)
      case .show(let path): try PublicKey.readFile(path, disk)
      }
    try Console.output(key.hex + "\n")
    return .success
  }

  /// Makes a key and its two files, or leaves neither.
  private static func generate(_ path: String, _ disk: Disk) throws -> VerifyingKey {
    try OutputPlace.check(file: path, disk)
    let key = try SigningKey.generate()
    var made: [String] = []
    do {
      for (path, contents, mode) in [
        (path, key.pem, 0o600 as UInt32), (path + ".pub", key.publicKey.pem, 0o644),
      ] {
        let file = try disk.createExclusive(path, mode: mode)
        made.append(path)
        try contents.withUnsafeBufferPointer { bytes throws(DiskError) in
          try file.write(all: bytes)
        }
        try file.sync()
        try file.close()
      }
      try disk.syncDirectory(parent(of: path))
    } catch {
      for path in made { _ = try? disk.removeIfPresent(path) }
      guard error.operation == .create, error.isExisting else { throw error }
      throw UsageError("the file exists, and is left as it is: \(error.path): choose another name")
    }
    return key.publicKey
  }
}
