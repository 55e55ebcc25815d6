/// What the index says about a part.
struct IndexBlock: Sendable {
  /// The part's number in staging.
  var number: Int
  var members: Int
  var bytes: [UInt8]
}
