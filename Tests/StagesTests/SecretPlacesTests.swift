import Bytes
import Crypto
import JSONText
import Stages
import TestSupport
import Testing
import Trail

/// Secrets that are known by what stands around them.
@Suite struct SecretPlacesTests {
  private static let letters = SecretCase.alphanumeric
  private static let token = StripTokensTests.token
  private static let head = StripTokensTests.head

  private static func text(_ length: Int) -> String {
    SecretCase.text(length, of: letters, seed: 3)
  }

  private static func base64(_ text: String) -> String {
    var buffer = ByteBuffer()
    withBytes(text) { Base64.append(encoding: $0, to: &buffer) }
    return String(decoding: buffer.view, as: UTF8.self)
  }

  // MARK: Passwords

  @Test(arguments: [
    ("postgres://app:PASS@db:5432/x", "postgres://app:***@db:5432/x"),
    ("https://u:<p`>@host/", "https://u:***@host/"),
    ("https://u:p@ss@host/", "https://u:***@host/"),
    ("see (s3://:PASS@x) and http://a:b@c.", "see (s3://:***@x) and http://a:***@c."),
    ("mongodb+srv://u:PASS@h1,h2/x?y", "mongodb+srv://u:***@h1,h2/x?y"),
    (#"https:\/\/u:PASS@h\/x"#, #"https:\/\/u:***@h\/x"#),
    (#"https:\\/\\/u:PASS@h\/x"#, #"https:\\/\\/u:***@h\/x"#),
    (#"https:\\\/\\\/u:PASS@h"#, #"https:\\\/\\\/u:***@h"#),
    (#"{\"url\":\"https://u:PASS@h\"}"#, #"{\"url\":\"https://u:***@h\"}"#),
    (#"https://u:p\u00e9\\x@h"#, "https://u:***@h"), ("https://u:pä%40ß@h", "https://u:***@h"),
    (#"https\u003a//u:PASS@h"#, #"https\u003a//u:***@h"#),
    ("x=https%3A%2F%2Fu%3APASS%40h%2F", "x=https%3A%2F%2Fu%3A***%40h%2F"),
    // No password.
    ("https://host:80/a@b", nil), ("https://user@host:80", nil), ("https://host:80?x=a@b", nil),
    ("https://u:@host", nil), ("https://u:***@host", nil), ("https://u:***(12)@host", nil),
    ("docker://alpine:3.18@sha256:0123", nil), ("https://h:80 a@b", nil),
    (#"https://h:80\na@b"#, nil), ("a://b/c:d@e", nil), ("user:pass@host", nil),
  ]) func passwordsOfURLs(_ text: String, _ left: String?) throws {
    func fill(_ text: String) -> String { text.replacing("PASS", with: "pw" + "-1!") }
    #expect(try Strip.value(fill(text)) == left ?? fill(text))
    #expect(
      try Strip.value(fill(text), "{ stage: 'strip_tokens', except: 'url_password' }") == fill(text)
    )
  }

  @Test func theLongestPasswordOfAURL() throws {
    #expect(
      try Strip.value("https://u:" + SecretPlacesTests.text(1021) + "@h") == "https://u:***@h")
    let longer = "https://u:" + SecretPlacesTests.text(1022) + "@h"
    #expect(try Strip.value(longer) == longer)
  }

  /// A generated secret that is used as a password can be recognised too.
  @Test func secretsAsPasswords() throws {
    let shape = try #require(SecretCase.all.first)
    let secret = shape.secret(36)
    #expect(
      try Strip.value("https://x-access-token:\(secret)@github.com/a/b")
        == "https://x-access-token:\(shape.left(of: secret))@github.com/a/b")
    #expect(try Strip.value("https://u:\(secret)!@h") == "https://u:***@h")
    #expect(try Strip.value("https://\(secret)@h") == "https://\(shape.left(of: secret))@h")
  }

  @Test(arguments: [
    ("user:pass", true), ("a:b", true), ("key:", true), (":x", true), ("üser:pä", true),
    ("no colon here", false), ("user:pass\n", true), ("a\t:b\r\n", true), ("a:\u{1}b", true),
    ("ä:\u{1}b", false),
  ]) func basicAuthentication(_ credentials: String, _ isFound: Bool) throws {
    let encoded = SecretPlacesTests.base64(credentials)
    for (before, after) in [
      ("Basic ", ""), ("Authorization: BASIC ", ", x"), ("basic  ", " "), (#"\nBasic "#, #"\n"#),
      (#"{\"a\":\"Basic "#, #"\"}"#), ("Basic%20", "%20"), ("Basic+", "&x=1"), ("Basic\\t", ""),
      ("Basic\u{A0}", " "), (#"Basic\u00a0"#, ""), ("Basic%C2%A0", ""), (#"Basic\n"#, ""),
    ] {
      let text = before + encoded.replacing("/", with: #"\/"#) + after
      #expect(try Strip.value(text) == (isFound ? before + "***" + after : text), "\(text)")
    }
    let stage = "{ stage: 'strip_tokens', except: ['basic_auth'] }"
    #expect(try Strip.value("Basic " + encoded, stage) == "Basic " + encoded)
  }

  /// What is glued to it, and makes no base64 of it, does not save a password.
  @Test func credentialsWithALetterTooMany() throws {
    let encoded = SecretPlacesTests.base64("user:pass")
    #expect(try Strip.value("Basic " + encoded + "x") == "Basic ***")
    #expect(try Strip.value("Basic " + encoded + encoded + "x y") == "Basic *** y")
  }

  @Test(arguments: [
    "basic plan", "Basic ozone", "Basic authentication", "abasic YTpi", "Basic",
    "Basic YTpi".lowercased(),
  ])
  func basicWords(_ text: String) throws { #expect(try Strip.value(text) == text) }

  // MARK: Keys

  @Test(arguments: ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "PGP "]) func privateKeys(
    _ label: String
  )
    throws
  {
    let lines = [
      SecretPlacesTests.text(64), SecretPlacesTests.text(64), SecretPlacesTests.text(30) + "/+==",
    ]
    let body = lines.joined()
    let mark = SecretCase.digestMark(body)
    let block = label == "PGP " ? " BLOCK" : ""
    let (begin, end) = (
      "-----" + "BEGIN \(label)PRIVATE KEY\(block)-----",
      "-----" + "END \(label)PRIVATE KEY\(block)-----"
    )
    for line in [#"\n"#, #"\r\n"#, #"\\n"#, " ", #"\u000a"#] {
      let text = "x " + begin + line + lines.joined(separator: line) + line + end + line
      #expect(try Strip.value(text) == "x " + begin + mark + end + line)
      #expect(try Strip.value(text, "{ stage: 'strip_tokens', except: 'private_key' }") == text)
      #expect(try Strip.value(text.replacing("PRIVATE", with: "PUBLIC")).contains(lines[0]))
    }
    // A key that is cut off, one after the other, and one in a URL.
    #expect(try Strip.value(begin + #"\n"# + lines[0]) == begin + SecretCase.digestMark(lines[0]))
    let shortest = SecretPlacesTests.text(16)
    #expect(try Strip.value(begin + shortest) == begin + "***")
    #expect(try Strip.value(begin + shortest.dropLast()) == begin + shortest.dropLast())
    let two = begin + body + end + begin + body + end
    #expect(try Strip.value(two) == begin + mark + end + begin + mark + end)
    let form =
      begin.replacing(" ", with: "+") + "%0A"
      + lines.joined(separator: "%0A").replacing("+", with: "%2B")
    #expect(!(try Strip.value(form)).contains(lines[1]))
  }

  @Test(arguments: [
    #"{\"SecretAccessKey\":\"VALUE\"}"#, "aws_secret_access_key = VALUE",
    "AWS_SECRET_ACCESS_KEY=VALUE",
    "--aws-secret-access-key VALUE", #"secretAccessKey: 'VALUE'"#,
    #"aws_secret_access_key=\nVALUE"#,
  ]) func secretAccessKeys(_ text: String) throws {
    for key in [SecretPlacesTests.text(40), SecretPlacesTests.text(38) + "/+"] {
      let written = text.replacing("VALUE", with: key.replacing("/", with: #"\/"#))
      let left = text.replacing("VALUE", with: SecretCase.digestMark(key))
      #expect(try Strip.value(written) == left)
      #expect(try Strip.value(written, "{ stage: 'strip_tokens', except: 'aws' }") == written)
    }
    for length in [39, 41] {
      let other = text.replacing("VALUE", with: SecretPlacesTests.text(length))
      #expect(try Strip.value(other) == other)
    }
  }

  @Test func paseto() throws {
    for version in ["v1.local.", "v2.public.", "v3.local.", "v4.public."] {
      for (length, footer) in [(54, ""), (300, ".Zm9v")] {
        let token = version + SecretPlacesTests.text(length) + footer
        #expect(
          try Strip.value("t=\(token).") == "t=" + version + SecretCase.digestMark(token) + ".")
        #expect(try Strip.value(token, "{ stage: 'strip_tokens', except: 'paseto' }") == token)
      }
      let short = version + SecretPlacesTests.text(53)
      #expect(try Strip.value(short) == short)
    }
    #expect(
      try Strip.value("v5.local." + SecretPlacesTests.text(60)).hasPrefix("v5.local.7") == false)
  }

  // MARK: Tokens

  @Test func tokensInBase64() throws {
    for before in ["", "a", "ab", "Bearer ", "{\"t\":\""] {
      let encoded = SecretPlacesTests.base64(before + SecretPlacesTests.token)
      let left = try Strip.value("x \(encoded) y")
      #expect(left.hasPrefix("x ") && left.hasSuffix(" y"))
      let kept = left.dropFirst(2).dropLast(2)
      #expect(encoded.hasPrefix(kept) && kept.count % 4 == 0)
      let wanted = SecretPlacesTests.base64(before + SecretPlacesTests.head).count
      #expect((wanted - 4...wanted).contains(kept.count))
      #expect(
        try Strip.value(encoded, "{ stage: 'strip_tokens', except: 'jwt_base64' }") == encoded)
    }
    // Header and claims without a signature, and a text that only begins like a header.
    for text in [SecretPlacesTests.head, "{\"a\":1}", #"eyJhbGciOiJIUzI1NiJ9"#] {
      let encoded = SecretPlacesTests.base64(text)
      #expect(try Strip.value(encoded) == encoded)
    }
  }

  private static let header = SecretPlacesTests.base64(#"{"alg":"HS256"}"#).replacing("=", with: "")

  @Test(arguments: [
    #"{"payload":"e30","protected":"HEAD","signature":"SIGN"}"#,
    #"{"signature" : "SIGN", "payload":"e30","header":{"alg":"HS256"}}"#,
    #"{"payload":"e30","signatures":[{"protected":"HEAD","signature":"SIGN"},{"signature":"SIGN"}]}"#,
  ]) func tokensInJSONForm(_ text: String) throws {
    let signature = SecretPlacesTests.text(43)
    let filled = text.replacing("HEAD", with: SecretPlacesTests.header)
    let signed = filled.replacing("SIGN", with: signature)
    let left = filled.replacing("SIGN", with: "")
    // As a part of the event, and as a string of it, however its quotes are escaped.
    let outcome = try Workbench().result(#"{"v":\#(signed)}"#, Strip.stage)
    #expect(outcome.hasPrefix(#"{"v":\#(left),"altered":["/v/signature"#), "\(outcome)")
    for quote in [#"\""#, #"\u0022"#, #"\\\""#] {
      let inString = signed.replacing("\"", with: quote)
      #expect(try Strip.value(inString) == left.replacing("\"", with: quote))
      #expect(
        try Strip.value(inString, "{ stage: 'strip_tokens', except: 'jws_json' }") == inString)
    }
    // Without a payload, or without a header that names an algorithm, it is none.
    for other in [
      signed.replacing("payload", with: "load"),
      signed.replacing(SecretPlacesTests.header, with: "e30").replacing("alg", with: "typ"),
    ] where !other.contains("HS256") || !other.contains("payload") {
      let event = #"{"v":\#(other)}"#
      #expect(try Workbench().result(event, Strip.stage) == event)
    }
  }

  // MARK: All together

  /// Texts made to be read again and again cost what their length costs.
  @Test func isLinear() throws {
    let begin = "-----" + "BEGIN PRIVATE KEY-----"
    for unit in [
      "sk-", "sk-a", "x://", "x://a:", "x://a:b@", "-----", begin, "BEGI", "ZXlK", "V5Sj", "leUp",
      "hbGc", "hbGc.", "glpat-", "ghp_", "xoxb-1", "v4.local.", "Basic ", "Basic YTpi", "ssKe",
      "SecretAccessKey=", #"\""#, #"\\"#, #"\/\/"#, "%2F%2F", "%252F",
      #"\"alg\"\"payload\"\"signature\""#,
      #"\"signature\":\""#, "pypi-AgE-", "hooks.slack.com/services/", "http://u:p@h ",
      "Basic YTpi ",
      "Basic+", "ghp" + "_" + SecretPlacesTests.text(36) + " ", "ya29" + ".c.", "ws_secret_key=",
      begin + "\\n", begin + SecretPlacesTests.text(60) + " ", #"\\u00%3"#,
      SecretPlacesTests.token + " ",
    ] {
      let text = String(repeating: unit, count: 200_000 / unit.utf8.count)
      for close in ["", begin + SecretPlacesTests.text(64)] {
        let event = #"{"v":"\#(text)\#(close)"}"#
        let outcome = try Workbench().result(event, Strip.stage)
        #expect(!outcome.contains(SecretPlacesTests.text(64)))
      }
    }
    let key = SecretPlacesTests.text(300_000)
    #expect(try Strip.value(begin + key) == begin + SecretCase.digestMark(key))
  }

  /// Random events of secrets, parts of them and what is around them: nothing of a secret is left, the event
  /// is JSON, a second run finds nothing, and what was not cut is as it was.
  @Test func leavesNoSecretAndTouchesNothingElse() throws {
    var random = SeededGenerator(seed: 4)
    let bench = Workbench()
    let made = try bench.make(Strip.stage)
    let around = [
      " ", "=", "\\n", "\\\"", "\\\\", "\\u00e9", "%20", "/", ":", "@", ".", "-", "_", "://",
      "Basic ", "a",
      "sk-", "eyJ", "\\u0026", "-----", "é",
    ]
    for _ in 0..<1500 {
      var text = ""
      var secrets: [String] = []
      for _ in 0..<random.next(below: 5) + 1 {
        let shape = random.pick(SecretCase.all)
        let secret = shape.secret(shape.lengths.lowerBound, seed: random.next())
        let isWord = text.last.map { $0.isLetter || $0.isNumber } ?? false
        if random.chance(50), !isWord { secrets.append(secret); text += secret + " " }
        for _ in 0..<random.next(below: 3) { text += random.pick(around) }
        text += random.pick([" ", ":", "\\n", "="])
      }
      let event = #"{"a":1.50,"v":["\#(text)"],"é":1e5}"#
      let outcome = try bench.run([Event(event)], on: made).outcome(0)
      for secret in secrets {
        #expect(!outcome.contains(secret.suffix(20)), "\(event)")
      }
      #expect(
        outcome.hasPrefix(#"{"a":1.50,"v":[""#) && outcome.contains(#"],"é":1e5"#), "\(event)")
      let again = outcome.replacing(#/,"altered":.*/#, with: "}")
      #expect(try bench.run([Event(again)], on: made).outcome(0) == again, "\(event)")
    }
  }
}
