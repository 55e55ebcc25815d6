/// The program that wrote a manifest.
package enum Tool {
  package static let name = "trailmill"
  package static let version = "0.1.0"
  /// How a manifest names it: `trailmill 0.1.0`.
  package static let nameAndVersion = "\(name) \(version)"
}
