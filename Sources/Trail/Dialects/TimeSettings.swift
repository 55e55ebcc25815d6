package import Bytes
package import Settings

extension Settings {
  /// Reads `time_zone` (`"UTC"`, `"+02:00"`), where events are written whose times name no zone, and
  /// `time_format`, one or several forms of times as for `strptime`.
  package func timeRules() throws(SettingsError) -> TimeRules {
    var rules = TimeRules()
    if var text = try optionalString("time_zone") {
      guard let zone = text.withUTF8({ UTCOffset($0) }) else {
        throw error(
          "time_zone",
          "must be \"UTC\" or an offset such as \"+02:00\": a zone's name does not say which of its"
            + " offsets a time is in")
      }
      rules.zone = zone
    }
    for pattern in try strings("time_format", default: []) {
      let format: TimeFormat
      do { format = try TimeFormat(pattern) } catch {
        throw self.error("time_format", "\(error)")
      }
      guard format.namesZone || rules.zone != nil else {
        throw error(
          "time_format", "has no %z, so its times name no zone: set \"time_zone\" too")
      }
      rules.formats.append(format)
    }
    return rules
  }
}
