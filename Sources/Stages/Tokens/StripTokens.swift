internal import Bytes
package import Engine
internal import JSONText
package import Settings
internal import Trail

/// Makes tokens and other secrets in events useless.
package enum StripTokens: StageDefinition {
  package static let manual = StageManual(
    name: "strip_tokens",
    summary: "Cuts the signatures of tokens, and other secrets, wherever they stand in an event.",
    details: [
      "A secret is known by its shape alone, in values and names of members, inside of"
        + " longer texts (`Bearer eyJ…`, a URL, JSON in a string), and behind escapes"
        + " (`\\u002e`, `%2E`), also in one another, up to eight times. Of a token with claims"
        + " the signature is cut, so that nobody can use it again, and header and claims stay."
        + " Of a generated secret of 128 bits and more, prefix, length and the first eight"
        + " digits of its SHA-256 stay, `ghp_***(40, sha256 1a2b3c4d)`, so that its owner can"
        + " recognise it; of a shorter one the prefix; of a password nothing but `***`, unless"
        + " it is one of those secrets.",
      "The event lists the places in `altered`; beyond 100 of them (max_places) the whole event, \"\"."
        + " A signature in `delivery` is that of the event before. What is turned away goes to the"
        + " quarantine as it came.",
    ],
    settings: [
      SettingManual(
        "only", "names", standard: "all",
        "The shapes that are looked for; those that later versions know are not among them."),
      SettingManual("except", "names", standard: "none", "The shapes that are not."),
    ],
    table: TableManual(
      columns: ["shape", "what is found", "what stays"],
      rows: SecretKind.allCases.map { [$0.rawValue, $0.finds, $0.leaves] },
      notes: [
        "A prefix counts at the beginning of a word (`x-ghp_…` and `key=ghp_…`, not `aghp_…`), with as many"
          + " characters behind it as the vendor gives such secrets. The digest is that of the whole secret:"
          + " `printf %s \"$SECRET\" | sha256sum`; of a private key, that of its base64 without line ends.",
        "Not found: secrets without a shape of their own (the secret access key of AWS"
          + " without its name, keys of Azure, hexadecimal keys, Vault's former `s.` tokens,"
          + " passwords in members, parameters and command lines), ids of keys (`AKIA…`, which"
          + " are no secrets), session tokens of AWS (useless without their key, and CloudTrail"
          + " writes them on purpose), JWE in JSON form, JWS in JSON form without its payload,"
          + " keys of PuTTY and in DER, passwords in URLs that hold `/`, `?`, `#`, a quote or a"
          + " blank, and anything that is encoded in another way (base64 of other secrets,"
          + " hexadecimal, compressed, in parts). For these there is `redact`.",
      ]),
    example: "{ stage: \"strip_tokens\" }", reads: [], writes: ["altered"])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.altered)
    let only = try kinds(settings, "only")
    let except = try kinds(settings, "except")
    if only != nil, except != nil {
      throw settings.error("except", "says nothing where \"only\" lists what is wanted")
    }
    let wanted = only ?? Set(SecretKind.allCases).subtracting(except ?? [])
    guard !wanted.isEmpty else {
      throw settings.error(only == nil ? "except" : "only", "leaves nothing to look for")
    }
    return [.pure(StripStage(plan: SecretPlan(wanted)))]
  }

  private static func kinds(_ settings: Settings, _ key: String) throws -> Set<SecretKind>? {
    guard settings.has(key) else { return nil }
    let known = SecretKind.allCases.map(\.rawValue)
    var kinds: Set<SecretKind> = []
    for name in try settings.strings(key, default: []) {
      guard let kind = SecretKind(rawValue: name) else {
        let hint =
          nearest(name, in: known).map { "did you mean \"\($0)\"?" }
          ?? "there are \(known.joined(separator: ", "))"
        throw settings.error(key, "names a shape that nobody knows, \"\(name)\": \(hint)")
      }
      kinds.insert(kind)
    }
    return kinds
  }
}

private struct StripStage: PureStage, Explaining {
  let plan: SecretPlan

  func process(_ batch: Batch, step: Int) {
    var secrets = SecretText(plan)
    var stripped = ByteBuffer()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      guard secrets.find(in: batch.bytes[batch.records[index].body]) else { continue }
      let event = batch.completeEvent(of: index)
      stripped.removeAll()
      secrets.append(batch.bytes[event], to: &stripped)
      let places = StripStage.places(of: secrets, in: stripped.view)
      // Cutting inside of strings leaves an event an event.
      guard batch.replaceEvent(event, of: index, by: stripped.view) else { continue }
      batch.addAltered(places, to: index)
    }
  }

  /// Pointers, as JSON strings, to where in `text` something was cut.
  private static func places(of secrets: borrowing SecretText, in text: ByteView) -> [[UInt8]] {
    var locator = PlaceLocator(text)
    var places: [[UInt8]] = []
    var moved = 0
    for cut in secrets.cuts {
      let place = locator.place(of: Int(cut.span.start) + moved)
      moved += cut.markCount - Int(cut.span.count)
      if places.last == place { continue }
      guard places.count < PlaceLocator.mostPlaces else {
        places.append(PlaceLocator.wholeEvent)
        break
      }
      places.append(place)
    }
    return places
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    let altered = batch[.altered, index]
    guard batch.records[index].verdict == .keep, !altered.isEmpty else { return [] }
    return ["altered: \(batch.string(altered))"]
  }
}
