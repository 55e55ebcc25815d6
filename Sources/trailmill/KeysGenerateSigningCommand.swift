internal import Crypto
internal import Bytes
internal import Disk
internal import Settings

/// `trailmill keys generate-signing`: a key that signs, and what others know it by.
enum KeysGenerateSigningCommand: Command {
  static let syntax = CommandSyntax(
    name: "keys generate-signing", arguments: "[FILE]", count: 0...1,
    summary: "make a key that signs (Ed25519)",
    details: [
      """
      Writes the private key to FILE, which only its owner may read, and the public key to FILE.pub,
      both as PEM, and says the public key as 64 hexadecimal digits on standard output. A file that
      exists is never overwritten. The private key is not encrypted.
      """
    ],
    options: [
      OptionSyntax(
        name: "public", value: "FILE",
        summary: "make nothing; say the public key of a private or public one")
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let disk = Disk()
    let file = arguments.arguments.first
    let key: VerifyingKey
    switch (file, arguments.value("public")) {
    case (nil, let known?): key = try read(known, disk)
    case (let file?, nil):
      guard file != "-" else {
        throw UsageError("a private key is not shown: name a file to write it to")
      }
      key = try generate(file, disk)
    case (nil, nil): throw UsageError("an argument is missing: name a file, or give --public FILE")
    default: throw UsageError("--public makes no key: give FILE or --public FILE")
    }
    try Console.output(key.hex + "\n")
    return .success
  }

  /// The public key that a file holds, or the public half of the private one.
  static func read(_ path: String, _ disk: Disk) throws -> VerifyingKey {
    var text = ByteBuffer()
    do {
      let file = try disk.open(path)
      while text.count <= SigningKey.longestFile, try file.read(into: &text, upTo: 1 << 12) > 0 {}
    } catch {
      throw UsageError("\(error): name a key file")
    }
    do {
      return try VerifyingKey(publicOrPrivatePEM: text.view)
    } catch {
      guard error.kind == .setting else { throw error }
      throw UsageError("\(path): \(error)")
    }
  }

  /// Makes a key and its two files, or leaves neither.
  private static func generate(_ path: String, _ disk: Disk) throws -> VerifyingKey {
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
      remove(made, disk)
      guard error.operation == .create, error.isExisting else { throw error }
      throw UsageError("the file exists, and is left as it is: \(error.path): choose another name")
    }
    return key.publicKey
  }

  private static func remove(_ made: [String], _ disk: Disk) {
    for path in made { _ = try? disk.removeIfPresent(path) }
  }
}
