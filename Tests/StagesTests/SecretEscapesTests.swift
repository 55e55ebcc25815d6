import Bytes
import JSONText
import Stages
import TestSupport
import Testing
import Trail

/// Whether a secret is found must not depend on which of its characters, or of those around it, are escaped,
/// nor how.
@Suite struct SecretEscapesTests {
  private static let alphanumeric = SecretCase.alphanumeric
  private static let key = SecretCase.text(37, of: alphanumeric, seed: 5) + "+/7"

  /// What stands for the key and its mark in the cases.
  private static func check(_ text: String, _ left: String? = nil) throws {
    let filled = text.replacing("KEY!", with: key)
    let wanted = (left ?? text).replacing("KEY!", with: SecretCase.digestMark(key))
    #expect(try Strip.value(filled) == wanted, "\(filled)")
  }

  @Test(arguments: [
    "AWS_SECRET_ACCESS_KEY%3DKEY!", "aws_secret_access_key%20%3D%20KEY!",
    "%3CSecretAccessKey%3EKEY!%3C/SecretAccessKey%3E",
    // As a form has it.
    "aws_secret_access_key+%3D+KEY!", "x=%22SecretAccessKey%22%3A+%22KEY!%22&y=1",
    "%7B%22SecretAccessKey%22%3A%22KEY!%22%7D",
  ]) func percentsAroundAKey(_ text: String) throws { try SecretEscapesTests.check(text) }

  @Test(arguments: ["%2B", "%2b", "+", #"\u002B"#, #"\\u002b"#]) func signsInAKey(_ plus: String)
    throws
  {
    for slash in ["/", "%2F", #"\/"#, #"\\/"#, #"\u002F"#, #"\\u002f"#, #"\\\/"#, #"\\x2f"#] {
      let written = SecretEscapesTests.key.replacing("+", with: plus).replacing("/", with: slash)
      for name in [
        "AWS_SECRET_ACCESS_KEY=", "AWS_SECRET_ACCESS_KEY%3D", #"{\"SecretAccessKey\":\""#,
      ] {
        let mark = SecretCase.digestMark(SecretEscapesTests.key)
        #expect(try Strip.value(name + written + #"\" x"#) == name + mark + #"\" x"#)
      }
    }
  }

  @Test(arguments: [
    "https:/%2fu:PASS@h/", "https%3a//u:PASS@h/", "https:%2F/u:PASS@h/", "https://u%3APASS@h/",
    "https://u:PASS%40h/", #"https:\\u002f\\u002fu:PASS@h/"#, #"https://u:PASS\\u0040h/"#,
    #"https:\u002f/u:PASS@h/"#, #"https:/\/u:PASS@h/"#, #"https:\\/\\/u:PASS@h/"#,
    #"https\\x3a//u:PASS@h/"#,
  ]) func passwordsOfURLs(_ text: String) throws {
    #expect(
      try Strip.value(text.replacing("PASS", with: "pw" + "-1!"))
        == text.replacing("PASS", with: "***"))
  }

  @Test func everySignOfEveryShape() throws {
    let withSigns = ["xoxd-", "AB" + "SK", "whsec" + "_"]
    for shape in SecretCase.all where withSigns.contains(shape.prefix) {
      for sign in ["+", "/", "="] {
        let secret = shape.secret(shape.lengths.lowerBound - 1) + sign + "a"
        let mark = String(shape.left(of: secret).dropFirst(shape.prefix.utf8.count))
        let hex = Hex.string(Array(sign.utf8))
        for escape in ["%" + hex, "%25" + hex, #"\u00"# + hex, #"\\u00"# + hex.uppercased()] {
          let written = secret.dropLast(2) + escape + "a"
          #expect(try Strip.value(String(written)) == shape.prefix + mark, "\(written)")
        }
      }
    }
    // A prefix with slashes.
    for slash in [#"\/"#, #"\\/"#, "%2F", #"\\u002F"#] {
      let secret = SecretCase.text(50, of: SecretEscapesTests.alphanumeric, seed: 2)
      let prefix = "1//" + "0"
      let written = prefix.replacing("/", with: slash)
      #expect(
        try Strip.value(written + secret) == written + SecretCase.digestMark(prefix + secret))
    }
  }

  /// A secret that is cut in half would be worse than one that is not found: nobody looks again.
  @Test(arguments: [#"\u003d"#, #"\\u003d"#, "%3D", "%3d", "="]) func wholeCredentials(
    _ equals: String
  ) throws {
    for (text, left) in [("dXNlcjpwYT4+Pj4+c2VjcmV0LXRhaWw", "***"), ("dXNlcjpwYXNzd28", "***")] {
      for plus in ["+", #"\\u002B"#, "%2B"] {
        let written = "Basic " + text.replacing("+", with: plus) + equals
        #expect(try Strip.value(written + " x") == "Basic " + left + " x")
      }
    }
  }

  /// As deep as eight levels.
  @Test(arguments: 0...7) func nestedJSON(_ depth: Int) throws {
    func nest(_ text: String) -> String {
      (0..<depth).reduce(text) { text, _ in
        "{\"m\":\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"}"
      }
    }
    let key = #"{"Credentials":{"SecretAccessKey" : "KEY!"}}"#
    let text = nest(key).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    try SecretEscapesTests.check(text)
  }

  @Test(arguments: [
    #"\\x22"#, #"\\x22{\\x22a\\x22:\\x22"#, #"\\x0a"#,
  ]) func escapesOfNginx(_ before: String) throws {
    let shape = try #require(SecretCase.all.first)
    let secret = shape.secret(36)
    #expect(
      try Strip.value(before + secret + #"\\x22"#) == before + shape.left(of: secret) + #"\\x22"#)
  }

  /// A random secret of each shape through a random chain of what writes text into other text.
  @Test func chainsOfEncoders() throws {
    var random = SeededGenerator(seed: 8)
    let bench = Workbench()
    let made = try bench.make(Strip.stage)
    for _ in 0..<1500 {
      let hidden = HiddenSecret(&random)
      let event = "{\"v\":\"" + hidden.text + "\"}"
      let outcome = try bench.run([Event(event)], on: made).outcome(0)
      #expect(outcome != event && !hidden.isThere(in: outcome), "\(hidden.secret): \(event)")
      let again = outcome.replacing(#/,"altered":.*/#, with: "}")
      #expect(try bench.run([Event(again)], on: made).outcome(0) == again, "\(event)")
    }
  }
}
