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
        + " (`\\u002e`, `%2E`, `+` in forms), also in one another, up to eight times, whichever"
        + " characters are escaped. Of a token with claims"
        + " the signature is cut, so that nobody can use it again, and header and claims stay."
        + " Of a generated secret of 128 bits and more, prefix, length and the first eight"
        + " digits of its SHA-256 stay, `ghp_***(40, sha256 1a2b3c4d)`, so that its owner can"
        + " recognise it; of a shorter one the prefix; of a password nothing but `***`, unless"
        + " it is one of those secrets.",
      "The event lists the places in `altered`; beyond 100 of them (max_places) the whole event, \"\"."
        + " A signature in `delivery` is that of the event before. Names of members that only their"
        + " secrets told apart are numbered: `https://bot:***(1)@host/`, `https://bot:***(2)@host/`.",
      "What stages before this one have added (`attribution`, `delivery`) and the names that the"
        + " summary counts are stripped too, which `altered` does not list; what stages behind it add"
        + " comes from the stripped event and from their tables, which are not looked at. So it can"
        + " stand before or behind `resolve_keys` and `display_actor`; put it behind them if their"
        + " tables may hold secrets. Messages about what was turned away show no secrets either, and"
        + " nothing at their end that begins like one; the quarantine (mode 0600) keeps what came.",
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
          + " `printf %s \"$SECRET\" | sha256sum`, its escapes undone (`%2B` is `+`);"
          + " of a private key, that of its base64 without headers and line ends.",
        "The secret access key of AWS is known by the name before it: `SecretAccessKey`,"
          + " `secret_access_key`, `secret-access-key`, `SECRETACCESSKEY`, `aws_secret_key`,"
          + " `aws-secret-key`, `aws.secretKey`, `awsSecretKey`, `AWSSecretKey`, also in capitals,"
          + " with more before it (`AWS_`, `--`) and, behind a sign or a digit, after it (`_PROD`)."
          + " Between the two there may be quotes, brackets, blanks, line ends, `:`, `=`, `>`, `,`,"
          + " attributes of XML, and one of the words `value`, `default` and `S`: `{\"name\":"
          + " \"AWS_SECRET_ACCESS_KEY\", \"value\": \"…\"}`. Other names do not count: `secret_key`,"
          + " `secretaccesskey`, `Secret access key:`.",
        "From the line that begins a private key everything goes up to the line that ends it,"
          + " whatever a log or a program has put between, if 16 characters of base64 stand side by"
          + " side there. Without that line, as far as lines of base64 go (16 characters with capitals"
          + " and small letters, or 40), with 128 other characters between two at most; prose stays.",
        "Not found: secrets without a shape of their own (the secret access key of AWS"
          + " without its name, keys of Azure, hexadecimal keys, Vault's former `s.` tokens,"
          + " passwords in members, parameters and command lines), ids of keys (`AKIA…`, which"
          + " are no secrets), session tokens of AWS (useless without their key, and CloudTrail"
          + " writes them on purpose), JWE in JSON form, JWS in JSON form without its payload,"
          + " keys of PuTTY and in DER, passwords in URLs that hold `/`, `?`, `#`, a quote or a"
          + " blank, secrets behind a letter or digit (as that of a colour code of a terminal), base64 of a"
          + " token in several lines, and anything that is encoded in another way (base64 of other secrets,"
          + " hexadecimal, quoted-printable, compressed, in parts). For these there is `redact`. Cut"
          + " though it is no password: what stands between colon and `@` in `npm://foo:bar@1.2.3` or"
          + " `http://proxy:3128,user@host`. Secrets that are glued to one another may be cut further by a"
          + " second run.",
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
    let plan = SecretPlan(wanted)
    context.hide(plan)
    return [.pure(StripStage(plan, isBehindAttribution: context.added.contains(.attribution)))]
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
  private let plan: SecretPlan
  /// What stages before this one, and the intake, may have added.
  private let slots: [AddedSlot]

  init(_ plan: SecretPlan, isBehindAttribution: Bool) {
    self.plan = plan
    let attribution = AddedMember.slots + [.keyID, .keyName, .altered]
    slots = [.delivery, .earlierAttribution] + (isBehindAttribution ? attribution : [])
  }

  func process(_ batch: Batch, step: Int) {
    var secrets = SecretText(plan)
    var stripped = ByteBuffer()
    stripAdded(batch, &secrets, &stripped)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      guard secrets.find(in: batch.bytes[batch.records[index].body]) else { continue }
      let event = batch.completeEvent(of: index)
      stripped.removeAll()
      secrets.append(batch.bytes[event], to: &stripped)
      StripStage.keepNamesApart(batch.bytes[event], &secrets, &stripped)
      let places = StripStage.places(of: secrets, in: stripped.view)
      // Cutting inside of strings leaves an event an event.
      guard batch.replaceEvent(event, of: index, by: stripped.view) else { continue }
      batch.addAltered(places, to: index)
    }
  }

  /// Strips what was added to the events, and the names that the summary counts.
  private func stripAdded(
    _ batch: Batch, _ secrets: inout SecretText, _ stripped: inout ByteBuffer
  ) {
    for slot in slots {
      for index in 0..<batch.records.count where !batch[slot, index].isEmpty {
        batch[slot, index] = StripStage.strip(batch[slot, index], batch, &secrets, &stripped)
      }
    }
    let notes = batch.notes.elements
    for index in notes.indices where !notes[index].name.isEmpty {
      notes[index].name = StripStage.strip(notes[index].name, batch, &secrets, &stripped)
    }
  }

  private static func strip(
    _ span: Span32, _ batch: Batch, _ secrets: inout SecretText, _ stripped: inout ByteBuffer
  ) -> Span32 {
    guard secrets.find(in: batch.bytes[span]) else { return span }
    stripped.removeAll()
    secrets.append(batch.bytes[span], to: &stripped)
    let start = batch.bytes.count
    batch.bytes.append(stripped.view)
    return Span32(start, count: stripped.count)
  }

  /// Where what is numbered from here on, names of members stay different that were: the second and the third
  /// are for events in which such names were before.
  private static let firstNumbers = [1, 1_000_000, 1_000_000_000]

  /// Numbers what is left of secrets in names of members if an object would have one name twice.
  private static func keepNamesApart(
    _ event: ByteView, _ secrets: inout SecretText, _ stripped: inout ByteBuffer
  ) {
    for first in firstNumbers {
      guard secrets.hasNames(in: event), hasDuplicates(stripped.view) else { return }
      secrets.numberNames(in: event, from: first)
      stripped.removeAll()
      secrets.append(event, to: &stripped)
    }
  }

  private static func hasDuplicates(_ event: ByteView) -> Bool {
    var field = Field.missing
    return Scanner(PointerSet([])).scan(event, findsDuplicates: true, fields: &field).duplicate
      != nil
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
