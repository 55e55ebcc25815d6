internal import Bytes
package import Engine
internal import JSONText
package import Settings
internal import Trail

/// Makes tokens in events useless.
package enum StripTokens: StageDefinition {
  package static let manual = StageManual(
    name: "strip_tokens",
    summary: "Cuts the signatures of tokens, wherever they stand in an event.",
    details: [
      "A token is known by its shape: parts of base64url with dots between them, of which the first is a"
        + " JSON object with a member \"alg\" (a JWT, or any JWS or JWE). It is found in values and names of"
        + " members, inside of longer texts (`Bearer eyJ…`, a URL, JSON in a string), and behind escapes"
        + " (`\\u002e`, `%2E`), also in one another. From the third part on it is cut, so that nobody can use"
        + " it again; header and claims stay.",
      "The event lists the places in `altered`; beyond 100 of them (max_places) the whole event, \"\"."
        + " A signature in `delivery` is that of the event before. What is turned away goes to the"
        + " quarantine as it came.",
    ],
    settings: [], example: "{ stage: \"strip_tokens\" }", reads: [], writes: ["altered"])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.altered)
    return [.pure(StripStage())]
  }
}

private struct StripStage: PureStage, Explaining {
  func process(_ batch: Batch, step: Int) {
    var tokens = TokenText()
    var stripped = ByteBuffer()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      guard tokens.find(in: batch.bytes[batch.records[index].body], isJSON: true) else { continue }
      let event = batch.completeEvent(of: index)
      stripped.removeAll()
      tokens.append(batch.bytes[event], to: &stripped)
      let places = StripStage.places(of: tokens, in: stripped.view)
      // Cutting inside of strings leaves an event an event.
      guard batch.replaceEvent(event, of: index, by: stripped.view) else { continue }
      batch.addAltered(places, to: index)
    }
  }

  /// Pointers, as JSON strings, to where in `text` something was cut.
  private static func places(of tokens: borrowing TokenText, in text: ByteView) -> [[UInt8]] {
    var locator = PlaceLocator(text)
    var places: [[UInt8]] = []
    var removed = 0
    for cut in tokens.cuts {
      let place = locator.place(of: Int(cut.start) - removed)
      removed += Int(cut.count)
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
